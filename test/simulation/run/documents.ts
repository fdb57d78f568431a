import { IGNORED, NAMED_SETTINGS } from './named-settings.ts'
import { schedulesOf } from '../aws/schedules.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import { ADOPTED_IMAGE, adoptedRevision } from '../aws/adopted.ts'
import type { Pair } from '../aws/shape.ts'
import { APPROVERS, PUSHER } from './people.ts'
import type { NamedRule } from '../aws/names.ts'
import { SECRET } from '../process/machine.ts'
import { outputOf, ROOT_FILE, rootText } from '../terraform/root.ts'
import type { RootShape } from '../terraform/root.ts'
import type { Said, SaidRelease } from './said.ts'
import { isDoubted } from '../scenarios/version.ts'
import type { Story } from './story.ts'
import { withOutsideGates } from './outside-gates.ts'
import { withWatches } from './watched.ts'

type Files = Record<string, string>

/** The documents of a release, as the developers of this story commit them. */
export function documentsOf(story: Story, pair: Pair, said: SaidRelease): Files {
  const { version, desiredCount, pin } = said
  const [{ port } = { port: 80 }] = pair.names.production
  const files = releaseFiles({
    release: pair.release,
    version,
    loadBalancer: pair.loadBalancer,
    port,
    testPort: pair.names.test.port,
    desiredCount,
    bake: story.pace === 'careful' ? '40s' : '8s',
    keepPrevious: '45s',
    deadline: story.gates === 'outside' ? '15m' : '5m',
    ...(pin === undefined ? {} : { pin: `{rollout: ${pin}, reason: "as it was"}` }),
  }) as Files
  const { launchType = 'FARGATE' } = story
  const written = mapped(files, (text) => text.replaceAll('FARGATE', launchType))
  const ruled = story.rules === 'named' ? mapped(written, (text) => withNames(text, pair)) : written
  const asked = story.gates === 'people' ? mapped(ruled, (text) => withEveryGate(text, version)) : ruled
  const migrated = story.gates === 'task' ? mapped(asked, withMigration) : asked
  const outside = story.gates === 'outside' ? mapped(migrated, withOutsideGates) : migrated
  const slow = story.pace === 'careful' ? mapped(outside, withSlowGate) : outside
  const gated = mapped(slow, (text) => withWatches(text, pair.release, story.watched))
  const stepped = mapped(gated, (text) => withRelations(withStrategy(text, story), story, pair.release))
  const adopted = story.adopted === true ? mapped(stepped, (text) => withAdopted(text, pair)) : stepped
  const scaled = story.scaling === undefined ? adopted : mapped(adopted, withoutCount)
  const timed =
    story.schedules === undefined ? scaled : mapped(scaled, (text) => withSchedules(text, pair.release))
  const named = story.settings === undefined ? timed : mapped(timed, withSettings)
  if (story.infrastructure === 'outputs') return withOutput(named, pair.release)
  if (story.content === 'sidecars') return withSidecar(named, pair.release)
  return story.content === 'inline' ? inlined(named, pair.release) : named
}

const withSettings = (text: string): string =>
  text
    .replace(/^ {4}settings:\n(?: {6}.*\n)+/m, `    settings: ${JSON.stringify(NAMED_SETTINGS)}\n`)
    .replace('spec:\n', `spec:\n  ignore: ${JSON.stringify(IGNORED)}\n`)

const withSchedules = (text: string, release: string): string =>
  text.replace(/^ {2}strategy:/m, `  schedules: ${JSON.stringify(schedulesOf(release))}\n  strategy:`)

const withoutCount = (text: string): string => text.replace(/^ {4}desiredCount: .*\n/m, '')

/** A proxy beside the container, with an image of the same version. */
function withSidecar(files: Files, release: string): Files {
  const path = `deploy/taskdefs/${release}.json`
  const document = JSON.parse(files[path] ?? '{}') as { readonly containerDefinitions: readonly object[] }
  const proxy = { name: 'proxy', essential: false }
  const images = (text: string): string =>
    text.replace(
      /^ {2}image:\n((?: {4}.*\n)+)/m,
      (_, image: string) =>
        `  images:\n${['proxy', release].map((name) => `    ${name}:\n${image.replaceAll(/^/gm, '  ').trimEnd()}\n`).join('')}`,
    )
  return {
    ...mapped(files, images),
    [path]: JSON.stringify({ ...document, containerDefinitions: [...document.containerDefinitions, proxy] }),
  }
}

/** The root as the commit has it; nothing where the story has none. */
export function rootFiles({ infrastructure, releases }: Story, { root, releases: said }: Said): Files {
  if (infrastructure === undefined || root === undefined) return {}
  return { [ROOT_FILE]: rootText(root, rootShape({ infrastructure, releases }, said)) }
}

/** What the root has for the releases that a commit has. */
export const rootShape = (
  { infrastructure, releases }: Pick<Story, 'infrastructure' | 'releases'>,
  said: Said['releases'],
): RootShape => ({
  listeners: releases,
  registered: infrastructure === 'outputs' ? [...said.keys()].toSorted() : [],
})

/** As `steersman adopt` wrote it, and nobody took away. */
const withAdopted = (text: string, pair: Pair): string =>
  text.replace(
    /^spec:\n/m,
    `spec:\n  adopted: { taskDefinition: '${adoptedRevision(pair)}', image: '${ADOPTED_IMAGE}' }\n`,
  )

/** Terraform registers the task definition. */
function withOutput(files: Files, release: string): Files {
  const { [`deploy/taskdefs/${release}.json`]: _own, ...rest } = files
  return mapped(rest, (text) =>
    text.replace(/taskDefinition:\n {4}file: .*\n/, `taskDefinition: { terraform: ${outputOf(release)} }\n`),
  )
}

const mapped = (files: Files, change: (text: string) => string): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text)]))

const withNames = (text: string, { names: { production, test } }: Pair): string =>
  text
    .replace(/rule: \{ port: \d+ \}/, `rules: [${production.map(flow).join(', ')}]`)
    .replace(/test: \{ port: \d+ \}/, `test: ${flow(test)}`)

const flow = (rule: NamedRule): string => JSON.stringify(rule)

const STRATEGIES: Readonly<Record<NonNullable<Story['strategy']>, string>> = {
  rolling: 'type: Rolling',
  native: 'type: BlueGreen',
  'code-deploy': 'type: BlueGreen',
  canary: 'type: Canary\n    steps: [{ weight: 10, for: 20s }, { weight: 50, for: 30s }]',
  linear: 'type: Linear\n    by: 30\n    every: 10s',
}

/** A gate that asks as users do while a step is held. */
const SHIFT_GATE = `  gates:
    - name: errors
      when: Shift
      http: { path: /, successes: 3, interval: 2s }
      timeout: 1m
`

const withStrategy = (text: string, { strategy, supersede }: Story): string =>
  strategy === undefined
    ? text
    : text
        .replace(
          '  strategy:\n',
          `  strategy:\n    ${STRATEGIES[strategy]}\n${supersede === undefined ? '' : `    supersede: ${supersede}\n`}`,
        )
        .replace('  gates:\n', SHIFT_GATE)

/** What the release waits for, or moves with. */
function withRelations(text: string, { relations, releases }: Story, release: string): string {
  const before = releases[releases.indexOf(release) - 1]
  if (relations === 'together') return text.replace('spec:\n', 'spec:\n  group: {name: shop, atomic: true}\n')
  if (relations === undefined || before === undefined) return text
  return text.replace('spec:\n', `spec:\n  dependsOn: [{name: ${before}}]\n`)
}

/** A smoke test that takes its time, so that a version is verified for longer than a call to AWS takes. */
const withSlowGate = (text: string): string =>
  text
    .replace('successes: 2', 'successes: 20')
    .replace('interval: 100ms', 'interval: 1s')
    .replace('timeout: 15s', 'timeout: 1m')

/** Gates at every stage beside the smoke test; people decide at some of them, and wherever one halts the rollout. */
function withEveryGate(text: string, version: string): string {
  const http = isDoubted(version) ? '{path: /, expect: {status: 418}}' : '{path: /}'
  const gates = [
    '{name: start, when: BeforeProvision, manual: {}, timeout: 1m, onFailure: Ignore}',
    `{name: last-look, when: BeforeShift, http: ${http}, timeout: 10s, onFailure: Hold}`,
    `{name: sign-off, manual: {approvers: [${[...APPROVERS, PUSHER].join(', ')}]}, timeout: 8m}`,
    '{name: keep, when: Bake, manual: {}, timeout: 1m, onFailure: Ignore}',
    `{name: watch, when: Bake, http: ${http}, timeout: 10s, onFailure: Hold}`,
    '{name: audit, when: AfterSuccess, http: {path: /}, timeout: 10s, onFailure: Ignore}',
    '{name: undo, when: BeforeRollback, manual: {}, timeout: 40s}',
  ]
  return text.replace(/^  gates:\n/m, `  gates:\n${gates.map((gate) => `    - ${gate}\n`).join('')}`)
}

/** A migration that runs before anything of the version is there, and that no way back undoes. */
const withMigration = (text: string): string =>
  text.replace(
    /^  gates:\n/m,
    '  gates:\n    - {name: migrate, task: {command: [npm, run, migrate], irreversible: true}, timeout: 1m}\n',
  )

/** The content is in the Release itself, with a secret in a variable, as people do it in spite of every warning. */
function inlined(files: Files, release: string): Files {
  const path = `deploy/taskdefs/${release}.json`
  const { [path]: content = '{}', ...rest } = files
  const document = JSON.parse(content) as { readonly containerDefinitions: readonly object[] }
  const containerDefinitions = document.containerDefinitions.map((container) => ({
    ...container,
    environment: [{ name: 'API_TOKEN', value: SECRET }],
  }))
  const inline = JSON.stringify({ ...document, containerDefinitions })
  return mapped(rest, (text) => text.replace(/file: taskdefs\/.*/, `inline: ${inline}`))
}
