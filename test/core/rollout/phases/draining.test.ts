import { describe, expect, it } from 'vitest'

import type {
  ReleaseObservation,
  ServiceFacts,
  SideObservation,
  TargetFacts,
} from '../../../../controller/core/observation.ts'
import type { Step } from '../../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../../controller/core/time.ts'
import type { RolloutStatus } from '../../../../controller/resources/types.ts'
import { taskDefinitionArn } from '../../../support/release-world.ts'
import { after, line, nothing, said } from '../ready.ts'

const provisioning = (now: number): RolloutStatus => ({
  phase: 'Provisioning',
  startedAt: timestamp(now - 10_000),
  deadlineAt: timestamp(now + 290_000),
})

/** Of a task that is not among the side's tasks any more. */
const left = (state: TargetFacts['state']): TargetFacts => ({
  id: '10.0.9.9',
  port: 8080,
  state,
  reason: undefined,
})

interface Seen {
  readonly service?: Partial<ServiceFacts>
  readonly targets?: readonly TargetFacts[]
  /** Revision of the tasks that are there; the wanted one is 2. */
  readonly tasks?: string
}

/** The next step where version 2 was started on blue, with what else is seen there. */
const stepWith = ({ service = {}, targets = [], tasks = '2' }: Seen): Step =>
  after(provisioning, nothing, (seen): { observation: ReleaseObservation } => {
    const { blue } = seen.sides
    if (blue.service === null || blue.members === undefined) throw new Error('blue was not looked at')
    const changed: SideObservation = {
      ...blue,
      service: { ...blue.service, ...service },
      members: {
        tasks: blue.members.tasks.map((task) => ({ ...task, taskDefinition: taskDefinitionArn(tasks) })),
        targets: [...blue.members.targets, ...targets],
      },
    }
    return { observation: { ...seen, sides: { ...seen.sides, blue: changed } } }
  })

describe('a side on which the wanted revision was started', () => {
  it.each(['healthy', 'unhealthy', 'initial', 'unused'] as const)(
    'is not emptied for a target that is %s and whose task has stopped: it is waited for',
    (state) => {
      const step = stepWith({ targets: [left(state)] })
      expect(line(step)).toBe('Provisioning waits: Starting')
      expect(said(step)).toContain(
        '2 of 2 tasks of prod-web:2 are healthy targets; 1 targets belong to something else',
      )
    },
  )

  it('does not wait for one that only drains', () => {
    expect(line(stepWith({ targets: [left('draining')] }))).toBe('Shifting Act SetWeights')
  })

  it('gets its whole count although such a target is there', () => {
    expect(stepWith({ targets: [left('unhealthy')], service: { desiredCount: 1 } })).toMatchObject({
      kind: 'Act',
      action: { kind: 'UpdateService', side: 'blue', desiredCount: 2 },
    })
  })

  it('is emptied where tasks of another revision are there, too', () => {
    expect(stepWith({ targets: [left('unhealthy')], tasks: '5' })).toMatchObject({
      kind: 'Act',
      action: { kind: 'ScaleService', side: 'blue', desiredCount: 0 },
    })
  })
})

describe('a side on which it was not', () => {
  it('is emptied of whatever its service starts', () => {
    const service = { taskDefinition: taskDefinitionArn('5') }
    expect(stepWith({ targets: [left('unhealthy')], service })).toMatchObject({
      kind: 'Act',
      action: { kind: 'ScaleService', side: 'blue', desiredCount: 0 },
    })
  })

  it.each([
    ['of the wanted revision', '2'],
    ['of another one', '5'],
  ])('gets no task %s before the last target of before is gone', (_of, revision) => {
    const service = { taskDefinition: taskDefinitionArn(revision), desiredCount: 0 }
    const step = stepWith({ targets: [left('unhealthy')], service })
    expect(said(step)).toBe('Draining: the blue side still holds 1 tasks or targets of another revision')
  })
})
