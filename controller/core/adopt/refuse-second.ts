import { ENVIRONMENT_TAG, RELEASE_TAG } from './tags.ts'
import type { AdoptionFacts, AdoptionWishes } from './facts.ts'
import type { AdoptedNames } from './names.ts'
import type { Refusal } from './refusal.ts'
import { when } from './refusal.ts'

/** A target group's name has at most so many characters. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
const LONGEST_TARGET_GROUP = 32

/** Whose the service is, and what stands where the second side shall be. */
export function refuseSecond(
  { service, targetGroup, second }: AdoptionFacts,
  wishes: AdoptionWishes,
  names: AdoptedNames,
): readonly Refusal[] {
  const { green } = names.targetGroups
  return [
    ...[service, second.service].flatMap((each) =>
      each === null ? [] : refuseOwner(each.name, each.tags, { ...wishes, release: names.release }),
    ),
    ...when(
      !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(names.release),
      'ReleaseNameMissing',
      `${JSON.stringify(wishes.service)} gives no name for a release`,
      'give one with --release: small letters, digits and hyphens',
    ),
    ...when(
      green.length > LONGEST_TARGET_GROUP,
      'TargetGroupNameTooLong',
      `the second target group would be called ${green}, which has ${green.length} characters`,
      `give a name of up to ${LONGEST_TARGET_GROUP} with --green-target-group`,
    ),
    ...when(
      second.service !== null && !second.service.targetGroupArns.includes(second.targetGroup?.arn ?? ''),
      'SecondServiceTaken',
      `service ${names.services.green} exists and does not register its tasks in target group ${green}`,
      'give another name with --green-service, or delete that service where nobody needs it',
    ),
    ...when(
      second.service !== null && second.service.desiredCount > 0,
      'SecondServiceRuns',
      `service ${names.services.green} has ${second.service?.desiredCount ?? 0} tasks`,
      'give another name with --green-service, or scale it to 0 where nobody needs it',
    ),
    ...when(
      isOfAnother(second.targetGroup?.loadBalancerArns, targetGroup?.loadBalancerArns),
      'SecondTargetGroupTaken',
      `target group ${green} belongs to another load balancer`,
      'give another name with --green-target-group',
    ),
  ]
}

function refuseOwner(
  name: string,
  tags: Readonly<Record<string, string>>,
  { environment, release }: { readonly environment: string; readonly release: string },
): readonly Refusal[] {
  const owner = `${tags[ENVIRONMENT_TAG] ?? environment}/${tags[RELEASE_TAG] ?? release}`
  return when(
    owner !== `${environment}/${release}`,
    'AlreadyClaimed',
    `service ${name} belongs to the release ${owner}, as its tags say`,
    `look at steersman status, or take the tags ${ENVIRONMENT_TAG} and ${RELEASE_TAG} away where that release is gone`,
  )
}

const isOfAnother = (seen: readonly string[] = [], wanted: readonly string[] = []): boolean =>
  seen.some((arn) => !wanted.includes(arn))
