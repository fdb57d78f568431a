import { readFileSync } from 'node:fs'
import type { TreeEntry } from '../repository.ts'

const DEMO = new URL('../../../manifests/demo/repository/deploy/', import.meta.url)
const TASK_DEFINITION = readFileSync(new URL('taskdefs/web.json', DEMO), 'utf8')
const RELEASE = readFileSync(new URL('releases/web.yaml', DEMO), 'utf8')

/** How a release of a scenario differs from the demo's. */
export interface ReleaseVariant {
  /** Image tag; left out with `image`. */
  readonly version?: string
  /** The whole `spec.image` instead, as YAML flow. */
  readonly image?: string
  readonly release?: string
  readonly loadBalancer?: string
  readonly port?: number
  readonly testPort?: number
  /** `spec.pin` as YAML flow. */
  readonly pin?: string
  readonly desiredCount?: number
  readonly bake?: string
  readonly keepPrevious?: string
  readonly deadline?: string
  /** More of `spec.strategy`: `type: Linear; by: 50; every: 1s`. */
  readonly strategy?: string
  /** One more gate, before the others, as YAML flow. */
  readonly gate?: string
}

/** The demo's two files with some of their values changed: what a developer of this story would have committed. */
export function releaseFiles(variant: ReleaseVariant): Record<string, TreeEntry> {
  const { release = 'web', version = 'v1', loadBalancer = 'demo', port = 80, testPort = 8081 } = variant
  const changes: [pattern: RegExp, text: string][] = [
    [/name: web$/m, `name: ${release}`],
    [/web-blue/, `${release}-blue`],
    [/web-green/, `${release}-green`],
    [/loadBalancer: demo/, `loadBalancer: ${loadBalancer}`],
    [/port: 80 /, `port: ${port} `],
    [/port: 8081/, `port: ${testPort}`],
    [/tag: v1/, `tag: ${version}`],
    [/desiredCount: 2/, `desiredCount: ${variant.desiredCount ?? 2}`],
    [/bake: 3s/, `bake: ${variant.bake ?? '100ms'}`],
    [/keepPrevious: 5m/, `keepPrevious: ${variant.keepPrevious ?? '5m'}`],
    [/deadline: 2m/, `deadline: ${variant.deadline ?? '2m'}`],
    [/interval: 200ms/, 'interval: 100ms'],
    [/successes: 3/, 'successes: 2'],
  ]
  if (variant.image !== undefined) changes.push([/image:\n(?: {4}.*\n)+/, `image: ${variant.image}\n`])
  if (variant.strategy !== undefined)
    changes.push([/strategy:\n/, `strategy:\n    ${variant.strategy.replaceAll('; ', '\n    ')}\n`])
  if (variant.gate !== undefined) changes.push([/gates:\n/, `gates:\n    - ${variant.gate}\n`])
  if (variant.pin !== undefined) changes.push([/spec:\n/, `spec:\n  pin: ${variant.pin}\n`])
  const container = TASK_DEFINITION.replace('"name": "web"', `"name": "${release}"`)
  return {
    [`deploy/releases/${release}.yaml`]: changes
      .reduce(changed, RELEASE)
      .replaceAll('taskdefs/web', `taskdefs/${release}`),
    [`deploy/taskdefs/${release}.json`]: container,
  }
}

function changed(text: string, [pattern, replacement]: [RegExp, string]): string {
  if (!pattern.test(text)) throw new Error(`the demo's release has no ${String(pattern)} any more`)
  return text.replace(pattern, replacement)
}
