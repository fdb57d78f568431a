import type { AwsCall } from '../aws/simulated-aws.ts'
import type { Pair } from '../aws/shape.ts'
import { serviceName } from '../aws/shape.ts'
import { sideNames } from '../aws/view.ts'

export const servicesOf = (pair: Pair): readonly string[] => sideNames.map((side) => serviceName(pair, side))

const rulesOf = ({ production, test }: Pair): readonly string[] => [...production, test]

/** Whether a text names one of the release's services or rules, and not one whose name is only longer. */
export const isNamedIn = (text: string, pair: Pair): boolean =>
  servicesOf(pair).some((name) => new RegExp(`[/:"]${name}"`).test(text)) ||
  rulesOf(pair).some((arn) => text.includes(`"${arn}"`))

/** Whether a controller looks at the release's services. */
export const isLookAt = ({ who, operation, input }: AwsCall, pair: Pair): boolean => {
  const { services } = input
  if (who === 'people' || operation !== 'DescribeServices' || !Array.isArray(services)) return false
  return servicesOf(pair).some((name) => services.includes(name))
}

/** Whether a person changes a service or a rule of the release by the call. */
export const isChangeOf = ({ who, writes, input }: AwsCall, pair: Pair): boolean =>
  who === 'people' &&
  writes &&
  (servicesOf(pair).includes(String(input['service'])) ||
    rulesOf(pair).includes(String(input['ListenerArn'] ?? input['RuleArn'])))
