import type { Pair } from '../aws/shape.ts'
import { serviceName } from '../aws/shape.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import { sideNames } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedReleases } from './stored.ts'

/** I10: when a write reaches AWS, the store tells of it already, so that whoever comes after a crash knows that it may have happened. */
export function checkIntents({ simulation, checkers, report }: CheckerParts): Checker {
  const { pairs, machine } = simulation
  return {
    beforeCall(call) {
      if (!call.writes || call.who === 'people') return
      for (const pair of pairs) {
        const object = objectOf(pair, call)
        if (object === undefined) continue
        // Where somebody has deleted the Release, what it told of the write under way is gone with it.
        if (machine.cluster !== undefined && checkers.excuses.mayBeUnknown(pair.release)) continue
        const writes = storedReleases(machine).get(pair.release)?.writes ?? {}
        const isTold = Object.keys(writes).some((name) => name === object || name.startsWith(`${object}/`))
        if (!isTold)
          report('I10', `${call.operation} by ${call.who}: the store knows of no write to ${object}`)
      }
    },
  }
}

/** By which name the store knows what a call writes; undefined for what is not the release's. */
function objectOf(pair: Pair, { input, operation }: AwsCall): string | undefined {
  if (operation === 'RegisterTaskDefinition') {
    const family = `demo-${pair.release}`
    return input['family'] === family ? `task-definition/${family}` : undefined
  }
  if (operation === 'RunTask') {
    const tags = (input['tags'] ?? []) as readonly { readonly key: string; readonly value: string }[]
    const valueOf = (name: string): string | undefined =>
      tags.find(({ key }) => key === `steersman.dev/${name}`)?.value
    return valueOf('release') === pair.release ? `gate/${valueOf('gate')}/task` : undefined
  }
  const rule = String(input['RuleArn'] ?? input['ListenerArn'])
  if (rule === pair.test) return 'test-rule'
  if (pair.production.includes(rule)) return `rule/${rule}`
  const service = input['service'] ?? input['serviceName']
  const side = sideNames.find((one) => serviceName(pair, one) === service)
  return side === undefined ? undefined : `service/${side}`
}
