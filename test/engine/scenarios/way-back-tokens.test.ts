import { describe, expect, it } from 'vitest'
import { annotations } from '../../../controller/resources/annotations.ts'
import type { Sandbox } from '../../../controller/sandbox/server.ts'
import { patiently } from '../../support/machine/patience.ts'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { createSpentLimits } from '../../support/machine/spent-limits.ts'

interface WayBack {
  readonly who: string
  /** Brings v2, and brings it about that the traffic goes back; calls `decided` at the moment from which nothing may wait any more. */
  readonly decide: (machine: Machine, decided: () => void) => Promise<void>
  /** Calls to AWS until the weights are written: looks one after the other, the calls of each side by side, and the write. */
  readonly looks: readonly Look[]
  readonly end: { readonly rollout: number; readonly outcome: string }
}

type Look = readonly string[]

/** Of a bake: the rules, and the tasks and targets of the side that has the traffic. */
const LOOK_AT_BAKE: Look = ['DescribeListeners', 'DescribeTargetHealth', 'ListTasks']
/** Before the weights move: both services, and the side that gets the traffic. */
const LOOK_BEFORE: Look = ['DescribeListeners', 'DescribeServices', 'DescribeTargetHealth', 'ListTasks']
/** The same, and the side that loses it. */
const LOOK_AT_BOTH: Look = [...LOOK_BEFORE, 'DescribeTargetHealth', 'ListTasks']

const waysBack: readonly WayBack[] = [
  {
    who: 'a gate that fails in the bake',
    async decide(machine, decided) {
      machine.push({ version: 'v2', bake: '60s', gate: WATCH })
      await machine.untilPhase('RollingBack', 2)
      decided()
    },
    looks: [LOOK_AT_BOTH],
    end: { rollout: 2, outcome: 'RolledBack' },
  },
  {
    who: 'an abort, while its own look at the bake waits as well',
    async decide(machine, decided) {
      machine.push({ version: 'v2', bake: '60s' })
      await machine.untilPhase('Baking', 2)
      decided()
      await sleep(LOOK_AGAIN_MS)
      await machine.mark('Rollout', 'demo-web-2', { [annotations.abort]: NOW, [annotations.abortBy]: 'ana' })
    },
    looks: [LOOK_AT_BAKE, LOOK_AT_BOTH],
    end: { rollout: 2, outcome: 'Aborted' },
  },
  {
    who: 'rollback --now',
    async decide(machine, decided) {
      await machine.untilDeployed(machine.push({ version: 'v2' }))
      decided()
      await machine.mark('Release', 'demo-web', {
        [annotations.failback]: NOW,
        [annotations.failbackBy]: 'ana',
        [annotations.failbackTo]: '1',
        [annotations.failbackResume]: '',
      })
    },
    looks: [LOOK_BEFORE],
    end: { rollout: 3, outcome: 'Succeeded' },
  },
  {
    who: 'a pin, although the look at all releases waits',
    async decide(machine, decided) {
      await machine.untilDeployed(machine.push({ version: 'v2' }))
      decided()
      machine.push({ version: 'v2', pin: '{ rollout: 1, reason: v2 is slow }' })
    },
    // Before its rollout begins, and once its gate has passed.
    looks: [LOOK_BEFORE, LOOK_BEFORE],
    end: { rollout: 3, outcome: 'Succeeded' },
  },
]

const NOW = '2026-01-01T00:00:00Z'
/** Many times the controller's own interval. */
const LOOK_AGAIN_MS = 500
const WATCHED = '/watched'
/** No version passes it. */
const WATCH = `{ name: watch, when: Bake, http: { path: ${WATCHED}, expect: { status: 418 } }, timeout: 15s }`

const sleep = (durationMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, durationMs)
  })

/** Calls once somebody asks the load balancer for the path, at that very moment. */
function onRequest({ world }: Sandbox, path: string, call: () => void): void {
  const route = world.route.bind(world)
  Object.assign(world, {
    route(request: Parameters<typeof route>[0]) {
      if (request.path === path) call()
      return route(request)
    },
  })
}

/** Names of the calls to AWS from now on, until the weights are written for the first time; undefined before that. */
function callsUntilWeights({ sandbox: { world } }: Machine): () => readonly string[] | undefined {
  const attempt = world.attempt.bind(world)
  const calls: string[] = []
  let isWritten = false
  Object.assign(world, {
    attempt(request: Parameters<typeof attempt>[0]) {
      if (!isWritten) calls.push(request.operation)
      isWritten ||= request.operation === 'ModifyListener'
      return attempt(request)
    },
  })
  return () => (isWritten ? calls : undefined)
}

describe('where others have taken all that they may ask of AWS, the weights are given back by', STORY, () => {
  it.for(waysBack)('$who, without waiting for a token', async ({ decide, looks, end }, context) => {
    const { limits, spend, goOn } = createSpentLimits()
    let written: () => readonly string[] | undefined = () => undefined
    let isDecided = false
    const decided = (): void => {
      if (isDecided) return
      isDecided = true
      spend()
      written = callsUntilWeights(machine)
    }
    const machine = await startMachine(context, {
      spec: { source: { interval: '1h' } },
      limits,
      watch: (sandbox) => onRequest(sandbox, WATCHED, decided),
    })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await decide(machine, decided)
    const calls = await patiently(
      () => written(),
      (seen) => seen !== undefined,
      { what: 'the write of the weights', withinMs: 20_000 },
    )
    goOn()
    expect(calls?.toSorted()).toEqual([...looks.flat(), 'ModifyListener'].toSorted())
    expect(await machine.outcomeOf(end.rollout)).toMatchObject({ outcome: end.outcome })
    expect(await machine.served()).toBe('v1')
  })
})
