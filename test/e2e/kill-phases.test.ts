import { describe, expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import type { RolloutView } from '../../controller/api/client.ts'
import { eventually } from '../support/eventually.ts'
import { releaseFiles } from '../support/machine/release-files.ts'
import type { Line } from '../support/steersman-process.ts'
import type { RunningTown, Town } from '../support/town.ts'
import { startTown } from '../support/town.ts'

/** Long enough that a controller which was started again comes back within it. */
const HELD = '3s'
/** By the sandbox's clock, which is fifty times as fast. */
const START_SECONDS = 100
const PATIENCE = { withinMs: 60_000, everyMs: 20 }

interface Strategy {
  /** Members of `spec.strategy`, a line each; `HELD` stands for the time of a step. */
  readonly text: string
  /** The new version's part of the traffic while a step is held. */
  readonly steps: readonly number[]
}

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  BlueGreen: { text: 'type: BlueGreen', steps: [] },
  Canary: {
    text: 'type: Canary; steps: [{ weight: 10, for: HELD }, { weight: 50, for: HELD }]',
    steps: [10, 50],
  },
  Linear: { text: 'type: Linear; by: 34; every: HELD', steps: [34, 68] },
}

/** A commit that brings the version: the second is approved by a person and held for long, the third fails in its bake. */
function push({ repository }: Town, version: 'v1' | 'v2' | 'v3', { text }: Strategy): string {
  const isSlow = version === 'v2'
  const files = releaseFiles({
    version,
    bake: isSlow ? HELD : '300ms',
    keepPrevious: isSlow ? '1s' : '5m',
    // The demo has a type of its own, which is BlueGreen.
    ...(text === 'type: BlueGreen' ? {} : { strategy: text.replaceAll('HELD', isSlow ? HELD : '200ms') }),
  })
  const path = 'deploy/releases/web.yaml'
  const gates = {
    v1: '',
    v2: '    - { name: sign-off, manual: {}, timeout: 5m }\n',
    v3: '    - { name: errors, when: Bake, http: { path: /, expect: { body: nobody says so } }, timeout: 1m }\n',
  }
  const given = files[path]
  if (typeof given !== 'string') throw new Error(`there is no ${path}`)
  const release = given
    .replace(/^ {2}gates:\n/m, `  gates:\n${gates[version]}`)
    .replace('successes: 2', isSlow ? 'successes: 20' : 'successes: 2')
  return repository.commit({ ...files, [path]: release }, { branch: 'demo' })
}

/** Where a rollout is, in one line. */
function place({ status = {} }: RolloutView): string {
  const { phase = 'Pending', weights, stepStartedAt } = status
  if (phase !== 'Shifting') return phase
  return stepStartedAt === undefined ? 'Shifting' : `Shifting ${weights?.blue ?? 0}`
}

const rolloutOf = async (controller: RunningTown, number: number): Promise<RolloutView | undefined> => {
  const { items } = (await controller.get('/rollouts')) as unknown as { readonly items: RolloutView[] }
  return items.find(({ spec }) => spec.number === number)
}

const finished = (controller: RunningTown, number: number): Promise<RolloutView | undefined> =>
  eventually(
    () => rolloutOf(controller, number),
    (rollout) => rollout?.status?.finishedAt !== undefined,
    { ...PATIENCE, what: `the end of rollout ${number}` },
  )

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
  readonly traffic: unknown
  readonly records: readonly number[]
  readonly failures: readonly string[]
  readonly writes: Readonly<Record<string, number>>
  /** Where the controller was killed. */
  readonly kills: readonly string[]
}

/** Plays the story of three versions; where it is to be killed, the controller dies in each phase and another one goes on. */
async function play(context: TestContext, strategy: Strategy, isKilled: boolean): Promise<End> {
  const town = await startTown(context)
  await town.behaves('v2', { startSeconds: START_SECONDS })
  let controller = await town.run()
  const kills: string[] = []
  const killNow = async (where: string): Promise<void> => {
    await controller.process.kill()
    kills.push(where)
    controller = await town.run()
  }
  const killAt = async (where: string): Promise<void> => {
    if (!isKilled) return
    const passed = new Set<string>()
    const isThere = (rollout: RolloutView | undefined): boolean => {
      if (rollout !== undefined) passed.add(place(rollout))
      return passed.has(where) || rollout?.status?.finishedAt !== undefined
    }
    const seen = await eventually(() => rolloutOf(controller, 2), isThere, { ...PATIENCE, what: where })
    await killNow(seen === undefined ? 'nowhere' : place(seen))
  }
  await controller.untilDeployed(push(town, 'v1', strategy))
  const load = await town.load()
  const second = push(town, 'v2', strategy)
  await controller.reconcile()
  for (const where of ['Provisioning', 'Verifying', 'AwaitingApproval']) await killAt(where)
  const waits = (rollout: RolloutView | undefined): boolean => rollout?.status?.awaiting !== undefined
  await eventually(() => rolloutOf(controller, 2), waits, { ...PATIENCE, what: 'a question to a person' })
  await approve(controller)
  for (const share of strategy.steps) await killAt(`Shifting ${share}`)
  await killAt('Baking')
  await finished(controller, 2)
  if (isKilled) await killNow('Succeeded')
  await controller.untilDeployed(second)
  await eventually(
    async () => (await town.writes())['UpdateService'] ?? 0,
    (count) => count >= 1,
    {
      ...PATIENCE,
      what: 'a cold old side',
    },
  )
  push(town, 'v3', strategy)
  await controller.reconcile()
  if (isKilled) {
    await controller.process.line(goesBack, 'RollingBack')
    await killNow('RollingBack')
  }
  await finished(controller, 3)
  await eventually(
    () => controller.get('/releases/demo/web'),
    (release) => JSON.stringify(release).includes('this version failed'),
    { ...PATIENCE, what: 'the refusal of the third version' },
  )
  await load.more(30)
  await load.stop()
  const { items } = (await controller.get('/rollouts')) as unknown as { readonly items: RolloutView[] }
  const { status } = (await controller.get('/releases/demo/web')) as { status: Record<string, unknown> }
  return {
    rollouts: items.map(({ spec, status: of }) => `${spec.number} ${of?.phase ?? ''} ${of?.reason ?? ''}`),
    traffic: status['traffic'],
    records: town.records(),
    failures: load.failures(),
    writes: await town.writes(),
    kills,
  }
}

const goesBack = (line: Line): boolean =>
  line['event'] === 'PhaseEntered' && line['rollout'] === 'demo-web-3' && line['phase'] === 'RollingBack'

/** Writes that say once more what was said already: of a write without an answer nobody knows whether it was made. */
const REPEATABLE: ReadonlySet<string> = new Set(['ModifyListener', 'UpdateService'])

describe('a controller that is killed in each phase', () => {
  it.concurrent.for(Object.entries(STRATEGIES))(
    'comes to the same end with the same writes and no failed request: %s',
    { timeout: 240_000 },
    async ([_name, strategy], context) => {
      const [calm, killed] = await Promise.all([
        play(context, strategy, false),
        play(context, strategy, true),
      ])
      expect(killed.kills).toEqual([
        'Provisioning',
        'Verifying',
        'AwaitingApproval',
        ...strategy.steps.map((share) => `Shifting ${share}`),
        'Baking',
        'Succeeded',
        'RollingBack',
      ])
      expect([...calm.failures, ...killed.failures]).toEqual([])
      const { writes, kills, ...end } = killed
      const { writes: calmWrites, kills: _none, ...calmEnd } = calm
      expect(end).toEqual(calmEnd)
      expect(end.rollouts).toEqual([
        '3 RolledBack GateFailed',
        '2 Succeeded Succeeded',
        '1 Succeeded Succeeded',
      ])
      const repeated = Object.keys(writes).filter((operation) => writes[operation] !== calmWrites[operation])
      expect(repeated.filter((operation) => !REPEATABLE.has(operation))).toEqual([])
      const more = repeated.map((operation) => (writes[operation] ?? 0) - (calmWrites[operation] ?? 0))
      expect(Math.min(0, ...more)).toBe(0)
      expect(more.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(kills.length)
    },
  )
})
