import { imagesOf } from '../resources/images.ts'
import { pointerTo } from '../resources/problem.ts'
import type { Problem } from '../resources/problem.ts'
import type { AllowPolicy, DefaultedRelease, ImagePolicy } from '../resources/types.ts'
import { matchesGlob } from './glob.ts'
import { productionRules } from './manifest/consistency.ts'
import { getsImage } from './manifest/task-definition.ts'
import { taskDefinitionUses } from './policy/task-definition-uses.ts'

/** What an environment lets its releases name. */
export interface Policy {
  /** Environment.spec.allow; a list left out allows none, and without the whole block nothing is limited. */
  allow: AllowPolicy | undefined
  /** Environment.spec.images. */
  images?: ImagePolicy | undefined
  /** Environment.spec.requiredGates, which are among the release's own by now. */
  requiredGates?: readonly { readonly name: string }[] | undefined
}

/**
 * Checks what a release names by itself, before anything is looked up: cluster, load balancer, hosts of rules and gates, functions of gates,
 * schedules, image repository. The release is substituted. What only resolution shows is checked by `checkTaskDefinitionAllowed` and
 * `checkRuleHostsAllowed`.
 */
export function checkReleaseAllowed({
  release,
  policy,
}: {
  release: DefaultedRelease
  policy: Policy
}): Problem[] {
  const { spec } = release
  const { allow, images } = policy
  const problems = check({
    path: '/spec/service/cluster',
    value: spec.service.cluster,
    field: 'clusters',
    allow,
  })
  if (spec.traffic) {
    const value = loadBalancerName(spec.traffic.loadBalancer)
    problems.push(...check({ path: '/spec/traffic/loadBalancer', value, field: 'loadBalancers', allow }))
    problems.push(...checkHosts({ release, policy }))
  }
  for (const [index, { group, name }] of (spec.schedules ?? []).entries()) {
    const path = `/spec/schedules/${index}/name`
    problems.push(...check({ path, value: `${group}/${name}`, field: 'schedules', allow }))
  }
  for (const { path, image } of imagesOf(release))
    problems.push(...checkImage({ path: `${path}/repository`, image: image.repository, images }))
  return [...problems, ...checkVolumeRoles({ release, allow }), ...checkGates({ release, policy })]
}

/**
 * Checks a task definition, as written or as ECS describes it, so also that of a pin: family, roles, secrets, images,
 * privileges. `family` stands in where the document has none. Paths are relative to the document.
 */
export function checkTaskDefinitionAllowed({
  document,
  family,
  release,
  policy,
}: {
  document: Record<string, unknown>
  family: string
  release: DefaultedRelease
  policy: Policy
}): Problem[] {
  const { allow, images } = policy
  const named = typeof document['family'] === 'string' ? document['family'] : family
  const problems = check({ path: '/family', value: named, field: 'families', allow })
  for (const use of taskDefinitionUses(document)) {
    if (use.kind === 'privilege') problems.push(...checkPrivilege(use.path, use.value, allow))
    else if (use.kind === 'image') problems.push(...checkContainerImage({ use, document, release, images }))
    else problems.push(...check({ path: use.path, value: use.value, field: use.kind, allow }))
  }
  return problems
}

/** Checks the hosts of a rule that was named by its ARN, once it is described. */
export function checkRuleHostsAllowed({
  hosts,
  path,
  policy,
}: {
  hosts: readonly string[]
  path: string
  policy: Policy
}): Problem[] {
  const { allow } = policy
  if (hosts.length > 0)
    return hosts.flatMap((host) => check({ path, value: host.toLowerCase(), field: 'hosts', allow }))
  // A rule without a host names none, but it takes every one: where the allowed hosts are listed, only "*" covers it.
  return allow?.hosts === undefined ? [] : check({ path, value: '*', field: 'hosts', allow })
}

type ListField = Exclude<keyof AllowPolicy, 'privileged'>

function check(input: {
  path: string
  value: string
  field: ListField
  allow: AllowPolicy | undefined
}): Problem[] {
  if (input.allow === undefined) return []
  const globs = input.allow[input.field] ?? []
  if (globs.some((glob) => matchesGlob(glob, input.value))) return []
  return [notAllowed({ path: input.path, value: input.value, where: `allow.${input.field}`, globs })]
}

function checkHosts({ release, policy }: { release: DefaultedRelease; policy: Policy }): Problem[] {
  const single = release.spec.traffic?.rules === undefined
  const production = productionRules(release).flatMap(({ ruleArn, host }, index) => {
    if (ruleArn !== undefined) return []
    const rule = single ? '/spec/traffic/rule' : `/spec/traffic/rules/${index}`
    return checkRuleHostsAllowed({
      hosts: host === undefined ? [] : [host],
      path: host === undefined ? rule : pointerTo(rule, 'host'),
      policy,
    })
  })
  return [...production, ...checkTestHost({ release, policy })]
}

/** Steersman moves the test rule too. A listener of its own needs no host; beside production rules, all other requests would follow it. */
function checkTestHost({ release, policy }: { release: DefaultedRelease; policy: Policy }): Problem[] {
  const test = release.spec.traffic?.test
  if (test === undefined || test.ruleArn !== undefined) return []
  const path = '/spec/traffic/test'
  if (test.host !== undefined)
    return checkRuleHostsAllowed({ hosts: [test.host], path: pointerTo(path, 'host'), policy })
  const isBeside = productionRules(release).some(({ port }) => port === test.port)
  return isBeside ? checkRuleHostsAllowed({ hosts: [], path, policy }) : []
}

/** ECS takes a role to make the volumes of a service: it is one more that the release gets to use. */
function checkVolumeRoles({
  release,
  allow,
}: {
  release: DefaultedRelease
  allow: AllowPolicy | undefined
}): Problem[] {
  return (release.spec.service.settings?.volumeConfigurations ?? []).flatMap((volume, index) => {
    const value: unknown = volume.managedEBSVolume?.['roleArn']
    if (value === undefined) return []
    const path = `/spec/service/settings/volumeConfigurations/${index}/managedEBSVolume/roleArn`
    return check({ path, value: typeof value === 'string' ? value : '', field: 'taskRoles', allow })
  })
}

type Gate = DefaultedRelease['spec']['gates'][number]

function checkGates({ release, policy }: { release: DefaultedRelease; policy: Policy }): Problem[] {
  const { allow, requiredGates = [] } = policy
  const required = new Set(requiredGates.map(({ name }) => name))
  return release.spec.gates.flatMap((gate, index) => {
    if (!required.has(gate.name)) return checkGate({ gate, path: `/spec/gates/${index}`, allow })
    return checkRequiredGate({ gate, path: '', allow }).map(({ message, ...problem }) => ({
      ...problem,
      path: '/metadata/name',
      message: `the environment's gate ${gate.name} in spec.requiredGates: ${message}`,
    }))
  })
}

/**
 * A gate that the Environment itself names. Its program needs no entry, since whoever writes the one may write the other; its hosts and functions are judged where they
 * are asked, and must stand in `allow` as well.
 */
export function checkRequiredGate(input: {
  gate: Gate
  path: string
  allow: AllowPolicy | undefined
}): Problem[] {
  if (input.gate.script !== undefined) return []
  return checkGate(input).map((problem) => ({
    ...problem,
    message: `${problem.message}; add it to spec.allow of the Environment`,
  }))
}

function checkGate({
  gate,
  path,
  allow,
}: {
  gate: Gate
  path: string
  allow: AllowPolicy | undefined
}): Problem[] {
  // A program runs beside the controller: nobody may name one whom the environment does not let, also where it limits nothing else.
  if (gate.script !== undefined) {
    const value = gate.script.command[0] ?? ''
    return check({ path: `${path}/script/command/0`, value, field: 'scripts', allow: allow ?? {} })
  }
  if (gate.lambda !== undefined)
    return check({ path: `${path}/lambda/function`, value: gate.lambda.function, field: 'lambdas', allow })
  const targets = [
    ['prometheus/server', gate.prometheus?.server],
    ['webhook/url', gate.webhook?.url],
  ] as const
  return targets.flatMap(([field, url]) =>
    url === undefined
      ? []
      : check({ path: `${path}/${field}`, value: hostOf(url) ?? url, field: 'gateHosts', allow }),
  )
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

function checkPrivilege(path: string, what: string, allow: AllowPolicy | undefined): Problem[] {
  if (allow === undefined || allow.privileged === true) return []
  const message = `${what} is not allowed in this environment; expected a task without it (allow.privileged is not true)`
  return [{ path, message, code: 'NotAllowed', at: 'value' }]
}

/** A container's written image never runs when the release gives one; that one was checked as the release's. */
function checkContainerImage({
  use,
  document,
  release,
  images,
}: {
  use: { path: string; value: string; container: unknown }
  document: Record<string, unknown>
  release: DefaultedRelease
  images: ImagePolicy | undefined
}): Problem[] {
  const isReplaced = !release.spec.pin && getsImage(document, release, use.container)
  return isReplaced ? [] : checkImage({ path: use.path, image: use.value, images })
}

function checkImage({
  path,
  image,
  images,
}: {
  path: string
  image: string
  images: ImagePolicy | undefined
}): Problem[] {
  const globs = images?.allow
  const repository = repositoryOf(image)
  if (globs === undefined || globs.some((glob) => matchesRepository(glob, repository))) return []
  return [notAllowed({ path, value: repository, where: 'images.allow', globs })]
}

/** A star in a registry's name ends where the name ends: what follows the first slash is anybody's to choose. */
function matchesRepository(glob: string, repository: string): boolean {
  const [registry, name] = partsOf(repository)
  const [registryGlob, nameGlob] = partsOf(glob)
  if (nameGlob === undefined) return matchesGlob(glob, repository) && (name === undefined || glob === '*')
  return name !== undefined && matchesGlob(registryGlob, registry) && matchesGlob(nameGlob, name)
}

function partsOf(repository: string): readonly [string, string | undefined] {
  const slash = repository.indexOf('/')
  return slash < 0 ? [repository, undefined] : [repository.slice(0, slash), repository.slice(slash + 1)]
}

/** An image without its tag and digest. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/s, '').replace(/:[^:/]*$/, '')
}

function loadBalancerName(nameOrArn: string): string {
  return /:loadbalancer\/app\/([^/]+)\//.exec(nameOrArn)?.[1] ?? nameOrArn
}

function notAllowed(input: {
  path: string
  value: string
  where: string
  globs: readonly string[]
}): Problem {
  const globs = input.globs.length === 0 ? 'none' : input.globs.slice(0, 10).join(', ')
  const value = JSON.stringify(input.value.slice(0, 200))
  const message = `${value} is not allowed in this environment; expected one that ${input.where} names: ${globs}`
  return { path: input.path, message, code: 'NotAllowed', at: 'value' }
}
