import { describe, expect, it } from 'vitest'
import { hostsOf } from '../../controller/core/observation.ts'
import type { RuleFacts } from '../../controller/core/observation.ts'

const ruleWith = (conditions: RuleFacts['conditions']): RuleFacts => ({
  arn: 'arn:rule/1',
  kind: 'Rule',
  listenerArn: 'arn:listener',
  port: 80,
  protocol: 'HTTP',
  weights: [],
  stickiness: { enabled: false, durationSeconds: undefined },
  actions: [],
  conditions,
})

describe('the hosts of a rule', () => {
  it.each<[string, RuleFacts['conditions'], string[]]>([
    ['are none without conditions', [], []],
    [
      'are those of its config',
      [{ Field: 'host-header', HostHeaderConfig: { Values: ['a', 'b'] } }],
      ['a', 'b'],
    ],
    ['are those of the older field', [{ Field: 'host-header', Values: ['a'] }], ['a']],
    [
      'are told once where both name them',
      [{ Field: 'host-header', Values: ['a'], HostHeaderConfig: { Values: ['a'] } }],
      ['a'],
    ],
    ['are none where the condition names none', [{ Field: 'host-header', HostHeaderConfig: {} }], []],
    [
      'are not the values of other conditions',
      [
        { Field: 'path-pattern', Values: ['/x'] },
        { Field: 'host-header', Values: ['a'] },
      ],
      ['a'],
    ],
  ])('%s', (_, conditions, hosts) => {
    expect(hostsOf(ruleWith(conditions))).toEqual(hosts)
  })
})
