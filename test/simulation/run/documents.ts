import { releaseFiles } from '../../support/machine/release-files.ts'
import type { Pair } from '../aws/shape.ts'
import type { NamedRule } from '../aws/names.ts'
import { SECRET } from '../process/life.ts'
import { outputOf, ROOT_FILE, rootText } from '../terraform/root.ts'
import type { RootShape } from '../terraform/root.ts'
import type { Said, SaidRelease } from './said.ts'
import type { Story } from './story.ts'
import { withWatches } from './watched.ts'

type Files = Record<string, string>

/** The documents of a release, as the developers of this story commit them. */
export function documentsOf(story: Story, pair: Pair, said: SaidRelease): Files {
  const { version, desiredCount, pin } = said
  const [{ port } = { port: 80 }] = pair.names.production
  const files = releaseFiles({
    release: pair.release,
    version,
    port,
    testPort: pair.names.test.port,
    desiredCount,
    bake: story.pace === 'careful' ? '40s' : '8s',
    keepPrevious: '45s',
    deadline: '5m',
    ...(pin === undefined ? {} : { pin: `{rollout: ${pin}, reason: "as it was"}` }),
  }) as Files
  const { launchType = 'FARGATE' } = story
  const written = mapped(files, (text) => text.replaceAll('FARGATE', launchType))
  const named = story.rules === 'named' ? mapped(written, (text) => withNames(text, pair)) : written
  const slow = story.pace === 'careful' ? mapped(named, withSlowGate) : named
  const gated = mapped(slow, (text) => withWatches(text, pair.release, story.watched))
  if (story.infrastructure === 'outputs') return withOutput(gated, pair.release)
  return story.content === 'inline' ? inlined(gated, pair.release) : gated
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

/** A smoke test that takes its time, so that a version is verified for longer than a call to AWS takes. */
const withSlowGate = (text: string): string =>
  text
    .replace('successes: 2', 'successes: 20')
    .replace('interval: 100ms', 'interval: 1s')
    .replace('timeout: 15s', 'timeout: 1m')

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
