import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadManifests } from '../../../controller/core/manifest.ts'
import { plainScalar } from '../../../controller/core/manifest/scalar.ts'
import { loadSettings } from '../../../controller/core/manifest/settings.ts'
import { findUnknownPlaceholders, substitute } from '../../../controller/core/manifest/substitute.ts'
import { TASK_DEFINITION, WEB, commit, file, load } from './files.ts'
import { anyText as anyCharacters } from '../../support/any-text.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const WEB_PATH = 'deploy/releases/web.yaml'

/** Pieces of text that looks enough like YAML to get past the first line of a parser. */
const FRAGMENTS = [
  'a|spec|kind: Release|metadata|: |- |? |\n|  |\t|[|]|{|}|,|"|\''.split('|'),
  '&a ~*a~!!str ~<<: ~|~>~---\n~...\n~%YAML 1.2\n~#~__proto__~${~0o7~.nan'.split('~'),
  ['\u0000', '\ufeff', '\r', '\u2028', '\ud800', 'null', '~'],
].flat()

const yamlLike = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((parts) => parts.join(''))

const anyText = fc.oneof(anyCharacters({ maxLength: 200 }), yamlLike)

describe('hostile input', () => {
  it('never makes loading throw, and every issue has a place in a file', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (release, overlay, taskDefinition) => {
        const files = [
          file(WEB_PATH, release),
          file('deploy/overlays/demo/web.yaml', overlay),
          file('deploy/taskdefs/web.json', taskDefinition),
          file('deploy/releases/good.yaml', WEB),
        ]
        const { issues } = loadManifests({ files, path: 'deploy', environment: 'demo', requiredGates: [] })
        for (const issue of issues) {
          expect(files.map(({ path }) => path)).toContain(issue.file)
          expect(issue.line).toBeGreaterThan(0)
          expect(issue.column).toBeGreaterThan(0)
          expect(issue.message).toMatch(/; expected /)
        }
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('never makes loading of a changed release throw', () => {
    fc.assert(
      fc.property(fc.nat(WEB.length), fc.nat(30), yamlLike, (start, length, text) => {
        const changed = WEB.slice(0, start) + text + WEB.slice(start + length)
        const { issues, releases } = load(commit(file(WEB_PATH, changed)))
        expect(issues.length === 0 || releases.length === 0).toBe(true)
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('takes any JSON in the place of a release', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (spec) => {
        const document = {
          apiVersion: 'steersman.dev/v1alpha1',
          kind: 'Release',
          metadata: { name: 'web' },
          spec,
        }
        const { releases } = load(commit(file(WEB_PATH, JSON.stringify(document))))
        expect(releases).toEqual([])
      }),
    )
  })

  it('never makes the config directory throw', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(loadSettings([file('environment.yaml', text)]).environments).toEqual([])
      }),
    )
  })

  it.each([
    ['brackets', '['.repeat(2 ** 19)],
    ['anchors', '&a '.repeat(2 ** 18)],
    ['aliases', `a: &a x\nb:\n${'  - *a\n'.repeat(2 ** 16)}`],
    ['fields', 'a: 1\n'.repeat(2 ** 16)],
    ['long keys around many values', `${'k'.repeat(2 ** 18)}:\n  b: [${'x: 1,'.repeat(1).repeat(2 ** 15)}]`],
    ['placeholders', `a: "${'${x'.repeat(2 ** 17)}"`],
    ['dollars', `a: "${'$'.repeat(2 ** 19)}"`],
  ])('ends for a file full of %s', (_, text) => {
    const { issues } = load([file('deploy/releases/bomb.yaml', text)])
    expect(issues.length).toBeGreaterThan(0)
    expect(issues.length).toBeLessThanOrEqual(101)
  })

  it('tells a billion laughs in one line each', () => {
    const bomb = 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n'
    const { issues } = load([file('deploy/releases/bomb.yaml', bomb)])
    expect(issues.filter((issue) => issue.includes('aliases'))).toHaveLength(4)
  })

  it('tells an alias inside a key of several parts only as such a key', () => {
    const { issues } = load([file('deploy/releases/key.yaml', 'kind: Release\n? { a: *x }\n: 1\n')])
    expect(issues.filter((issue) => issue.includes('field name'))).toHaveLength(1)
    expect(issues.filter((issue) => issue.includes('aliases'))).toHaveLength(0)
  })

  it('takes tags on collections for what they are', () => {
    const { issues } = load([file('deploy/releases/tag.yaml', '!!map\nkind: Release\nspec: !!seq [1]\n')])
    expect(issues.filter((issue) => issue.includes('YAML tags'))).toHaveLength(2)
  })

  it('tells at most a hundred things about the writing of one file', () => {
    const { issues } = load([file('deploy/releases/a.yaml', `kind: Release\na:\n${'  - *a\n'.repeat(300)}`)])
    expect(issues.filter((issue) => issue.includes('aliases'))).toHaveLength(100)
  })

  it('cuts long names in messages', () => {
    const long = 'k'.repeat(300)
    const { issues } = load([file('deploy/releases/a.yaml', `kind: ${long}\n${long}: 1\n${long}: 2\n`)])
    expect(issues.every((issue) => issue.length < 600)).toBe(true)
    const name = `kind: Release\nmetadata: { name: ${long} }\n`
    const twice = load([file('deploy/releases/a.yaml', name), file('deploy/releases/b.yaml', name)]).issues
    expect(twice.filter((issue) => issue.includes('also taken'))).toHaveLength(2)
  })

  it('does not follow a cycle', () => {
    expect(load([file('deploy/releases/cycle.yaml', 'a: &a { b: *a }\n')]).issues.join('\n')).toContain(
      'aliases',
    )
  })

  it('keeps a release that gives nothing but names', () => {
    const { issues } = load(commit(file(WEB_PATH, WEB), file('deploy/taskdefs/web.json', TASK_DEFINITION)))
    expect(issues).toEqual([])
  })
})

describe('plainScalar', () => {
  it.each<[string, unknown]>([
    ['no', 'no'],
    ['yes', 'yes'],
    ['on', 'on'],
    ['true', true],
    ['FALSE', false],
    ['', null],
    ['~', null],
    ['0o17', 15],
    ['017', 17],
    ['0x1f', 31],
    ['1_000', '1_000'],
    ['1:30', '1:30'],
    ['-.5e3', -500],
    ['1.10', 1.1],
    ['-.inf', -Infinity],
    ['.INF', Infinity],
    ['.nan', Number.NaN],
    ['2026-01-31', '2026-01-31'],
  ])('reads %j as YAML 1.2 does', (text, expected) => {
    expect(plainScalar(text)).toBe(expected)
  })
})

describe('substitute', () => {
  const values = { commit: 'a', imageTag: 'b', environment: 'c', region: 'd', account: 'e' }

  it('never throws, and leaves nothing to say where nothing was found', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('$', '{', '}', '${', 'commit', '${commit}', 'x')), (parts) => {
        const text = parts.join('')
        const result = substitute({ text }, values).text
        expect(typeof result).toBe('string')
        if (!text.includes('${')) expect(result).toBe(text)
        if (findUnknownPlaceholders(text, '', () => undefined).length === 0) {
          expect(result.replaceAll('${', '')).not.toMatch(/^\$\{commit\}$/)
        }
      }),
    )
  })

  it('does not look at what it has put in', () => {
    expect(substitute('${commit}', { ...values, commit: '${account}' })).toBe('${account}')
  })

  it('cuts a long placeholder in the message', () => {
    const [problem] = findUnknownPlaceholders([{ a: `\${${'x'.repeat(99)}}` }], '', () => undefined)
    expect(problem?.path).toBe('/0/a')
    expect(problem?.message).toContain('x... is no placeholder')
  })

  it('says so where no placeholder may stand', () => {
    const allowed = () => ({ names: [], because: 'it is fixed' })
    expect(findUnknownPlaceholders('${commit}', '', allowed)[0]?.message).toBe(
      "${commit} can't stand here: it is fixed; expected no placeholder",
    )
  })
})
