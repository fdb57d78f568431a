import { isUtf8 } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments, stringify } from 'yaml'
import { formatIssue, loadManifests, substituteRelease } from '../../../controller/core/manifest.ts'
import type { Issue, LoadedRelease, SourceFile } from '../../../controller/core/manifest.ts'
import { loadSettings } from '../../../controller/core/manifest/settings.ts'
import {
  validateConfiguration,
  validateEnvironment,
  validateRelease,
} from '../../../controller/resources/validate.ts'
import { Choices } from '../support/choices.ts'
import { commitTrees, settingsFiles, sourceFile } from '../support/commit-trees.ts'
import { HOSTILE_TEXTS } from '../support/hostile-values.ts'
import { mutateStructure } from '../support/mutate-structure.ts'
import { mutateText } from '../support/mutate-text.ts'
import { promise } from '../support/finding.ts'
import type { FuzzTarget } from '../target.ts'

/** In the process's environment, where no placeholder of a manifest may reach. */
const PLANTED = 'planted-in-the-environment'

/** Pieces of YAML that change what the text around them means. */
const YAML_WORDS = [
  'apiVersion: steersman.dev/v1alpha1',
  'kind: Release',
  'metadata: { name: web }',
  'spec:',
  'pin: { rollout: 1, reason: x }',
  '---',
  '...',
  '%YAML 1.2',
  '%TAG ! tag:x,2000:',
  '&a ',
  '*a',
  '<<: *a',
  '!!binary ',
  '!!str ',
  '!!set ',
  '? ',
  ': ',
  '- ',
  '# ',
  '| ',
  '>-\n',
  '|+9\n',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '\\',
  '\\x',
  '"\\ud800"',
  '__proto__: { x: 1 }',
  'constructor: 1',
  '${commit}',
  '${',
  '@',
  '`',
  '"a": 1, "a": 2',
  '{"kind": "Release", ',
  '2026-01-31',
  '1e999',
  '\u0000',
  '\t',
  '\r',
  '\u0085',
  '\u2028',
  '\ufeff',
]

/** What a commit or a config directory says, from text or from the shipped examples with changes made to them. */
export const manifest: FuzzTarget = {
  name: 'manifest',
  covers: ['controller/core/manifest', 'controller/resources'],
  words: YAML_WORDS,
  seeds: [0, 1, 2, 3, 4, 5].flatMap((mode) => [
    Uint8Array.of(mode),
    ...[...commitTrees.flat(), ...settingsFiles].map(({ text }) =>
      Buffer.concat([Uint8Array.of(mode), Buffer.from(text)]),
    ),
  ]),
  run(input) {
    process.env['STEERSMAN_FUZZ_PLANTED'] = PLANTED
    const choices = new Choices(input)
    const mode = choices.below(6)
    if (mode === 4) checkSettings([rawFile('environment.yaml', choices.rest())])
    else if (mode === 5) checkSettings(settingsFiles.map((file) => mutateFile(file, choices)))
    else checkCommit(mode === 3 ? changedCommit(choices) : rawCommit(mode, choices.rest()))
  },
}

function rawFile(path: string, bytes: Uint8Array): SourceFile {
  const validUtf8 = isUtf8(bytes)
  return {
    ...sourceFile(path, validUtf8 ? Buffer.from(bytes).toString('utf8') : ''),
    size: bytes.length,
    validUtf8,
  }
}

/** One file of the examples replaced by the bytes: a release, its overlay, or its task definition. */
function rawCommit(mode: number, bytes: Uint8Array): SourceFile[] {
  const [tree = []] = commitTrees
  const wanted = ['releases/shop.yaml', 'overlays/prod/shop.yaml', 'taskdefs/api.yaml'][mode] ?? ''
  return tree.map((file) => (file.path.endsWith(wanted) ? rawFile(file.path, bytes) : file))
}

function changedCommit(choices: Choices): SourceFile[] {
  const files = choices
    .pick(commitTrees)
    .map((file) => (choices.chance(2) ? mutateFile(file, choices) : file))
  for (let change = 0; change < 2 && choices.chance(4); change += 1) {
    const place = choices.below(files.length)
    const file = files[place]
    if (file !== undefined) files.push(...otherEntries(file, choices))
  }
  return files
}

/** What may lie beside or in the place of a file: links, files under other names, files that are not read. */
function otherEntries(file: SourceFile, choices: Choices): SourceFile[] {
  const name = choices.pick(HOSTILE_TEXTS.filter((text) => text !== '' && !text.includes('\u0000')))
  const folder = file.path.slice(0, file.path.lastIndexOf('/'))
  return choices.pick<() => SourceFile[]>([
    () => [{ ...file, mode: 'symlink', text: '' }],
    () => [{ ...file, mode: 'submodule', text: '' }],
    () => [{ ...file, size: 2_000_000, text: '' }],
    () => [{ ...file, validUtf8: false, text: '' }],
    () => [{ ...file, path: `${folder}/${name}.yaml` }],
    () => [{ ...file, path: file.path.replace(/\.ya?ml$/, '.json') }],
    () => [{ ...file, path: `deploy/overlays/prod/${name}.YML` }],
    () => [{ ...file, path: folder, mode: 'symlink', text: '' }],
    () => Array.from({ length: 501 }, (_, index) => ({ ...file, path: `${folder}/${index}.yaml` })),
  ])()
}

function mutateFile(file: SourceFile, choices: Choices): SourceFile {
  const text = choices.chance(3) ? file.text : rewritten(file.text, choices)
  return sourceFile(file.path, mutateText(text, choices, { words: YAML_WORDS }).toWellFormed())
}

/** The file's documents with their structure changed, written in block style, in flow style or as JSON. */
function rewritten(text: string, choices: Choices): string {
  const documents = parseAllDocuments(text).map((document) => mutateStructure(document.toJS(), choices))
  const style = choices.below(3)
  const write = (value: unknown): string =>
    style === 0
      ? stringify(value ?? null, { aliasDuplicateObjects: false })
      : JSON.stringify(value ?? null, undefined, style - 1)
  return documents.map(write).join('\n---\n')
}

function checkCommit(files: readonly SourceFile[]): void {
  const load = () => loadManifests({ files, path: 'deploy', environment: 'prod', requiredGates: [] })
  const { releases, issues } = load()
  promise(isDeepStrictEqual(load(), { releases, issues }), 'the same commit reads the same')
  checkIssues(issues, files)
  for (const loaded of releases) checkRelease(loaded)
}

function checkRelease(loaded: LoadedRelease): void {
  const values = {
    commit: 'c'.repeat(40),
    imageTag: 'v1',
    environment: 'prod',
    region: 'eu-west-1',
    account: '123456789012',
  }
  const { release, taskDefinitionDocument } = substituteRelease(loaded, values)
  const checked = validateRelease(release)
  promise(checked.ok, () => `a loaded release passes its schema: ${JSON.stringify(checked)}`)
  promise(
    !JSON.stringify([release, taskDefinitionDocument]).includes(PLANTED),
    'nothing comes from the environment',
  )
}

function checkSettings(files: readonly SourceFile[]): void {
  const { environments, configuration, issues } = loadSettings(files)
  const again = loadSettings(files)
  promise(
    isDeepStrictEqual(again.issues, issues) && isDeepStrictEqual(again.environments, environments),
    'the same files read the same',
  )
  checkIssues(issues, files)
  for (const { environment } of environments)
    promise(validateEnvironment(environment).ok, 'a loaded environment passes its schema')
  if (configuration !== undefined)
    promise(validateConfiguration(configuration.configuration).ok, 'a loaded configuration passes its schema')
}

/** Every issue names a place that is there, in words that are safe to print and do not tell of the environment. */
function checkIssues(issues: readonly Issue[], files: readonly SourceFile[]): void {
  promise(issues.length <= 1000, 'at most a thousand issues')
  for (const issue of issues) {
    const said = JSON.stringify(issue)
    const texts = files.filter(({ path }) => path === issue.file).map(({ text }) => text)
    const isFolder = issue.code === 'TooManyFiles' && issue.file === 'deploy/releases/'
    promise(texts.length > 0 || isFolder, () => `the file of an issue is one of the commit's: ${said}`)
    promise(
      isFolder || texts.some((text) => isWithin(text, issue)),
      () => `an issue's place is within the text: ${said}`,
    )
    promise(issue.path === '' || issue.path.startsWith('/'), () => `a path is a JSON pointer: ${said}`)
    promise(issue.message !== '' && issue.code !== '', () => `an issue says something: ${said}`)
    promise(!said.includes(PLANTED), () => `nothing comes from the environment: ${said}`)
    promise(
      !/[\p{Cc}\u2028\u2029]/u.test(formatIssue(issue)),
      () => `an issue's line is safe to print: ${said}`,
    )
  }
}

function isWithin(text: string, { line, column }: Issue): boolean {
  const lines = text.split(/\r\n|\n|\r/)
  const content = lines[line - 1]
  return content !== undefined && column >= 1 && column <= content.length + 1
}
