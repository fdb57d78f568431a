import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import type { KubernetesObject } from './kubernetes-model.ts'

const root = join(import.meta.dirname, '../..')
export const chartPath = join(root, 'charts/steersman')
const TIME_LIMIT_MS = 60_000

/** The objects that Helm makes of the chart with these values over its defaults, by kind; throws with Helm's words where it refuses. */
export function renderChart(values: object = {}): readonly KubernetesObject[] {
  return objectsOf(
    run(
      'helm',
      ['template', 'steersman', chartPath, '--namespace', 'steersman', '--values', '-'],
      JSON.stringify(values),
    ),
  )
}

/** What Helm itself finds wrong with the chart: its output; throws where it fails. */
export const lintChart = (): string => run('helm', ['lint', '--strict', chartPath])

/** The objects that kustomize makes of a directory of the clone. */
export const renderDirectory = (path: string): readonly KubernetesObject[] =>
  objectsOf(run('kubectl', ['kustomize', join(root, path)]))

/** The only object of a kind; throws unless there is exactly one. */
export function only(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const [found, ...more] = objects.filter((each) => each.kind === kind)
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length + (found ? 1 : 0)} objects of ${kind}`)
  return found
}

function run(command: string, parameters: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, {
    input,
    encoding: 'utf8',
    timeout: TIME_LIMIT_MS,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} exited with ${String(status)}: ${stderr}`)
  return stdout
}

const objectsOf = (text: string): readonly KubernetesObject[] =>
  (loadAll(text) as (KubernetesObject | null)[]).filter((each) => each !== null)
