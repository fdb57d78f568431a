import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { fateOf } from '../../../controller/adapters/terraform/processes.ts'
import type { RunningApply, TerraformRequest } from '../../../controller/ports/terraform.ts'
import { requestFor, terraformWorld } from '../../adapters/terraform/world.ts'
import { killApply, startControllerToKill } from '../../support/controller-to-kill.ts'
import { portError } from '../../support/git-source.ts'
import { requires } from '../../support/requires.ts'
import { startMoto } from '../support/moto.ts'
import type { Moto } from '../support/moto.ts'
import { createLockTable, createStateBucket } from '../support/state-backend.ts'

const found = requires('terraform', 'moto')
const PATIENCE_MS = 300_000
const LOCKED = { isRefreshOnly: false, lockTimeoutMs: 0 }
const OTHER_ID = '6303f903-3dac-bd99-ce4c-59a6598193e9'
const [BUCKET, TABLE] = ['acme-tfstate', 'acme-locks']

const slowRoot = (go: string): string => `
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "until [ -e ${go} ]; do sleep 0.1; done"
  }
}
`

describe.skipIf(found.missing !== undefined).each([
  ['S3', { use_lockfile: true }],
  ['S3 and DynamoDB', { use_lockfile: true, dynamodb_table: TABLE }],
  ['DynamoDB', { dynamodb_table: TABLE }],
])(found.title('A lock of %s'), { timeout: PATIENCE_MS }, (_, settings) => {
  let moto: Moto
  beforeAll(async () => {
    moto = await startMoto()
    await createStateBucket(moto.url, BUCKET)
    await createLockTable(moto.url, TABLE)
  })
  afterAll(() => moto.stop())

  /** The same root and state for everybody; each test has a key of its own. */
  async function lockWorld() {
    const world = await terraformWorld()
    const go = `${world.stateFile}.go`
    const letGo = (): void => writeFileSync(go, '')
    onTestFinished(letGo)
    const local = requestFor(slowRoot(go), world.stateFile)
    const request: TerraformRequest = {
      ...local,
      files: local.files.map(({ path, text }) => ({ path, text: text.replace('"local"', '"s3"') })),
      backendConfig: { bucket: BUCKET, key: `${randomUUID()}.tfstate`, use_path_style: true, ...settings },
      credentials: {
        AWS_ENDPOINT_URL: moto.url,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test-secret',
        AWS_REGION: 'eu-west-1',
      },
    }
    const open = async () => {
      const session = await world.terraform.open(request)
      onTestFinished(() => session.close())
      return session
    }
    return { ...world, request, open, letGo }
  }

  it('is told while it is held, and freed by the apply itself', async () => {
    const { open, letGo } = await lockWorld()
    const session = await open()
    const planned = await session.plan(LOCKED)
    if (planned.result !== 'Planned') throw new Error(planned.result)
    const told: RunningApply[] = []
    const applied = session.apply({
      digest: planned.digest,
      lockTimeoutMs: 0,
      onRunning: async (running) => {
        told.push(running)
        if (running.lockId === undefined) return
        const locked = await (await open()).plan(LOCKED)
        expect(locked).toMatchObject({ result: 'StateLocked', lock: { id: running.lockId } })
        letGo()
      },
    })
    expect(await applied).toEqual({ result: 'Applied' })
    expect(told.map(({ lockId }) => lockId !== undefined)).toEqual([false, true])
    expect(await session.plan(LOCKED)).toMatchObject({ result: 'Planned', hasChanges: false })
  })

  it('outlives an apply that was killed with its controller, and is freed by its id alone', async () => {
    const { terraform, directory, request, open } = await lockWorld()
    const controller = startControllerToKill({ directory, does: 'apply', request })
    const running = await controller.running({ withLock: true })
    await controller.kill()
    killApply(running.process)
    expect(await terraform.follow(running, {})).toBe('Ended')
    expect(await readdir(directory)).toEqual([])
    const session = await open()
    expect(await session.plan(LOCKED)).toMatchObject({ result: 'StateLocked', lock: { id: running.lockId } })
    expect(await portError(session.unlock(OTHER_ID))).toMatchObject({
      code: 'StateLockChanged',
      message: expect.stringContaining(`it is ${running.lockId} of `) as unknown,
    })
    expect(await session.plan(LOCKED)).toMatchObject({ result: 'StateLocked', lock: { id: running.lockId } })
    await session.unlock(running.lockId ?? '')
    expect(await session.plan(LOCKED)).toMatchObject({ result: 'Planned', hasChanges: true })
    expect(await portError(session.unlock(running.lockId ?? ''))).toMatchObject({
      code: 'StateLockChanged',
      message: "the state's lock is not the one that was to be freed: nobody holds it",
    })
  })

  it('of another is never told as that of an apply that waits for it', async () => {
    const { directory, request, open, letGo } = await lockWorld()
    const session = await open()
    const planned = await session.plan(LOCKED)
    if (planned.result !== 'Planned') throw new Error(planned.result)
    const holder = startControllerToKill({ directory, does: 'apply', request })
    const held = await holder.running({ withLock: true })
    const told: RunningApply[] = []
    // It gives up in the end, having asked for the lock several times.
    const applied = session.apply({
      digest: planned.digest,
      lockTimeoutMs: 8_000,
      onRunning: (running) => {
        told.push(running)
        return Promise.resolve()
      },
    })
    expect(await applied).toMatchObject({ result: 'StateLocked', lock: { id: held.lockId } })
    expect(told.map(({ lockId }) => lockId)).toEqual([undefined])
    expect(fateOf(held.process)).toBe('Running')
    letGo()
  })

  it('that a plan waits for is given up when its controller is gone, and the directory removed', async () => {
    const { terraform, directory, request, letGo } = await lockWorld()
    const holder = startControllerToKill({ directory, does: 'apply', request })
    const held = await holder.running({ withLock: true })
    const waiting = startControllerToKill({ directory, does: 'plan', request })
    await waiting.untilOpen()
    await waiting.kill()
    expect(await readdir(directory)).toHaveLength(2)
    await terraform.clean()
    expect(await readdir(directory)).toHaveLength(1)
    expect(fateOf(held.process)).toBe('Running')
    letGo()
  })
})
