import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findBinary } from '../../../controller/adapters/terraform/binary.ts'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import type { TerraformEvent } from '../../../controller/ports/terraform.ts'
import { environmentOf } from '../../core/infrastructure/plans.ts'
import { eventually } from '../../support/eventually.ts'
import { portError } from '../../support/git-source.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import { requestFor, terraformWorld } from './world.ts'

const found = requires('terraform')

const ROOT = `
variable "key" {
  type      = string
  sensitive = true
}
variable "size" {
  type    = number
  default = 1
}
resource "terraform_data" "web" {
  input            = { key = var.key, size = var.size }
  triggers_replace = var.size > 2
}
output "size" { value = var.size }
output "key" {
  value     = var.key
  sensitive = true
}
`
const KEY = 'hunter2-planted'
const LOOK = { isRefreshOnly: false, lockTimeoutMs: undefined }
const LOCKED = { isRefreshOnly: false, lockTimeoutMs: 0 }

describe.skipIf(found.missing !== undefined)(found.title('The real Terraform'), { timeout: 90_000 }, () => {
  it('says its version', async () => {
    const { terraform } = await terraformWorld()
    expect(await terraform.version()).toMatchObject({
      product: 'Terraform',
      version: expect.stringMatching(/^1\./) as unknown,
    })
  })

  it('plans, applies exactly that plan, gives outputs that are not sensitive, and then plans nothing', async () => {
    const { open } = await terraformWorld()
    const events: TerraformEvent[] = []
    const session = await open(ROOT, { variables: { key: KEY }, onEvent: (event) => events.push(event) })
    const planned = await session.plan(LOCKED)
    expect(planned).toMatchObject({ result: 'Planned', hasChanges: true })
    if (planned.result !== 'Planned') return
    expect(judgePlan(planned.json, environmentOf())).toMatchObject({
      verdict: 'Safe',
      summary: {
        add: 1,
        outputs: ['key', 'size'],
        resources: [{ address: 'terraform_data.web', action: 'add' }],
      },
    })
    expect(await session.outputs()).toEqual({})
    expect(await session.apply({ digest: planned.digest, lockTimeoutMs: 0 })).toEqual({ result: 'Applied' })
    expect(await session.outputs()).toEqual({ size: 1 })
    expect(events.map(({ type }) => type)).toEqual(['ResourceStarted', 'ResourceCompleted'])
    expect(JSON.stringify(events)).not.toContain(KEY)
    const again = await session.plan(LOOK)
    expect(again).toMatchObject({ result: 'Planned', hasChanges: false })
    const judgement = again.result === 'Planned' ? judgePlan(again.json, environmentOf()) : undefined
    expect(judgement).toMatchObject({ verdict: 'Safe', summary: { hasChanges: false } })
  })

  it('writes plans that are judged by what they do, without a secret in what is told', async () => {
    const { open } = await terraformWorld()
    const first = await open(ROOT, { variables: { key: KEY } })
    const made = await first.plan(LOCKED)
    if (made.result === 'Planned') await first.apply({ digest: made.digest, lockTimeoutMs: 0 })
    await first.close()
    const expected = [
      [ROOT, { key: KEY, size: 2 }, 'Safe', 'change', ['input', 'output']],
      [ROOT, { key: KEY, size: 3 }, 'Destructive', 'replace', ['triggers_replace']],
      ['', {}, 'Destructive', 'destroy', []],
      [
        'removed {\n  from = terraform_data.web\n  lifecycle {\n    destroy = false\n  }\n}',
        {},
        'Destructive',
        'forget',
        [],
      ],
    ] as const
    for (const [main, variables, verdict, action, attributes] of expected) {
      const session = await open(main, { variables })
      const planned = await session.plan(LOOK)
      const judgement = planned.result === 'Planned' ? judgePlan(planned.json, environmentOf()) : undefined
      expect(judgement).toMatchObject({ verdict, summary: { resources: [{ action, attributes }] } })
      expect(JSON.stringify(planned)).toContain(KEY)
      expect(JSON.stringify(judgement)).not.toContain(KEY)
      await session.close()
    }
  })

  it('does not apply a plan that is not the one that was judged, nor one twice', async () => {
    const { open, directory } = await terraformWorld()
    const session = await open(ROOT, { variables: { key: KEY } })
    const planned = await session.plan(LOCKED)
    if (planned.result !== 'Planned') throw new Error('not planned')
    const other = await portError(session.apply({ digest: 'sha256:0', lockTimeoutMs: 0 }))
    expect(other.code).toBe('SavedPlanStale')
    await session.apply({ digest: planned.digest, lockTimeoutMs: 0 })
    const again = await portError(session.apply({ digest: planned.digest, lockTimeoutMs: 0 }))
    expect(again).toMatchObject({ code: 'SavedPlanStale', handling: 'retry' })
    expect(readdirSync(directory)).toHaveLength(1)
  })

  it('finds a saved plan stale when somebody else applied in between', async () => {
    const { open } = await terraformWorld()
    const [one, other] = [
      await open(ROOT, { variables: { key: KEY } }),
      await open(ROOT, { variables: { key: KEY } }),
    ]
    const [mine, theirs] = [await one.plan(LOCKED), await other.plan(LOCKED)]
    if (mine.result !== 'Planned' || theirs.result !== 'Planned') throw new Error('not planned')
    await other.apply({ digest: theirs.digest, lockTimeoutMs: 0 })
    const failure = await portError(one.apply({ digest: mine.digest, lockTimeoutMs: 0 }))
    expect(failure).toMatchObject({ code: 'SavedPlanStale', handling: 'retry', ambiguous: false })
  })

  it('says who holds the lock, since when and for what', async () => {
    const { open, stateFile } = await terraformWorld()
    const holder = await temporaryDirectory('steersman-holder')
    writeFileSync(
      join(holder, 'main.tf'),
      requestFor('resource "terraform_data" "x" {}', stateFile).files[0]?.text ?? '',
    )
    const environment = { PATH: process.env['PATH'], HOME: holder, CHECKPOINT_DISABLE: '1' }
    const program = await findBinary('terraform', process.env['PATH'] ?? '')
    const start = (...args: string[]) =>
      spawn(program, args, { cwd: holder, env: environment, stdio: ['pipe', 'ignore', 'ignore'] })
    await once(start('init', `-backend-config=path=${stateFile}`), 'exit')
    const applying = start('apply')
    const lockFile = stateFile.replace(/([^/]+)$/, '.$1.lock.info')
    await eventually(
      () => existsSync(lockFile),
      (isThere) => isThere,
      { what: 'the lock of the other Terraform' },
    )
    // A bucket would show everybody who holds the lock; a file has to be opened.
    chmodSync(lockFile, 0o644)
    const before = Date.now()
    const session = await open('')
    const planned = await session.plan(LOCKED)
    expect(planned).toMatchObject({
      result: 'StateLocked',
      lock: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        who: expect.stringContaining('@') as unknown,
        operation: 'OperationTypeApply',
        path: stateFile,
      },
    })
    const since = planned.result === 'StateLocked' ? (planned.lock.since ?? 0) : 0
    expect(Math.abs(before - since)).toBeLessThan(60_000)
    expect(await session.plan(LOOK)).toMatchObject({ result: 'Planned' })
    applying.stdin.end('no\n')
    await once(applying, 'exit')
    expect(await session.plan(LOCKED)).toMatchObject({ result: 'Planned' })
  })

  it('opens no more roots at once than it may, and goes on when one is closed', async () => {
    const { open } = await terraformWorld({ concurrency: 1 })
    const first = await open('')
    let isOpen = false
    const second = open('').then((session) => {
      isOpen = true
      return session
    })
    await first.plan(LOOK)
    expect(isOpen).toBe(false)
    await first.close()
    expect(await (await second).plan(LOOK)).toMatchObject({ result: 'Planned' })
  })

  it('makes a workspace only where it may', async () => {
    const { open } = await terraformWorld()
    const backendConfig = {}
    const failure = await portError(open('', { backendConfig, workspace: { name: 'prod', create: false } }))
    expect(failure).toMatchObject({ code: 'WorkspaceMissing', handling: 'stall' })
    expect(failure.message).toContain(`Workspace "prod" doesn't exist`)
    const session = await open('output "w" {\n  value = terraform.workspace\n}', {
      backendConfig,
      workspace: { name: 'prod', create: true },
    })
    const planned = await session.plan(LOCKED)
    const json = planned.result === 'Planned' ? planned.json : undefined
    expect(json).toMatchObject({ output_changes: { w: { after: 'prod' } } })
  })

  it.each([
    ['a variable file that is not there', { varFiles: ['none.tfvars'] }, 'TerraformPlanFailed'],
    ['a path that leaves the tree', { files: [{ path: '../x', text: '' }] }, 'TerraformInvalid'],
    ['an absolute path', { files: [{ path: '/tmp/x', text: '' }] }, 'TerraformInvalid'],
    ['a root that leaves the tree', { root: 'infra/../../x' }, 'TerraformInvalid'],
  ] as const)('with %s fails, and leaves nothing behind', async (_, more, code) => {
    const { open, directory } = await terraformWorld()
    const tried = open('', { backendConfig: {}, ...more }).then(async (session) => {
      try {
        return await session.plan(LOOK)
      } finally {
        await session.close()
      }
    })
    expect((await portError(tried)).code).toBe(code)
    expect(readdirSync(directory)).toEqual([])
  })

  it('that is not there is missing', async () => {
    const { terraform } = await terraformWorld({ outerEnvironment: { PATH: '/nowhere:relative' } })
    expect(await portError(terraform.version())).toMatchObject({
      code: 'TerraformMissing',
      handling: 'stall',
    })
  })

  it('needs the lock file that the commit has', async () => {
    const { open } = await terraformWorld({ limits: { initMs: 20_000 } })
    const failure = await portError(
      open(
        'terraform {\n  required_providers {\n    x = {\n      source = "127.0.0.1:1/acme/x"\n    }\n  }\n}',
      ),
    )
    expect(failure).toMatchObject({ code: 'TerraformInitFailed', handling: 'stall' })
  })

  it('keeps what it lays out to itself, and removes it', async () => {
    const { open, directory } = await terraformWorld()
    const session = await open(ROOT, { variables: { key: KEY } })
    await session.plan(LOOK)
    const [run = ''] = readdirSync(directory)
    const entries = readdirSync(join(directory, run), { recursive: true, encoding: 'utf8' })
    const plan = entries.find((entry) => entry.endsWith('exchange/plan'))
    expect(plan).toBeDefined()
    for (const folder of ['child', 'logs']) expect(modeOf(join(directory, run, folder))).toBe(0o700)
    const shared = entries.filter(
      (entry) => !entry.includes('.terraform') && (modeOf(join(directory, run, entry)) & 0o077) !== 0,
    )
    expect(shared).toEqual([])
    await session.close()
    expect(readdirSync(directory)).toEqual([])
  })
})

const modeOf = (path: string): number => statSync(path).mode & 0o777
