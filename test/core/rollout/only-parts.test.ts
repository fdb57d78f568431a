import { describe, expect, it } from 'vitest'

import { countBefore } from '../../../controller/core/rollout/only/bring.ts'
import { givenUp } from '../../../controller/core/rollout/only/ecs-deployment.ts'
import { progressOf } from '../../../controller/core/rollout/only/progress.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { deployment, NEW, NOW, OLD, rolloutIn, service, spec, tasks } from './only.ts'

const { desiredCount: _count, ...uncounted } = spec()

describe('the count that one service goes back to', () => {
  it.each<readonly [title: string, rollout: RolloutState, expected: number | undefined]>([
    ['is what it had', rolloutIn('RollingBack', { originCount: 3 }), 3],
    ['is what is wanted where it was emptied by hand', rolloutIn('RollingBack', { originCount: 0 }), 2],
    ['is what is wanted where there was no service', rolloutIn('RollingBack'), 2],
    [
      'is nobody’s where Steersman does not set it',
      rolloutIn('RollingBack', { originCount: 3 }, uncounted),
      undefined,
    ],
  ])('%s', (_title, rollout, expected) => {
    expect(countBefore(rollout)).toBe(expected)
  })
})

describe('that ECS gave a version up', () => {
  const at = (ms: number): string => new Date(NOW - ms).toISOString()
  const asked = { before: `${OLD} x 2`, after: `${NEW} x 2`, at: at(300_000) }
  const why = (
    found: Parameters<typeof service>[0],
    { write, status = {} }: { readonly write?: object; readonly status?: RolloutState['status'] } = {},
  ) =>
    givenUp(service(found), {
      rollout: rolloutIn('Shifting', status),
      writes: write === undefined ? {} : { 'service/only': { ...asked, ...write } },
    })
  const failed = deployment({ id: 'ecs-svc/2', taskDefinition: NEW, rolloutState: 'FAILED' })
  const setBack = 'the service is what it was before the rollout, though it had been given the new version'
  const event = { at: NOW - 100_000, message: '(service mailer) deployment failed: tasks failed to start.' }

  it('is told although ECS gives no reason', () => {
    expect(why({ deployments: [failed] })).toBe('ECS gave the deployment up')
  })

  it('counts any failed deployment of the version where none was remembered', () => {
    const { deploymentsBefore: _none, ...status } = rolloutIn('Shifting').status
    const rollout = { ...rolloutIn('Shifting'), status }
    const found = service({ deployments: [{ ...failed, id: 'ecs-svc/1' }] })
    expect(givenUp(found, { rollout, writes: {} })).toBe('ECS gave the deployment up')
    expect(givenUp(found, { rollout: rolloutIn('Shifting'), writes: {} })).toBeUndefined()
  })

  it.each<readonly [title: string, of: Parameters<typeof why>, expected: string | undefined]>([
    ['is not known before ECS was asked', [{}], undefined],
    ['is not so while the service has the version', [{ taskDefinition: NEW }, { write: {} }], undefined],
    ['shows in that the service has the old version again', [{}, { write: {} }], setBack],
    ['shows where the count was left alone, too', [{}, { write: { after: NEW } }], setBack],
    ['is what ECS says of it', [{ events: [event] }, { write: {} }], event.message],
    [
      'is nothing that ECS said before the rollout',
      [{ events: [{ ...event, at: NOW - 900_000 }], taskDefinition: `${OLD}9` }, { write: {} }],
      undefined,
    ],
    ['is not said while the write got no answer', [{}, { write: { ambiguous: true } }], undefined],
    ['is not concluded from a write of another version', [{}, { write: { after: `${OLD} x 2` } }], undefined],
    ['is not concluded from a write of an earlier rollout', [{}, { write: { at: at(500_000) } }], undefined],
    ['is not another version that a person set', [{ taskDefinition: `${OLD}9` }, { write: {} }], undefined],
  ])('%s', (_title, of, expected) => {
    expect(why(...of)).toBe(expected)
  })

  it('is not concluded before the rollout touched the service', () => {
    const { shiftedAt: _none, ...status } = rolloutIn('Provisioning').status
    const rollout = { ...rolloutIn('Provisioning'), status }
    expect(givenUp(service(), { rollout, writes: { 'service/only': asked } })).toBeUndefined()
  })
})

describe('how far ECS has come with a revision', () => {
  const wanted = { taskDefinition: NEW, staleTasks: [] }
  const of = (
    found: Parameters<typeof service>[0],
    running = tasks(NEW, 2),
    staleTasks: readonly string[] = [],
  ) =>
    progressOf(
      {
        service: service({ taskDefinition: NEW, deployments: [], ...found }),
        targetGroup: null,
        members: { tasks: running, targets: [] },
      },
      { ...wanted, staleTasks },
    )

  it.each([
    ['without a service', null, { tasks: [], targets: [] }],
    ['whose tasks nobody looked at', service(), undefined],
  ])('is nowhere %s', (_title, found, members) => {
    expect(progressOf({ service: found, targetGroup: null, members }, wanted)).toEqual({
      done: false,
      message: 'the service does not exist',
      running: [],
      others: 0,
    })
  })

  it('is its end where ECS names no deployment, or says no state of it', () => {
    expect(of({}).done).toBe(true)
    const silent = deployment({ taskDefinition: NEW, rolloutState: undefined })
    expect(of({ deployments: [silent] }).done).toBe(true)
  })

  it('is not its end while the deployment that ECS works on is of another revision', () => {
    const { done, message } = of({ deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] })
    expect(done).toBe(false)
    expect(message).toBe('2 of 2 tasks of prod-mailer:2 run')
  })

  it('counts tasks that run, and none that stop or are only about to run', () => {
    const [one, other] = tasks(NEW, 2)
    if (one === undefined || other === undefined) throw new Error('no tasks')
    const { done, running, others } = of({}, [
      { ...one, desiredStatus: 'STOPPED' },
      { ...other, lastStatus: 'PENDING' },
      ...tasks(OLD, 1).map((task) => ({ ...task, desiredStatus: 'STOPPED' })),
    ])
    expect({ done, running: running.length, others }).toEqual({ done: false, running: 0, others: 0 })
  })

  it('takes the tasks from before a restart for others', () => {
    expect(of({}, tasks(NEW, 2), [`${NEW}/0`])).toMatchObject({ done: false, others: 1 })
  })
})
