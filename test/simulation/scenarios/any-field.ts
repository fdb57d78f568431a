import type { Scenario } from './scenario.ts'

const often = (kind: string, times: number): string[] => Array.from({ length: times }, () => kind)

/** People and other teams' Terraform at whatever is compared, wherever a rollout stands. */
export const anyField: Scenario = {
  name: 'any-field',
  says: 'people and Terraform edit any field that is compared, at any moment of a rollout, one of them again and again',
  releases: [1, 1, 2],
  rules: 'named',
  settings: 'named',
  pace: 'careful',
  seats: 1,
  mostPushes: 4,
  pause: { fromMs: 20_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  phases: ['Pending', 'Provisioning', 'Verifying', 'Shifting', 'Baking', 'Succeeded', 'RollingBack'],
  quietMs: 13 * 60_000,
  faults: [
    ...often('any field by hand', 12),
    ...often('a stubborn hand', 2),
    'throttling',
    'stale reads',
    'one lost answer',
    'steersman abort',
    'another count',
    'store conflicts',
    'kill',
  ],
}

/** The same where counts are autoscaling's, and so are their bounds and policies. */
export const anyFieldScaled: Scenario = {
  ...anyField,
  name: 'any-field-scaled',
  says: 'the same where the counts are autoscaling’s',
  scaling: 'tracked',
  always: ['the load changes', 'the load changes'],
  faults: anyField.faults.filter((kind) => kind !== 'another count'),
}
