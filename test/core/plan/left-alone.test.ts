import { describe, expect, it } from 'vitest'

import { leftResting, restingMessage, withoutResting } from '../../../controller/core/plan/flapping.ts'
import { freezeText, heldBack, underFreeze } from '../../../controller/core/plan/frozen.ts'
import { leavesRule, productionName } from '../../../controller/core/plan/ignored.ts'
import { launchTypeProblem, settingsChange } from '../../../controller/core/plan/settings.ts'
import { withTagKeys } from '../../../controller/core/plan/tags.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { NOW, OLD, seen, service, tasks } from '../rollout/only.ts'
import { inputOf } from './planning.ts'

const MINUTE = 60_000
const { traffic: _none, ...pair } = desiredRelease().spec
const single = { ...pair, strategy: { ...pair.strategy, type: 'Rolling' as const } }
const mailer = { ...desiredRelease(), name: 'mailer', digest: 'd2', spec: single }

/** A release of one service that runs version 1, and no rollout of it is known. */
const only = (change: Partial<PlanInput> = {}): PlanInput => ({
  ...inputOf(served()),
  desired: { ...mailer, version: { taskDefinition: OLD, document: undefined } },
  status: {},
  last: undefined,
  lastSucceeded: undefined,
  observation: seen(service(), tasks(OLD, 2)),
  now: NOW,
  ...change,
})

describe('what rests', () => {
  const ago = (path: string) => [130, 60, 0].map((each) => ({ path, at: timestamp(NOW - each * 1_000) }))
  const resting = (paths: readonly string[], change: Partial<PlanInput> = {}): PlanInput =>
    only({ status: { corrections: paths.flatMap(ago) }, ...change })

  it('is left to whoever changes it, but for what a new commit changes of the service', () => {
    const input = resting(['/service/desiredCount', '/rules/0/weights'])
    expect(withoutResting(input).desired.spec.ignore).toEqual(['/rules/0/weights'])
    const verified = { commit: mailer.commit, digest: 'd2', at: timestamp(0) }
    const known = { ...input, status: { ...input.status, verified } }
    expect(withoutResting(known).desired.spec.ignore).toEqual(['/service/desiredCount', '/rules/0/weights'])
  })

  it('is left beside what the release leaves anyway', () => {
    const ignore = ['/service/tags']
    const desired = { ...mailer, spec: { ...single, ignore } }
    const { desired: after } = withoutResting(resting(['/rules/0/weights'], { desired }))
    expect(after.spec.ignore).toEqual(['/service/tags', '/rules/0/weights'])
  })

  it.each(['Correct', 'Alert', 'Ignore'] as const)('is only told where all rests: policy %s', (policy) => {
    const corrections = Array.from({ length: 60 }, (_, index) => ({
      path: `/${index}`,
      at: timestamp(NOW - index * 1_000),
    }))
    const input = only({ status: { corrections } })
    const { drift } = withoutResting({ ...input, drift: { ...input.drift, traffic: policy } })
    expect(drift).toMatchObject({ service: 'Alert', traffic: policy === 'Correct' ? 'Alert' : policy })
  })

  it('is nothing where nothing flips', () => {
    const input = only()
    expect(withoutResting(input)).toBe(input)
    expect(leftResting(input, 'somebody changed it')).toBeUndefined()
  })

  it('is named for people, the first three of many', () => {
    const until = NOW + 10 * MINUTE
    const end = `left until ${timestamp(until)}: find out who changes it, or leave it to them with spec.ignore`
    expect(restingMessage({ paths: ['/a', '/b', '/c', '/d', '/e'], until })).toBe(
      `put back 3 times in a row: /a, /b, /c and 2 more; ${end}`,
    )
    expect(restingMessage({ paths: ['/a'], until })).toBe(`put back 3 times in a row: /a; ${end}`)
    expect(restingMessage({ paths: [], until })).toBe(`60 fields were put back within an hour; ${end}`)
    expect(leftResting(resting(['/a']), 'changed')).toMatchObject({
      reason: 'Flapping',
      lookAgainMs: 10 * MINUTE,
    })
  })
})

describe('a freeze', () => {
  const freeze = { until: undefined, allowsRollback: false, allowsCorrection: false, windows: ['a', 'b'] }

  it('lets everything pass where there is none', () => {
    const input = only()
    expect(underFreeze(input)).toBe(input)
    expect(heldBack(input, 'Commit')).toBeUndefined()
  })

  it('tells no more of drift than the environment does', () => {
    const drift = { ...only().drift, service: 'Ignore' as const }
    expect(underFreeze(only({ freeze, drift })).drift).toMatchObject({ service: 'Ignore', traffic: 'Alert' })
  })

  it.each([
    ['Drift', true, undefined],
    ['Drift', false, 'the new version waits'],
    ['Commit', true, 'the new version waits'],
  ] as const)('that allows corrections or not holds %s back: %s', (why, allowsCorrection, expected) => {
    const message = heldBack(only({ freeze: { ...freeze, allowsCorrection } }), why)?.message
    expect(message).toBe(expected === undefined ? undefined : `${expected}; ${freezeText(freeze)}`)
  })

  it('names its windows, and when they close', () => {
    expect(freezeText(freeze)).toBe('frozen by a, b until spec.freeze is corrected: a window can’t be read')
    expect(freezeText({ ...freeze, until: NOW })).toBe(`frozen by a, b until ${timestamp(NOW)}`)
  })
})

describe('a rule that is left to others', () => {
  const input = inputOf(served())
  const [rule] = input.observation.production
  if (rule === undefined || rule === null) throw new Error('no rule')

  it('is none that the release does not name', () => {
    expect(productionName(only(), 0)).toBeUndefined()
    const desired = { ...input.desired, spec: { ...input.desired.spec, ignore: ['/rules'] } }
    expect(leavesRule({ ...input, desired }, { rule, name: undefined, to: 'blue' })).toBe(false)
  })

  it('is named by its place, or is the only one', () => {
    const { traffic } = input.desired.spec
    if (traffic === undefined) throw new Error('no traffic')
    expect(productionName(input, 0)).toEqual({ ruleArn: 'arn:rule/1' })
    const { rules: _rules, ...rest } = traffic
    const one = { ...rest, rule: { ruleArn: 'arn:one' } }
    const desired = { ...input.desired, spec: { ...input.desired.spec, traffic: one } }
    expect(productionName({ ...input, desired }, 0)).toEqual({ ruleArn: 'arn:one' })
  })
})

describe('settings of a service that is there', () => {
  it('have no launch type to tell where AWS shows none', () => {
    const problem = launchTypeProblem(service({ settings: {} }), { launchType: 'EC2' }, 'only')
    expect(problem?.message).toMatch(
      /^ECS can't change the launch type of service mailer to EC2; delete the service, whose work stands still meanwhile/,
    )
  })

  it('are written whole where the service has nothing of them', () => {
    const deploymentConfiguration = { maximumPercent: 150, minimumHealthyPercent: 50 }
    expect(settingsChange(service(), { deploymentConfiguration }).inPlace).toMatchObject({
      deploymentConfiguration,
    })
  })
})

describe('keys of tags that are to be given', () => {
  it('are remembered once, also where none were known', () => {
    expect(withTagKeys({}, ['a', 'b'])).toEqual({ tagKeys: ['a', 'b'] })
    expect(withTagKeys({ tagKeys: ['a'] }, ['a', 'b'])).toEqual({ tagKeys: ['a', 'b'] })
    const known = { tagKeys: ['a'] }
    expect(withTagKeys(known, ['a'])).toBe(known)
  })
})
