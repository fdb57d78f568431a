import type { Change } from './diff/change.ts'
import { sortChanges } from './diff/change.ts'
import { diffRule } from './diff/rule.ts'
import { diffService } from './diff/service.ts'
import { diffTargetGroup } from './diff/target-group.ts'
import { diffTaskDefinition } from './diff/task-definition.ts'
import type { LiveRelease, WantedRelease } from './diff/wanted.ts'
import { withoutIgnored } from './ignore.ts'

export type { Change, ChangeClass, Owner } from './diff/change.ts'
export type {
  LiveRelease,
  LiveRule,
  LiveService,
  LiveTargetGroup,
  RuleName,
  ScalableRange,
  WantedRelease,
  WantedRule,
  WantedService,
} from './diff/wanted.ts'
export { describeChange, redactChange } from './diff/describe.ts'

/** Every field that is not as the release wants it, sorted by path; empty when the live state means the same. Writes nothing, knows no time. */
export function diffRelease(wanted: WantedRelease, live: LiveRelease): Change[] {
  const ranges = live.scalableRanges ?? []
  const { ignore } = wanted
  const changes = [
    ...diffService('service', wanted.service, live.service, { ranges, ignore }),
    ...diffService('idleService', wanted.idleService, live.idleService, { ranges, ignore }),
    ...diffTaskDefinition(wanted.taskDefinition, live.taskDefinition, ignore),
    ...(wanted.rules ?? []).flatMap((rule, index) => diffRule(rule, live.rules?.[index])),
    ...(wanted.targetGroups ?? []).flatMap((group, index) =>
      diffTargetGroup(group, live.targetGroups?.[index]),
    ),
  ]
  return sortChanges(withoutIgnored(changes, ignore))
}
