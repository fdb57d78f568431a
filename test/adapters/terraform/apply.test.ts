import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findBinary } from '../../../controller/adapters/terraform/binary.ts'
import type { TerraformLimits } from '../../../controller/adapters/terraform/commands.ts'
import { fateOf } from '../../../controller/adapters/terraform/processes.ts'
import type {
  RunningApply,
  TerraformEvent,
  TerraformProcess,
  TerraformSession,
} from '../../../controller/ports/terraform.ts'
import { eventually } from '../../support/eventually.ts'
import { portError } from '../../support/git-source.ts'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import { terraformWorld } from './world.ts'

const found = requires('terraform')
const PATIENCE_MS = 180_000
const NOBODYS_ID = '6303f903-3dac-bd99-ce4c-59a6598193e9'

/** It is done once `go` is there. */
const slowRoot = (go: string): string => `
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "until [ -e ${go} ]; do sleep 0.1; done"
  }
}
`

/** A world whose Terraform heeds no interrupt, as one that waits for a provider does not. */
async function stubbornWorld(limits: Partial<TerraformLimits>) {
  const binaries = await temporaryDirectory('steersman-stubborn')
  chmodSync(binaries, 0o711)
  const real = await findBinary('terraform', process.env['PATH'] ?? '')
  writeFileSync(join(binaries, 'terraform'), `#!/bin/sh\ntrap '' INT\n${real} "$@"\n`, { mode: 0o755 })
  const world = await terraformWorld({
    limits,
    outerEnvironment: { PATH: `${binaries}:${process.env['PATH'] ?? ''}` },
  })
  const go = `${world.stateFile}.go`
  const letGo = (): void => writeFileSync(go, '')
  onTestFinished(letGo)
  return { ...world, root: slowRoot(go), letGo }
}

async function planned(session: TerraformSession): Promise<string> {
  const plan = await session.plan({ isRefreshOnly: false, lockTimeoutMs: 0 })
  if (plan.result !== 'Planned') throw new Error(plan.result)
  return plan.digest
}

const untilStarted = (events: readonly TerraformEvent[]) =>
  eventually(
    () => events,
    (seen) => seen.some(({ type }) => type === 'ResourceStarted'),
    { what: 'an apply under way', withinMs: PATIENCE_MS },
  )

const untilGone = (process: TerraformProcess | undefined) =>
  eventually(
    () => process !== undefined && fateOf(process),
    (fate) => fate === 'Ended',
    { what: 'the end of the apply', withinMs: PATIENCE_MS },
  )

describe.skipIf(found.missing !== undefined)(found.title('An apply'), { timeout: PATIENCE_MS }, () => {
  it('tells its process while it runs, and no lock where the backend shows none', async () => {
    const { open, directory } = await terraformWorld()
    const told: (RunningApply & { readonly fate: string })[] = []
    const session = await open('resource "terraform_data" "x" {}')
    const onRunning = (running: RunningApply): Promise<void> => {
      told.push({ ...running, fate: fateOf(running.process) })
      return Promise.resolve()
    }
    const digest = await planned(session)
    expect(await session.apply({ digest, lockTimeoutMs: 0, onRunning })).toEqual({ result: 'Applied' })
    expect(told).toMatchObject([
      { directory: expect.stringMatching(`^${directory}/run-`) as unknown, lockId: undefined },
    ])
    await untilGone(told[0]?.process)
  })

  it('is interrupted when what it tells can’t be stored, and says so', async () => {
    const { open, stateFile } = await terraformWorld()
    const session = await open(slowRoot(`${stateFile}.go`))
    let running: RunningApply | undefined
    const refused = session.apply({
      digest: await planned(session),
      lockTimeoutMs: 0,
      onRunning: (told) => {
        running = told
        return Promise.reject(new Error('the store is gone'))
      },
    })
    await expect(refused).rejects.toThrow('the store is gone')
    await untilGone(running?.process)
  })

  it('that heeds no interrupt goes on, with its directory, and can be followed by the same controller', async () => {
    const { open, root, letGo, stateFile, terraform, directory } = await stubbornWorld({ graceMs: 500 })
    const unwanted = new AbortController()
    const events: TerraformEvent[] = []
    const session = await open(root, {
      signal: unwanted.signal,
      onEvent: (event) => events.push(event),
    })
    let running: RunningApply | undefined
    const applied = portError(
      session.apply({
        digest: await planned(session),
        lockTimeoutMs: 0,
        onRunning: (told) => {
          running = told
          return Promise.resolve()
        },
      }),
    )
    await untilStarted(events)
    unwanted.abort()
    expect(await applied).toMatchObject({ code: 'TerraformAborted', handling: 'retry', ambiguous: true })
    expect((await applied).message).toBe('terraform apply was interrupted, and still runs')
    if (running === undefined) throw new Error('it was not told of')
    expect(fateOf(running.process)).toBe('Running')
    await session.close()
    expect(readdirSync(directory)).toHaveLength(1)
    letGo()
    expect(await terraform.follow(running, {})).toBe('Ended')
    expect(readdirSync(directory)).toEqual([])
    expect(existsSync(stateFile.replace(/([^/]+)$/, '.$1.lock.info'))).toBe(false)
  })

  it('that took too long is interrupted, and killed when it does not end within its own grace', async () => {
    const { open, root, directory } = await stubbornWorld({ applyMs: 1_000, graceMs: 1, applyGraceMs: 1_000 })
    const session = await open(root)
    const failure = await portError(session.apply({ digest: await planned(session), lockTimeoutMs: 0 }))
    expect(failure).toMatchObject({ code: 'TerraformTimedOut', ambiguous: true })
    await session.close()
    expect(readdirSync(directory)).toEqual([])
  })

  it.each([
    ['nobody holds', NOBODYS_ID],
    ['can’t be', '-h'],
    ['is empty', ''],
  ])('never frees a lock whose id %s', async (_, id) => {
    const { open } = await terraformWorld()
    const session = await open('')
    expect(await portError(session.unlock(id))).toMatchObject({ code: 'StateLockChanged', handling: 'stall' })
  })
})
