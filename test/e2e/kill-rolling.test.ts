import { describe, expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import type { RolloutView } from '../../controller/api/client.ts'
import { eventually } from '../support/eventually.ts'
import { workerFiles } from '../support/machine/worker-files.ts'
import type { RunningTown } from '../support/town.ts'
import { startTown } from '../support/town.ts'

/** By the sandbox's clock, which is fifty times as fast: long enough that a controller which was started again comes back within it. */
const START_SECONDS = 200
const BAKE = '4s'
const PATIENCE = { withinMs: 90_000, everyMs: 20 }

/** The second version asks a person before it begins, starts slowly and bakes for a while; ECS gives the third one up. */
const filesOf = (version: 'v1' | 'v2' | 'v3'): ReturnType<typeof workerFiles> =>
  workerFiles(
    version === 'v2'
      ? {
          version,
          bake: BAKE,
          gates: '[{ name: sign-off, when: BeforeProvision, manual: {}, timeout: 5m }]',
        }
      : { version },
  )

const rolloutOf = async (controller: RunningTown, number: number): Promise<RolloutView | undefined> => {
  const { items } = (await controller.get('/rollouts')) as unknown as { readonly items: RolloutView[] }
  return items.find(({ spec }) => spec.number === number)
}

const untilRollout = (
  controller: RunningTown,
  number: number,
  { holds, what }: { readonly holds: (rollout: RolloutView) => boolean; readonly what: string },
): Promise<RolloutView | undefined> =>
  eventually(
    () => rolloutOf(controller, number),
    (rollout) => rollout !== undefined && holds(rollout),
    { ...PATIENCE, what: `${what} of rollout ${number}` },
  )

const isFinished = ({ status }: RolloutView): boolean => status?.finishedAt !== undefined

async function approve({ url }: RunningTown): Promise<void> {
  const response = await fetch(`${url}/api/v1/rollouts/demo-web-2/approve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ gate: 'sign-off' }),
  })
  if (!response.ok) throw new Error(await response.text())
}

/** What a story leaves behind, and what it cost. */
interface End {
  readonly rollouts: readonly string[]
  readonly revision: unknown
  readonly records: readonly number[]
  readonly writes: Readonly<Record<string, number>>
  /** Where the controller was killed. */
  readonly kills: readonly string[]
}

/** Plays the story of three versions of a worker; where it is to be killed, the controller dies in each phase and another one goes on. */
async function play(context: TestContext, isKilled: boolean): Promise<End> {
  const town = await startTown(context)
  await town.behaves('v2', { startSeconds: START_SECONDS })
  await town.behaves('v3', { crashAfterSeconds: 0 })
  const push = (version: 'v1' | 'v2' | 'v3'): string =>
    town.repository.commit(filesOf(version), { branch: 'demo' })
  let controller = await town.run()
  const kills: string[] = []
  const killAt = async (number: number, phase: string): Promise<void> => {
    if (!isKilled) return
    const holds = (rollout: RolloutView): boolean => rollout.status?.phase === phase || isFinished(rollout)
    const seen = await untilRollout(controller, number, { holds, what: phase })
    await controller.process.kill()
    kills.push(seen?.status?.phase ?? 'nowhere')
    controller = await town.run()
  }
  await controller.untilDeployed(push('v1'))
  const second = push('v2')
  await controller.reconcile()
  const asks = ({ status }: RolloutView): boolean => status?.awaiting !== undefined
  await untilRollout(controller, 2, { holds: asks, what: 'a question' })
  await killAt(2, 'Pending')
  await untilRollout(controller, 2, { holds: asks, what: 'the question' })
  await approve(controller)
  await killAt(2, 'Shifting')
  await killAt(2, 'Baking')
  await untilRollout(controller, 2, { holds: isFinished, what: 'the end' })
  await killAt(2, 'Succeeded')
  await controller.untilDeployed(second)
  push('v3')
  await controller.reconcile()
  await killAt(3, 'RollingBack')
  await untilRollout(controller, 3, { holds: isFinished, what: 'the end' })
  await eventually(
    () => controller.get('/releases/demo/web'),
    (release) => JSON.stringify(release).includes('this version failed'),
    { ...PATIENCE, what: 'the refusal of the third version' },
  )
  const { items } = (await controller.get('/rollouts')) as unknown as { readonly items: RolloutView[] }
  const { status } = (await controller.get('/releases/demo/web')) as {
    status: { live?: { taskDefinition?: string } }
  }
  return {
    rollouts: items.map(({ spec, status: of }) => `${spec.number} ${of?.phase ?? ''} ${of?.reason ?? ''}`),
    revision: status.live?.taskDefinition?.replace(/.*\//, ''),
    records: town.records(),
    writes: await town.writes(),
    kills,
  }
}

describe('a controller that is killed in each phase of a rolling release', () => {
  it('comes to the same end with the same writes', { timeout: 240_000 }, async (context) => {
    const calm = await play(context, false)
    const killed = await play(context, true)
    expect(killed.kills).toEqual(['Pending', 'Shifting', 'Baking', 'Succeeded', 'RollingBack'])
    const { kills: _none, writes, ...end } = calm
    const { kills, writes: killedWrites, ...killedEnd } = killed
    expect(killedEnd).toEqual(end)
    // A write without an answer may be made once more, with the same words.
    const { UpdateService: updates = 0, ...others } = killedWrites
    const { UpdateService: calmUpdates = 0, ...calmOthers } = writes
    expect(others).toEqual(calmOthers)
    expect(updates - calmUpdates).toBeGreaterThanOrEqual(0)
    expect(updates - calmUpdates).toBeLessThanOrEqual(kills.length)
    expect(end.rollouts).toEqual([
      '3 RolledBack DeploymentFailed',
      '2 Succeeded Succeeded',
      '1 Succeeded Succeeded',
    ])
    expect(end.revision).toBe('demo-web:2')
  })
})
