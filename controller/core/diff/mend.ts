import { isInPlace } from '../plan/settings.ts'
import type { Change } from './change.ts'
import { pointerSegments } from './change.ts'

/** Starts tasks of the wanted version on the other side, with its gates, rather than under users. */
const ROLLOUT = 'rollout'

/** The writes that would bring a field back: AWS's operations, `rollout`, or `terraform apply`; none where nobody may say what is right but a person. */
export function mendedBy({ path, owner, wanted }: Change): readonly string[] {
  if (owner === 'Terraform') return ['terraform apply']
  if (owner !== 'Steersman') return []
  const [root = '', member, part] = pointerSegments(path)
  if (part === 'Tags') return ['elasticloadbalancing:AddTags']
  if (root === 'listeners') return ['elasticloadbalancing:ModifyListener']
  if (root === 'rules') return ['elasticloadbalancing:ModifyRule']
  if (root === 'idleService' && member === 'taskDefinition') return ['ecs:UpdateService']
  if (root === 'service' || root === 'idleService') return [mendOfService(root, member, wanted)]
  return [ROLLOUT]
}

function mendOfService(root: 'service' | 'idleService', member: string | undefined, wanted: unknown): string {
  if (member === undefined || member === 'status') return root === 'service' ? ROLLOUT : 'ecs:CreateService'
  if (member === 'tags') return wanted === null ? 'ecs:UntagResource' : 'ecs:TagResource'
  return member !== 'taskDefinition' && isInPlace(member) ? 'ecs:UpdateService' : ROLLOUT
}
