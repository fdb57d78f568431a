import { imagesOf } from '../../resources/images.ts'
import type { DefaultedReleaseSpec } from '../../resources/types.ts'
import { namesOf } from '../places.ts'
import type { News, NewsSubject } from './read.ts'

/** A release as far as news may be about it. */
export interface ManagedRelease {
  readonly name: string
  readonly spec: DefaultedReleaseSpec
  /** Whether something of the wanted commit is not there yet, such as its image. */
  readonly waits: boolean
  /** ARNs of the rules and listeners that were seen to be its own; empty before the first look. */
  readonly rules: readonly string[]
}

export interface ManagedEnvironment {
  readonly name: string
  readonly region: string
  /** Undefined where it is whichever account the credentials belong to. */
  readonly accountId: string | undefined
  readonly releases: readonly ManagedRelease[]
}

/** Who is to be looked at now; without a release it is the environment, which knows what is wanted. */
export interface Woken {
  readonly environment: string
  readonly release: string | undefined
}

/** Whom news may concern. What it names may be anybody's: only what is managed is found. */
export function wokenBy(news: News, managed: readonly ManagedEnvironment[]): readonly Woken[] {
  return managed.flatMap((environment) => {
    if (environment.accountId !== undefined && environment.accountId !== news.account) return []
    if (news.subject.kind === 'Repository') return waitingFor(news, news.subject.repository, environment)
    if (environment.region !== news.region) return []
    return concerned(news.subject, environment.releases).map((release) => ({
      environment: environment.name,
      release,
    }))
  })
}

type ArnSubject = Extract<NewsSubject, { kind: 'LoadBalancing' }>
type ServiceSubject = Extract<NewsSubject, { kind: 'Service' }>

function concerned(
  subject: ArnSubject | ServiceSubject,
  releases: readonly ManagedRelease[],
): readonly string[] {
  const found =
    subject.kind === 'Service'
      ? releases.filter((release) => hasService(release, subject))
      : behindLoadBalancer(subject, releases)
  return found.map(({ name }) => name)
}

const hasService = ({ name, spec }: ManagedRelease, { cluster, service }: ServiceSubject): boolean =>
  spec.service.cluster === cluster && Object.values(namesOf({ name, spec })).includes(service)

/** A rule that is known is one release's affair; one that was never seen may be that of any behind its load balancer. */
function behindLoadBalancer(
  { arns }: ArnSubject,
  releases: readonly ManagedRelease[],
): readonly ManagedRelease[] {
  const named = releases.filter(
    ({ spec, rules }) =>
      arns.some((arn) => rules.includes(arn)) || hasTargetGroup(spec.traffic?.targetGroups, arns),
  )
  if (named.length > 0) return named
  return releases.filter(({ spec }) => hasLoadBalancer(spec.traffic?.loadBalancer, arns))
}

function hasTargetGroup(
  groups: { readonly blue: string; readonly green: string } | undefined,
  arns: readonly string[],
): boolean {
  return (
    groups !== undefined &&
    arns.some((arn) => isSame(groups.blue, arn, 'tg') || isSame(groups.green, arn, 'tg'))
  )
}

const hasLoadBalancer = (name: string | undefined, arns: readonly string[]): boolean =>
  name !== undefined && arns.some((arn) => isSame(name, arn, 'lb'))

/** Whether a name or an ARN, as a release has it, is what this ARN is of. */
function isSame(given: string, arn: string, kind: 'tg' | 'lb'): boolean {
  const name = nameIn(arn, kind)
  return name !== undefined && (given === name || nameIn(given, kind) === name)
}

/** `targetgroup/NAME/ID`; load balancers, listeners and rules all have `app/NAME/ID` in theirs. */
function nameIn(arn: string, kind: 'tg' | 'lb'): string | undefined {
  const form =
    kind === 'tg' ? /:targetgroup\/([^/]+)\// : /:(?:loadbalancer|listener|listener-rule)\/app\/([^/]+)\//
  return form.exec(arn)?.[1]
}

/** A push or a scan helps whoever waits for it; what serves has its digest, whatever its tag comes to mean. */
function waitingFor(
  news: News,
  repository: string,
  { name, releases }: ManagedEnvironment,
): readonly Woken[] {
  const isAwaited = releases.some(
    (release) =>
      release.waits &&
      imagesOf({ metadata: release, spec: release.spec }).some(({ image }) =>
        isRepository(image.repository, { repository, region: news.region }),
      ),
  )
  return isAwaited ? [{ environment: name, release: undefined }] : []
}

/** Whether `HOST/NAME`, or a name alone, is this repository; the host of a registry of ECR names its region. */
function isRepository(
  given: string,
  { repository, region }: { readonly repository: string; readonly region: string },
): boolean {
  if (given === repository) return true
  const slash = given.indexOf('/')
  const [host, name] = [given.slice(0, slash), given.slice(slash + 1)]
  return slash > 0 && name === repository && host.includes(`.${region}.`)
}
