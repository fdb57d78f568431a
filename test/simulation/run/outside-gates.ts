import { ACCOUNT, REGION } from '../aws/shape.ts'

/** How many requests warm each version up: more than a batch has. */
const WARMING = 30

/** A function that is asked about each version. */
export const HOOK = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:hook`

/** The gate that looks at the share of errors. */
export const SHARE_GATE = 'error-share'

/** Where the releases' own metrics are. */
export const NAMESPACE = 'Shop'

const series = (metric: string): string =>
  `{namespace: ${NAMESPACE}, metric: ${metric}, dimensions: {TargetGroup: '\${targetGroup}'}, statistic: Sum}`

/** A gate of each kind that asks somebody else than a listener or a person, as YAML in front of the release's other gates. */
export function withOutsideGates(text: string): string {
  const gates = [
    `{name: hook, lambda: {function: '${HOOK}', payload: {suite: checkout}}, timeout: 1m}`,
    `{name: warm, warming: {requests: ${WARMING}, perSecond: 8, paths: [/, /basket]}, timeout: 1m, failureLimit: 2}`,
    '{name: check, script: {command: [scripts/check.sh, checkout]}, timeout: 2m}',
    "{name: audit, when: BeforeShift, webhook: {url: 'http://receiver.simulation', callback: true}, timeout: 2m}",
    `{name: ${SHARE_GATE}, when: Bake, cloudwatch: {queries: {errors: ${series('Errors')}, requests: ${series('Requests')}}, expression: 100 * errors / requests, max: 1}, timeout: 3m}`,
  ]
  return text.replace(/^  gates:\n/m, `  gates:\n${gates.map((gate) => `    - ${gate}\n`).join('')}`)
}
