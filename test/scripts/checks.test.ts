import { describe, expect, it } from 'vitest'
import { judgeDockerfile } from '../../scripts/checks/dockerfile.ts'
import { findImpurities } from '../../scripts/checks/purity.ts'
import { requirementsIn } from '../../scripts/checks/requirements.ts'
import { findReasons, reasonsIn } from '../../scripts/checks/reasons.ts'
import { findSuppressions } from '../../scripts/checks/suppressions.ts'
import { judgeTroubleshooting } from '../../scripts/checks/troubleshooting.ts'

describe('the purity check', () => {
  it.each([
    ['async function f() {}', '`async`'],
    ['const f = async () => 1', '`async`'],
    ['for await (const x of y) f(x)', '`await`'],
    ['const now = Date.now()', '`Date.now`'],
    ['const now = new Date()', '`new Date()`'],
    ['const now = Date()', '`Date()`'],
    ['const x = Math.random()', '`Math.random`'],
    ['const x = process.env', '`process`'],
    ["const x = process['env']", '`process`'],
    ['const { env } = process', '`process`'],
    ['setTimeout(f, 1)', '`setTimeout`'],
    ['const later = setTimeout', '`setTimeout`'],
    ['const x = crypto.randomUUID()', '`crypto`'],
    ['const x = performance.now()', '`performance`'],
    ["const x = import('./x.ts')", '`import()`'],
    ['console.log(1)', '`console`'],
  ])('finds %s', (text, what) => {
    const findings = findImpurities('controller/core/x.ts', `// a line before\n${text}\n`)
    expect(findings.map((finding) => [finding.line, finding.what.split(' in code')[0]])).toContainEqual([
      2,
      what,
    ])
  })

  it.each([
    '// await the process, Date.now() and Math.random() are spoken of only',
    'const at = new Date(1_000).toISOString()',
    'const parsed = Date.parse("2026-01-01")',
    'interface Owner { process: string }',
    'const x = owner.process',
    'const text = "setTimeout(process, async)"',
    'const largest = Math.max(1, 2)',
  ])('lets %s pass', (text) => {
    expect(findImpurities('controller/core/x.ts', text)).toEqual([])
  })
})

describe('the suppression check', () => {
  it.each([
    ['@ts', 'ignore'],
    ['@ts', 'expect-error'],
    ['eslint', 'disable-next-line'],
    ['oxlint', 'disable'],
    ['prettier', 'ignore'],
  ])('finds a comment that says %s-%s', (tool, verb) => {
    expect(findSuppressions('x.ts', `let x\n// ${tool}-${verb}`)).toHaveLength(1)
  })

  it('finds none in plain comments', () => {
    expect(findSuppressions('x.ts', '// prettier than before; ignore the rest')).toEqual([])
  })
})

describe('the Dockerfile check', () => {
  const SOUND = `ARG BASE=node:24.1.0-slim
FROM \${BASE} AS build
COPY package.json ./
FROM \${BASE}
COPY --from=build /build /app
RUN one \\
 && printf 'exec node --few /app/main.js "$@"' > steersman
USER 10001:10001
HEALTHCHECK --interval=5s \\
  CMD ["true"]
ENTRYPOINT ["steersman"]
`
  const judge = (text: string): string[] =>
    judgeDockerfile('Dockerfile', text, {
      exists: (path) => path === 'package.json',
      nodeFlags: ['--few'],
    }).map(({ line, what }) => `${line}: ${what}`)

  it('finds nothing in one that is as it should be', () => {
    expect(judge(SOUND)).toEqual([])
  })

  it.each([
    ['a user by name', ['USER 10001:10001', 'USER steersman'], /^8: the last USER must be a number/u],
    ['root', ['USER 10001:10001', 'USER 0'], /^8: the last USER must be a number/u],
    ['no health check', ['HEALTHCHECK --interval=5s', 'STOPSIGNAL SIGTERM'], /no HEALTHCHECK/u],
    ['a shell as entry point', ['["steersman"]', 'steersman'], /ENTRYPOINT must be a JSON list/u],
    ['a moving tag', ['node:24.1.0-slim', 'node:24-slim'], /not pinned/u],
    ['latest', ['node:24.1.0-slim', 'node:latest'], /not pinned/u],
    [
      'a file that is not there',
      ['COPY package.json', 'COPY absent.json'],
      /^3: absent.json is not in the clone/u,
    ],
    ['a secret in the image', ['USER 10001', 'ENV GIT_TOKEN=x\nUSER 10001'], /a secret in ENV or ARG/u],
    ['one stage', ['FROM ${BASE} AS build\n', ''], /one stage only/u],
    ['a launcher without the flags', ['node --few', 'node'], /^6: Node is started without --few/u],
    ['no launcher', ['exec node --few', 'true'], /^1: Node is started without --few/u],
  ])('finds %s', (_, [from = '', to = ''], expected) => {
    expect(judge(SOUND.replace(from, to)).join('\n')).toMatch(expected)
  })
})

describe('the requirements of tests', () => {
  it.each([
    ["const aws = requires('aws')", ['aws']],
    ["requires(\n  'git',\n  'gpg',\n)", ['git', 'gpg']],
    ["requires('unheard-of')", []],
    ["expect(aws).toBe('git')", []],
  ])('of %j are found', (text, expected) => {
    expect(requirementsIn(text, ['aws', 'git', 'gpg'])).toEqual(expected)
  })
})

describe('the reasons of conditions', () => {
  it.each([
    [`wait({ reason: 'Baking', message: 'x' })`, ['Baking']],
    [`const reason = ready ? 'Serving' : stalled ? 'NotRead' : other`, ['Serving', 'NotRead']],
    [`f({ reason: status.reason ?? 'RolledBack' })`, ['RolledBack']],
    ['f({ reason: `Gate${result}` })', ['Gate…']],
    ['f({ reason: `the tag was moved to ${where}` })', []],
    [`condition('Stalled', true, 'TagMissing', 'x')`, ['TagMissing']],
    [
      `export type StalledReason = 'BranchRewound' | 'SignatureInvalid'`,
      ['BranchRewound', 'SignatureInvalid'],
    ],
    [`f({ kind: 'Stalled', type: 'Ready' })`, []],
  ])('are found in %s', (text, reasons) => {
    expect(reasonsIn('x.ts', text)).toEqual(reasons)
  })

  it('are those of errors of the adapters, too', async () => {
    const reasons = await findReasons(new URL('../..', import.meta.url).pathname)
    expect([...reasons.keys()]).toEqual(
      expect.arrayContaining(['TerraformPlanFailed', 'SavedPlanStale', 'AccessDenied', 'Baking']),
    )
  })

  it('are demanded of the page for users, and the page may have no others', () => {
    const reasons = new Map([
      ['Baking', 'a.ts'],
      ['Gate…', 'b.ts'],
      ['Unsteady', 'c.ts'],
    ])
    const page = ['| reason | means |', '| `Baking`, `Gone` | x |', '| `GateFailed` | x |'].join('\n')
    expect(
      judgeTroubleshooting(reasons, page).map(({ file, line, what }) => `${file}:${line} ${what}`),
    ).toEqual([
      'c.ts:1 the reason Unsteady has no row in docs/guide/troubleshooting.md',
      'docs/guide/troubleshooting.md:2 no code gives the reason Gone',
    ])
  })
})
