import { describe, expect, it } from 'vitest'
import type { KnownCall } from '../../controller/core/attribution.ts'
import { attribute, trailQuestions, withAuthors } from '../../controller/core/attribution.ts'
import type { ReleaseObservation, RuleFacts, ServiceFacts } from '../../controller/core/observation.ts'

const SERVICE = 'arn:aws:ecs:eu-west-1:1:service/demo/web-green'
const LISTENER = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/demo/1/2'
const RULE = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/demo/1/2/3'

const service = (arn: string): ServiceFacts =>
  ({ arn, name: arn.slice(arn.lastIndexOf('/') + 1) }) as ServiceFacts
const rule = (kind: RuleFacts['kind'], arn: string, port: number): RuleFacts =>
  ({ kind, arn, port }) as RuleFacts

const side = (found: ServiceFacts | null) => ({ service: found, targetGroup: null, members: undefined })
const observation: ReleaseObservation = {
  loadBalancer: null,
  sides: { green: side(service(SERVICE)), blue: side(service(SERVICE.replace('green', 'blue'))) },
  only: side(service(SERVICE.replace('-green', ''))),
  production: [rule('ListenerDefault', LISTENER, 80), rule('Rule', RULE, 443), null],
  test: rule('ListenerDefault', `${LISTENER}0`, 8081),
  seen: ['services', 'rules'],
}
const resources = (path: string, live: 'blue' | 'green' | 'only' = 'green', seen = observation): string[] =>
  trailQuestions(path, { observation: seen, live }).map(({ resource }) => resource)

const call = (more: Partial<KnownCall> = {}): KnownCall => ({
  id: 'id-1',
  at: Date.UTC(2026, 0, 1),
  name: 'UpdateService',
  user: 'alice',
  isOwn: false,
  invokedBy: undefined,
  failed: false,
  request: { cluster: 'demo', service: 'web-green' },
  ...more,
})
const [question] = trailQuestions('/service/desiredCount', { observation, live: 'green' })
const by = (...calls: readonly KnownCall[]) => question && attribute(calls, question)

describe('what the trail is asked for a drifted field', () => {
  it('is the service that has the field, on its side', () => {
    expect(resources('/service/desiredCount')).toEqual([SERVICE])
    expect(resources('/idleService/desiredCount')).toEqual([SERVICE.replace('green', 'blue')])
    expect(resources('/service/desiredCount', 'only')).toEqual([SERVICE.replace('-green', '')])
  })

  it('is nothing where there is no such service', () => {
    expect(resources('/idleService/desiredCount', 'only')).toEqual([])
    const gone = { ...observation, sides: { ...observation.sides, green: side(null) } }
    expect(resources('/service/desiredCount', 'green', gone)).toEqual([])
  })

  it('is the rule or the listener of that port', () => {
    expect(resources('/listeners/80/DefaultActions/forward')).toEqual([LISTENER])
    expect(resources('/listeners/8081/DefaultActions/forward')).toEqual([`${LISTENER}0`])
    expect(resources('/rules/x/Actions/forward')).toEqual([RULE])
    expect(resources('/rules/x/Actions', 'green', { ...observation, test: null, production: [] })).toEqual([])
  })

  it('is nothing for what is neither', () => {
    expect(resources('/targetGroupAttributes/web-blue/stickiness')).toEqual([])
  })

  it('are calls that change tags where a tag differs', () => {
    const [tags] = trailQuestions('/service/tags/cost', { observation, live: 'green' })
    expect(tags?.events[0]).toBe('TagResource')
    const asked = (path: string) =>
      trailQuestions(path, { observation: withGroup, live: 'green' }).map(({ resource, events }) => [
        resource,
        events,
      ])
    const group = { arn: 'arn:tg/web-blue/1', name: 'web-blue' }
    const withGroup = {
      ...observation,
      sides: { ...observation.sides, blue: { ...observation.sides.blue, targetGroup: group } },
    } as typeof observation
    const calls = ['AddTags', 'RemoveTags']
    expect(asked('/targetGroups/web-blue/Tags/team')).toEqual([[group.arn, calls]])
    expect(asked('/targetGroups/web-blue/Port')).toEqual([])
    expect(asked('/rules/x/Tags/team')).toEqual([[RULE, calls]])
    expect(asked('/listeners/80/Tags/team')).toEqual([[LISTENER, calls]])
  })
})

describe('who has changed a field', () => {
  it('is who made the newest call about it', () => {
    const newer = call({ id: 'id-2', user: 'bob', at: Date.UTC(2026, 0, 2) })
    expect(by(call(), newer)).toEqual({
      user: 'bob',
      event: 'UpdateService',
      eventId: 'id-2',
      at: '2026-01-02T00:00:00.000Z',
    })
  })

  it('is nobody of those who failed, of our own, or who called something else', () => {
    const others = { request: { service: 'other' } }
    expect(
      by(call({ failed: true }), call({ isOwn: true }), call({ name: 'StopTask' }), call(others)),
    ).toBeUndefined()
    expect(by()).toBeUndefined()
  })

  it('is found by the service’s ARN, wherever in the request it stands, but not too deep', () => {
    expect(by(call({ request: { service: SERVICE } }))?.user).toBe('alice')
    expect(by(call({ request: { a: { b: { c: ['web-green'] } } } }))?.user).toBe('alice')
    expect(by(call({ request: { a: { b: { c: { d: ['web-green'] } } } } }))).toBeUndefined()
    expect(by(call({ request: { count: 3, none: null } }))).toBeUndefined()
  })

  it.each([
    [{ user: 'AutoScaling-UpdateDesiredCapacity' }, 'Application Auto Scaling'],
    [{ user: 'x', invokedBy: 'ecs.application-autoscaling.amazonaws.com' }, 'Application Auto Scaling'],
    [{ user: '', invokedBy: 'cloudformation.amazonaws.com' }, 'cloudformation.amazonaws.com'],
    [{ user: '' }, 'unknown'],
    [{ user: 'alice\u001b[31m<b>' }, 'alice??31m?b?'],
    [{ user: 'x'.repeat(500) }, 'x'.repeat(128)],
  ])('has a name that people can read: %j', (more, user) => {
    expect(by(call(more))?.user).toBe(user)
  })
})

describe('the status', () => {
  const author = { user: 'alice', event: 'UpdateService', eventId: 'id-1', at: '2026-01-01T00:00:00.000Z' }
  const field = { path: '/service/desiredCount', class: 'service', live: '3' } as const
  const none = (): undefined => undefined

  it('has who was found out, and keeps who was known while the field is as it was', () => {
    const known = { drift: [{ ...field, by: author }] }
    expect(withAuthors({ drift: [field] }, {}, () => author).drift).toEqual([{ ...field, by: author }])
    expect(withAuthors({ drift: [field] }, known, none).drift).toEqual([{ ...field, by: author }])
    expect(withAuthors({ drift: [{ ...field, live: '4' }] }, known, none).drift).toEqual([
      { ...field, live: '4' },
    ])
  })

  it('is as it was without drift, or where nobody knows', () => {
    expect(withAuthors({}, {}, () => author)).toEqual({})
    expect(withAuthors({ drift: [field] }, {}, none)).toEqual({ drift: [field] })
  })
})
