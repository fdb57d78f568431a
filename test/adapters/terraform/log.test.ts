import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseVersion } from '../../../controller/adapters/terraform/binary.ts'
import { describeDiagnostic, terraformFailure } from '../../../controller/adapters/terraform/failure.ts'
import { followLines } from '../../../controller/adapters/terraform/follow-lines.ts'
import { createSecretHider } from '../../../controller/adapters/terraform/hide-secrets.ts'
import { parseErrorText, parseLogLine } from '../../../controller/adapters/terraform/log-lines.ts'
import type { Diagnostic } from '../../../controller/adapters/terraform/log-lines.ts'
import { heldLock } from '../../../controller/adapters/terraform/state-lock.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

const diagnostic = (given: Partial<Diagnostic>): Diagnostic => ({
  severity: 'error',
  summary: '',
  detail: '',
  address: '',
  place: '',
  ...given,
})

const LOCK_INFO = (created: string) =>
  [
    'Error message: operation error S3: PutObject, PreconditionFailed',
    'Lock Info:',
    '  ID:        6303f903-3dac-bd99-ce4c-59a6598193e9',
    '  Path:      acme-tfstate/app/prod.tfstate',
    '  Operation: OperationTypeApply',
    '  Who:       ci@runner-7',
    '  Version:   1.11.4',
    `  Created:   ${created}`,
    '  Info:      ',
    '',
    'Terraform acquires a state lock to protect the state.',
  ].join('\n')

describe('A line of Terraform’s log', () => {
  it('tells what happens to an object, and no value of it', () => {
    const line = JSON.stringify({
      '@level': 'info',
      '@message': 'aws_x.a: Creation complete after 3s [id=secret-id]',
      type: 'apply_complete',
      hook: {
        resource: { addr: 'aws_x.a' },
        action: 'create',
        id_key: 'id',
        id_value: 'secret-id',
        elapsed_seconds: 3,
      },
    })
    expect(parseLogLine(line)).toEqual({
      kind: 'event',
      event: { type: 'ResourceCompleted', address: 'aws_x.a', action: 'create', elapsedSeconds: 3 },
    })
  })

  it('tells a diagnostic with its place', () => {
    const line = JSON.stringify({
      type: 'diagnostic',
      diagnostic: {
        severity: 'error',
        summary: 'Unsupported argument',
        detail: 'An argument named "x" is not expected here.',
        range: { filename: 'main.tf', start: { line: 3 } },
        snippet: { code: 'x = "secret"' },
      },
    })
    expect(parseLogLine(line)).toEqual({
      kind: 'diagnostic',
      diagnostic: diagnostic({
        summary: 'Unsupported argument',
        detail: 'An argument named "x" is not expected here.',
        place: 'main.tf:3',
      }),
    })
  })

  it('may be anything else, and is passed over', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ type: 'diagnostic', diagnostic: value })),
        ),
        (line) => {
          const entry = parseLogLine(line)
          expect(entry === undefined || entry.kind === 'diagnostic').toBe(true)
        },
      ),
      { numRuns: propertyRuns(200) },
    )
  })

  it.each([
    [
      'in a frame',
      '╷\n│ Error: Backend changed\n│ \n│ One.\n│ Two.\n╵\n',
      [['Backend changed', 'One. Two.']],
    ],
    ['with colours', '\u001b[31mError: Bad\u001b[0m\n', [['Bad', '']]],
    [
      'several',
      'Error: One\nwhy\nWarning: x\nError: Two\n',
      [
        ['One', 'why'],
        ['Two', ''],
      ],
    ],
    [
      'without a word',
      '\n\nWorkspace "x" doesn\'t exist.\n\nYou can create it.\n',
      [['Workspace "x" doesn\'t exist.', '']],
    ],
    ['empty', '', []],
  ] as const)('on standard error is read %s', (_, text, expected) => {
    expect(parseErrorText(text).map(({ summary, detail }) => [summary, detail])).toEqual(expected)
  })
})

describe('A held lock', () => {
  const summary = 'Error acquiring the state lock'

  it('says whose it is', () => {
    const detail = LOCK_INFO('2026-11-29 01:58:46.318566403 +0000 UTC')
    expect(heldLock([diagnostic({ summary: 'Other' }), diagnostic({ summary, detail })])).toEqual({
      id: '6303f903-3dac-bd99-ce4c-59a6598193e9',
      who: 'ci@runner-7',
      operation: 'OperationTypeApply',
      since: Date.parse('2026-11-29T01:58:46Z'),
      path: 'acme-tfstate/app/prod.tfstate',
    })
  })

  it.each(['yesterday', '2026-13-40 99:99:99 +0000 UTC', '2026-11-29 01:58:46 +0100 CET'])(
    'of time %s is of no known time',
    (created) => {
      expect(heldLock([diagnostic({ summary, detail: LOCK_INFO(created) })])?.since).toBeUndefined()
    },
  )

  it('is none where the backend could not be asked, or something else is wrong', () => {
    expect(heldLock([diagnostic({ summary, detail: 'Error message: AccessDenied' })])).toBeUndefined()
    expect(heldLock([diagnostic({ summary: 'Other', detail: LOCK_INFO('x') })])).toBeUndefined()
    expect(heldLock([diagnostic({ severity: 'warning', summary, detail: LOCK_INFO('x') })])).toBeUndefined()
  })
})

describe('What is told of a failure', () => {
  const redact = (text: string): string => text

  const describeIt = (given: Partial<Diagnostic>): string => describeDiagnostic(diagnostic(given), redact)

  it('is the summary, the place, and a detail only where no resource is concerned', () => {
    const detail = 'password hunter2 is too short'
    expect(describeIt({ summary: 'Bad', detail, address: 'aws_x.a', place: 'main.tf:3' })).toBe(
      'Bad (aws_x.a, main.tf:3)',
    )
    expect(describeIt({ summary: 'Bad\nhunter2', detail: 'a\n  b', place: 'main.tf:3' })).toBe(
      'Bad (main.tf:3): a b',
    )
    expect(describeIt({ summary: 'x'.repeat(1_000) })).toHaveLength(301)
  })

  it('is cut only after secrets were taken out', () => {
    const secret = 'hunter2-planted'
    const hider = createSecretHider(redact)
    hider.hide([secret])
    for (let before = 280; before < 302; before += 1) {
      const text = `${'x'.repeat(before)}${secret}`
      const told = describeDiagnostic(diagnostic({ summary: text, detail: text }), hider.redact)
      expect(told).not.toContain('hunt')
    }
  })

  it('names three errors, and counts the rest', () => {
    const diagnostics = ['a', 'b', 'c', 'd', 'e'].map((summary) => diagnostic({ summary }))
    const error = terraformFailure({ command: 'plan', ended: 'exited', diagnostics, redact })
    expect(error.message).toBe('terraform plan failed: a; b; c, and 2 more')
  })

  it.each([
    ['apply', 'exited', [], { code: 'TerraformApplyFailed', handling: 'stall', ambiguous: true }],
    ['apply', 'timedOut', [], { code: 'TerraformTimedOut', handling: 'retry', ambiguous: true }],
    ['apply', 'notStarted', [], { code: 'TerraformMissing', handling: 'stall', ambiguous: false }],
    [
      'apply',
      'exited',
      ['Saved plan is stale'],
      { code: 'SavedPlanStale', handling: 'retry', ambiguous: false },
    ],
    ...['EntityAlreadyExists: Role with name web already exists.', 'ResourceAlreadyExistsException: x'].map(
      (summary) =>
        [
          'apply',
          'exited',
          [summary],
          { code: 'TerraformApplyFailed', remedy: expect.stringContaining('import block') as string },
        ] as const,
    ),
    ['plan', 'tooLarge', [], { code: 'TerraformTooLarge', handling: 'stall', ambiguous: false }],
    ['plan', 'aborted', [], { code: 'TerraformAborted', handling: 'retry', ambiguous: false }],
    ['init', 'exited', ['x'], { code: 'TerraformInitFailed', handling: 'stall', ambiguous: false }],
  ] as const)('of %s that %s %j is %j', (command, ended, summaries, expected) => {
    const diagnostics = summaries.map((summary) => diagnostic({ summary }))
    expect(terraformFailure({ command, ended, diagnostics, redact })).toMatchObject(expected)
  })

  it('holds no secret that is known, the longest first', () => {
    const hider = createSecretHider((text) => text.replaceAll('outer', '***'))
    hider.hide(['hunter2', 'hunter2-long', 'abc'])
    expect(hider.redact('hunter2-long hunter2 abc outer')).toBe('[redacted] [redacted] abc ***')
  })
})

describe('A version', () => {
  it.each([
    ['terraform', '1.11.4', 'Terraform'],
    ['terraform', '1.5.0', 'Terraform'],
    ['tofu', '1.6.2', 'OpenTofu'],
  ] as const)('of %s %s is supported', (binary, version, product) => {
    expect(parseVersion(binary, JSON.stringify({ terraform_version: version }).replace(':', ': '))).toEqual({
      product,
      version,
    })
  })

  it.each([
    ['terraform', '1.4.9'],
    ['terraform', '0.15.0'],
    ['terraform', '2.0.0'],
    ['tofu', '1.5.7'],
    ['terraform', 'dev'],
    ['terraform', ''],
  ] as const)('of %s %s is not', (binary, version) => {
    expect(() => parseVersion(binary, `{"terraform_version": "${version}"}`)).toThrow(/is not supported/)
  })
})

describe('A growing file', () => {
  it('is read line by line, each once, whenever it is looked at', async () => {
    const file = join(await temporaryDirectory(), 'log')
    const seen: string[] = []
    const follow = followLines((line) => seen.push(line))
    writeFileSync(file, 'one\ntw')
    await follow(file)
    expect(seen).toEqual(['one'])
    appendFileSync(file, 'o\n\nthree ü')
    await Promise.all([follow(file), follow(file)])
    appendFileSync(file, '\n')
    await follow(file)
    expect(seen).toEqual(['one', 'two', '', 'three ü'])
  })

  it('is read on after a line that no log has', async () => {
    const file = join(await temporaryDirectory(), 'log')
    const seen: string[] = []
    const follow = followLines((line) => seen.push(line))
    writeFileSync(file, `one\n${'x'.repeat(700_000)}\ntwo\n`)
    await follow(file)
    expect(seen).toEqual(['one', 'two'])
  })

  it('that is not there is an error, and may come', async () => {
    const file = join(await temporaryDirectory(), 'log')
    const seen: string[] = []
    const follow = followLines((line) => seen.push(line))
    await expect(follow(file)).rejects.toThrow('ENOENT')
    writeFileSync(file, 'one\n')
    await follow(file)
    expect(seen).toEqual(['one'])
  })
})
