import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { canonicalJson, sha256 } from '../../../controller/core/canonical-json.ts'
import { editPin } from '../../../controller/core/edit-release.ts'
import { loadManifests } from '../../../controller/core/manifest.ts'
import type { SourceFile } from '../../../controller/core/manifest.ts'
import { formatDuration, parseDurationMs } from '../../../controller/resources/duration.ts'
import type { Pin } from '../../../controller/resources/types.ts'
import { Choices } from '../support/choices.ts'
import { commitTrees, sourceFile } from '../support/commit-trees.ts'
import { promise } from '../support/finding.ts'
import { HOSTILE_TEXTS } from '../support/hostile-values.ts'
import { mutateStructure } from '../support/mutate-structure.ts'
import { mutateText } from '../support/mutate-text.ts'
import type { FuzzTarget } from '../target.ts'

const OVERLAYS = [
  'metadata: { name: web }\nspec:\n  # how many\n  service: { desiredCount: 6 } # six\n',
  'metadata:\n  name: web\nspec:\n    pin:\n        rollout: 3\n        reason: "old" # why\n    service:\n        desiredCount: 6\n',
  'spec: {}\n',
  'spec:\n',
  '',
  '# nothing yet\n',
  '{ "metadata": { "name": "web" }, "spec": { "service": { "desiredCount": 6 } } }\n',
  '---\nmetadata: { name: api }\nspec: { service: { desiredCount: 4 } }\n---\n# second\nmetadata: { name: web }\nspec:\n  pin: { rollout: 3, reason: x }\n...\n',
]
const WORDS = [
  '\n',
  '# comment\n',
  '  ',
  'pin:',
  ' pin: {}',
  'pin: null\n',
  'spec:',
  'metadata:',
  'name: web',
  '---\n',
  '...\n',
  '"',
  "'",
  '{',
  '}',
  ',',
  '|\n',
  '>-\n',
  '\t',
  '\r\n',
  'h',
  'm',
  's',
  'ms',
  'µs',
  '.',
  '1',
  '0',
]

/** Texts and data that are written and read again: pins in YAML, JSON in canonical form, durations. */
export const roundTrips: FuzzTarget = {
  name: 'round-trips',
  covers: [
    'controller/core/edit-release',
    'controller/core/canonical-json.ts',
    'controller/resources/duration.ts',
  ],
  words: WORDS,
  seeds: [
    ...OVERLAYS.flatMap((_, overlay) => [0, 1, 2].map((pin) => Uint8Array.of(0, overlay, pin))),
    ...['1h30m', '0s', '1.5h', '90m', '1ms', '100000h'].map((text) =>
      Buffer.concat([Uint8Array.of(2), Buffer.from(text)]),
    ),
    Uint8Array.of(1, 3, 4, 5),
  ],
  run(input) {
    const choices = new Choices(input)
    const kind = choices.below(3)
    if (kind === 0) checkPin(choices)
    else if (kind === 1) checkCanonical(choices)
    else checkDuration(Buffer.from(choices.rest()).toString('utf8'))
  },
}

const base = (): SourceFile[] => commitTrees[0]?.filter(({ path }) => !path.includes('/overlays/')) ?? []

function checkPin(choices: Choices): void {
  const example = choices.pick(OVERLAYS)
  const reason = choices.pick(['it burns', 'x: y # "z"', "it's", ...HOSTILE_TEXTS])
  const pin: Pin | null = choices.pick([{ rollout: 41, reason }, { rollout: 1, reason: 'one' }, null])
  const overlay = mutateText(example, choices, { words: WORDS }).toWellFormed()
  const path = 'deploy/overlays/prod/shop.yaml'
  const edit = (text: string, wanted: Pin | null) =>
    editPin({
      files: [...base(), sourceFile(path, text)],
      path: 'deploy',
      environment: 'prod',
      release: 'web',
      pin: wanted,
    })
  const edited = edit(overlay, pin)
  if (!('text' in edited)) {
    promise(edited.message !== '' && edited.line >= 1, 'an issue says something')
    return
  }
  const again = edit(edited.text, pin)
  promise(
    'text' in again && again.text === edited.text,
    () => `the same pin again changes nothing: ${show({ overlay, edited, again })}`,
  )
  checkOthers(overlay, edited.text)
  checkLoaded([...base(), sourceFile(path, overlay)], [...base(), sourceFile(path, edited.text)], pin)
}

/** Every document says what it said before, but for the pin. */
function checkOthers(before: string, after: string): void {
  // The library that compares here does not take a lone carriage return for the end of a line.
  if (/\r(?!\n)/.test(before)) return
  const values = (text: string): unknown[] =>
    parseAllDocuments(text)
      .map((document) => withoutPin(document.toJS()))
      .filter((value) => value !== null)
  const [old, now] = [values(before), values(after)]
  const isKept = old.every((value, index) => isDeepStrictEqual(value, now[index]) || isEmptySpec(value))
  promise(isKept, () => `nothing but the pin changes: ${show({ before, after })}`)
  const comments = (text: string): string[] => text.match(/^\s*#.*$/gm) ?? []
  promise(
    comments(before).length <= comments(after).length || before.includes('pin'),
    () => `comments stay: ${show({ before, after })}`,
  )
}

function withoutPin(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('spec' in value)) return value
  const { spec } = value
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return value
  return { ...value, spec: Object.fromEntries(Object.entries(spec).filter(([name]) => name !== 'pin')) }
}

/** A spec that said nothing is where a pin may come to stand. */
const isEmptySpec = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (!('spec' in value) || typeof value.spec !== 'object' || value.spec === null)

/** What loaded before loads after, with the pin that was asked for. */
function checkLoaded(before: readonly SourceFile[], after: readonly SourceFile[], pin: Pin | null): void {
  const load = (files: readonly SourceFile[]) =>
    loadManifests({ files, path: 'deploy', environment: 'prod', requiredGates: [] })
  if (load(before).issues.length > 0 || pin?.reason === '' || pin?.reason.includes('${') === true) return
  const { releases, issues } = load(after)
  const loaded = releases.find(({ release }) => release.metadata.name === 'web')?.release.spec.pin
  const isLong = (pin?.reason.length ?? 0) > 200
  promise(issues.length === 0 || isLong, () => `a file that loads still does: ${show({ issues, after })}`)
  promise(
    isLong || isDeepStrictEqual(loaded ?? null, pin),
    () => `the pin is the one asked for: ${show({ loaded, pin, after })}`,
  )
}

function checkCanonical(choices: Choices): void {
  const value = mutateStructure({ b: [1, { z: null, a: 'x' }], a: { y: 1.5, x: true }, c: '' }, choices, 8)
  const text = canonicalJson(value)
  promise(canonicalJson(reversed(value)) === text, () => `the order of members does not matter: ${text}`)
  promise(canonicalJson(JSON.parse(text)) === text, () => `what is canonical stays so: ${text}`)
  promise(
    isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(value ?? null))),
    () => `nothing is lost: ${text}`,
  )
  promise(/^sha256:[0-9a-f]{64}$/.test(sha256(value)), 'a digest is one')
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).toReversed()
  return Object.fromEntries(members.map(([key, inner]) => [key, reversed(inner)]))
}

function checkDuration(text: string): void {
  const parsed = parseDurationMs(text)
  if (parsed === undefined) return
  promise(Number.isFinite(parsed) && parsed >= 0, () => `a duration is a time: ${text}`)
  const written = formatDuration(parsed)
  const again = parseDurationMs(written)
  promise(again !== undefined, () => `what is written can be read: ${text} as ${written}`)
  promise(
    Math.abs(again - Math.round(parsed)) <= Math.max(1e-6, parsed * 1e-9),
    () => `${text} is ${parsed} ms, and ${written} is ${again} ms`,
  )
  promise(formatDuration(again) === written, () => `what is written stays so: ${written}`)
}

const show = (values: object): string => JSON.stringify(values)
