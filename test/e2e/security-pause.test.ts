import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFileLeases } from '../../controller/adapters/store/file-leases.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import { systemFileSystem } from '../../controller/adapters/system/file-system.ts'
import { processFacts } from '../../controller/adapters/system/process.ts'
import { eventually } from '../support/eventually.ts'
import { releaseFiles } from '../support/machine/release-files.ts'
import { createRepository } from '../support/repository.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'
import { runProgram, startControllerProcess, startGuardedCloud, writeFiles } from './security-world.ts'

const WRITES = /^(?:Create|Update|Register|Modify|Delete|Run|Stop)/
/** Of a lease: a pause longer than this is what the test is about. */
const LEASE_MS = 15_000

const config = (repository: string): Record<string, string> => ({
  'configuration.yaml':
    'apiVersion: steersman.dev/v1alpha1\nkind: Configuration\nspec: { listen: "127.0.0.1:0", dataDir: ../data, pollInterval: 250ms }\n',
  'demo.yaml': `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: demo }
spec:
  source: { repository: ${repository}, branch: demo, path: deploy, interval: 1s }
  aws: { region: eu-west-1, accountId: '123456789012' }
`,
})

async function stage() {
  const directory = await temporaryDirectory('steersman-pause')
  const repository = createRepository()
  const aws = await startGuardedCloud()
  writeFiles(join(directory, 'config'), config(repository.path))
  const variables = {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    STEERSMAN_LISTENERS_URL: aws.listenersUrl,
    STEERSMAN_LOG_FORMAT: 'json',
  }
  const controller = await startControllerProcess(join(directory, 'config'), variables)
  onTestFinished(async () => {
    await controller.stop()
    await aws.close()
    repository.remove()
  })
  return { directory, repository, aws, variables, controller }
}

type Stage = Awaited<ReturnType<typeof stage>>

/** Stops the process in the middle of the second rollout; resolves when its lease has run out and nothing of it is under way. */
async function pauseInTheMiddle({ repository, controller }: Stage): Promise<void> {
  repository.commit(releaseFiles({ version: 'v1' }), { branch: 'demo' })
  const tags = (): string => repository.git(['tag', '--list'])
  await eventually(tags, (list) => list.includes('deploy/demo/1'), {
    what: 'the first version',
    withinMs: 40_000,
  })
  repository.commit(releaseFiles({ version: 'v2' }), { branch: 'demo' })
  await eventually(controller.output, (text) => /demo-web-2 is Provisioning/.test(text), {
    what: 'the second rollout',
    withinMs: 30_000,
  })
  process.kill(controller.pid, 'SIGSTOP')
  const pausedAt = systemClock.monotonic()
  await eventually(
    () => systemClock.monotonic() - pausedAt,
    (passed) => passed > LEASE_MS + 1_000,
    {
      what: 'the end of the lease',
      withinMs: LEASE_MS + 10_000,
      everyMs: 250,
    },
  )
}

describe('a controller that stood still for longer than its lease', { timeout: 120_000 }, () => {
  it('writes nothing more and ends, when another one was there meanwhile', async () => {
    const scene = await stage()
    const { directory, controller, aws } = scene
    await pauseInTheMiddle(scene)
    const others = createFileLeases({
      directory: join(directory, 'data', 'leases'),
      fileSystem: systemFileSystem,
      clock: systemClock,
      holder: await processFacts('another-one'),
      isAlive: () => Promise.resolve(false),
    })
    const attempt = await others.acquire({ name: 'controller', durationMs: LEASE_MS })
    expect(attempt.held).toBe(true)
    if (attempt.held) await others.release(attempt.lease)
    const before = aws.operations.length
    process.kill(controller.pid, 'SIGCONT')
    await eventually(controller.output, (text) => text.includes('the lease was lost'), {
      what: 'its end',
      withinMs: 20_000,
    })
    expect(await controller.ended()).toBe(1)
    expect(aws.operations.slice(before).filter((operation) => WRITES.test(operation))).toEqual([])
  })

  it('lets no second one in, and goes on where it was when nobody else was there', async () => {
    const scene = await stage()
    const { directory, repository, controller, variables } = scene
    await pauseInTheMiddle(scene)
    const second = await runProgram(['run', '--config', join(directory, 'config')], variables)
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('another controller acts on this data directory')
    process.kill(controller.pid, 'SIGCONT')
    const tags = (): string => repository.git(['tag', '--list'])
    await eventually(tags, (list) => list.includes('deploy/demo/2'), {
      what: 'the second version',
      withinMs: 40_000,
    })
    const afterwards = controller.output().split('demo-web-2 is Provisioning')[1] ?? ''
    expect(afterwards.indexOf('the lease is ours')).toBeGreaterThan(-1)
    expect(await controller.stop()).toBe(0)
  })
})
