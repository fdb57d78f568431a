import type { ImageGiver } from '../../resources/images.ts'
import { imagesOf, mainContainerName } from '../../resources/images.ts'
import { isRecord, pointerTo } from '../../resources/problem.ts'
import type { Problem } from '../../resources/problem.ts'
import { releaseObjectName } from '../../resources/names.ts'
import type { DefaultedRelease } from '../../resources/types.ts'
import { nearestName } from '../../resources/validate/nearest.ts'
import { CONTAINER_FIELDS, DESCRIBED_ONLY_FIELDS, TASK_DEFINITION_FIELDS } from './task-definition-fields.ts'

/** Checks the shape of an ECS task definition for a release; ECS itself judges the rest when it is registered. */
export function checkTaskDefinition({
  document,
  release,
  environment,
}: {
  document: unknown
  release: DefaultedRelease
  environment: string | undefined
}): Problem[] {
  if (!isRecord(document))
    return [problem('', 'the task definition is no object; expected the fields of RegisterTaskDefinition')]
  const containers: unknown = document['containerDefinitions']
  const problems = [...unknownFields(document), ...topLevel({ document, release, environment })]
  if (!Array.isArray(containers) || containers.length === 0) {
    const path = containers === undefined ? '' : '/containerDefinitions'
    return [
      ...problems,
      problem(path, 'the task definition has no containers; expected a list containerDefinitions'),
    ]
  }
  return [
    ...problems,
    ...checkContainers({ document, containers, release }),
    ...checkPorts(containers, release),
  ]
}

/** The container that gets the release's image and its requests: the named one, else the one named like the release, else the only one. */
export function mainContainer(
  document: Record<string, unknown>,
  release: ImageGiver<object>,
): Record<string, unknown> | undefined {
  const containers = document['containerDefinitions']
  if (!Array.isArray(containers)) return undefined
  return mainContainerOf(containers, release)
}

/** Whether the release gives a container its image, so that the one which is written in its place never runs. */
export const getsImage = (
  document: Record<string, unknown>,
  release: ImageGiver<object>,
  container: unknown,
): boolean =>
  imagesOf(release).some((named) =>
    named.container === undefined
      ? container === mainContainer(document, release)
      : isRecord(container) && container['name'] === named.container,
  )

function mainContainerOf(
  containers: readonly unknown[],
  release: ImageGiver<object>,
): Record<string, unknown> | undefined {
  const records = containers.filter(isRecord)
  const named = (name: string) => records.find((container) => container['name'] === name)
  const wanted = mainContainerName(release)
  if (wanted !== undefined) return named(wanted)
  return named(release.metadata.name) ?? (records.length === 1 ? records[0] : undefined)
}

function unknownFields(document: Record<string, unknown>): Problem[] {
  return Object.keys(document)
    .filter((name) => !TASK_DEFINITION_FIELDS.includes(name))
    .map((name) => {
      if (!DESCRIBED_ONLY_FIELDS.includes(name))
        return unknownField({ parent: '', name, known: TASK_DEFINITION_FIELDS })
      const message = `the field "${name}" is part of what ECS answers; expected only what RegisterTaskDefinition takes`
      return { path: pointerTo('', name), message, code: 'UnknownField', at: 'key' }
    })
}

function topLevel({
  document,
  release,
  environment,
}: {
  document: Record<string, unknown>
  release: DefaultedRelease
  environment: string | undefined
}): Problem[] {
  const problems: Problem[] = []
  const family = environment && releaseObjectName({ environment, release: release.metadata.name })
  if (family && document['family'] !== undefined && resolved(document['family'], environment) !== family) {
    problems.push(
      problem(
        '/family',
        `the family is Steersman's to keep apart; expected ${JSON.stringify(family)}, or no family`,
      ),
    )
  }
  for (const name of ['cpu', 'memory']) {
    const value = document[name]
    if (value === undefined || typeof value === 'string') continue
    problems.push(problem(`/${name}`, `ECS takes the task's ${name} as a text; expected it in quotes`))
  }
  const tags: unknown = document['tags']
  if (Array.isArray(tags)) {
    tags.forEach((tag: unknown, index) => {
      const key = isRecord(tag) ? tag['key'] : undefined
      if (typeof key !== 'string' || !key.startsWith('steersman.dev/')) return
      problems.push(
        problem(`/tags/${index}/key`, 'tag keys with this prefix belong to Steersman; expected another key'),
      )
    })
  }
  return problems
}

function checkContainers({
  document,
  containers,
  release,
}: {
  document: Record<string, unknown>
  containers: readonly unknown[]
  release: DefaultedRelease
}): Problem[] {
  const problems: Problem[] = []
  const names = new Set<unknown>()
  containers.forEach((container, index) => {
    const path = `/containerDefinitions/${index}`
    if (!isRecord(container)) {
      problems.push(problem(path, 'a container is no object; expected the fields of a container definition'))
      return
    }
    const { name, image } = container
    problems.push(
      ...Object.keys(container)
        .filter((field) => !CONTAINER_FIELDS.includes(field))
        .map((field) => unknownField({ parent: path, name: field, known: CONTAINER_FIELDS })),
    )
    if (typeof name !== 'string' || name === '')
      problems.push(problem(path, 'a container has no name; expected a text name'))
    else if (names.has(name))
      problems.push(
        problem(
          `${path}/name`,
          `two containers are called ${JSON.stringify(name)}; expected a name of its own for each`,
          'DuplicateName',
        ),
      )
    names.add(name)
    if (!getsImage(document, release, container) && (typeof image !== 'string' || image === '')) {
      problems.push(
        problem(path, 'a container has no image; expected a text image, or the release to give it'),
      )
    }
  })
  return [...problems, ...checkImages(containers, release)]
}

/** Each image has its container. */
function checkImages(containers: readonly unknown[], release: DefaultedRelease): Problem[] {
  if (release.spec.image) return mainContainerOf(containers, release) ? [] : [noMainContainer(release)]
  const names = new Set(containers.filter(isRecord).map(({ name }) => name))
  return imagesOf(release).flatMap(({ container }) =>
    names.has(container)
      ? []
      : [
          problem(
            '/containerDefinitions',
            `no container is called ${JSON.stringify(container)}; expected each of those that images names`,
          ),
        ],
  )
}

function noMainContainer(release: DefaultedRelease): Problem {
  const wanted = mainContainerName(release)
  const message =
    wanted === undefined
      ? `no container is called ${JSON.stringify(release.metadata.name)} and there are several; expected the release to name one in ${release.spec.image ? 'image' : 'traffic'}.container`
      : `no container is called ${JSON.stringify(wanted)}; expected the one that ${release.spec.image ? 'image' : 'traffic'}.container names`
  return problem('/containerDefinitions', message)
}

function checkPorts(containers: readonly unknown[], release: DefaultedRelease): Problem[] {
  if (!release.spec.traffic) return []
  const main = mainContainerOf(containers, release)
  if (!main) {
    if (release.spec.image) return []
    return [noMainContainer(release)]
  }
  const path = `/containerDefinitions/${containers.indexOf(main)}`
  const mappings: readonly unknown[] = Array.isArray(main['portMappings']) ? main['portMappings'] : []
  const ports = mappings.filter(isRecord).map((mapping) => mapping['containerPort'])
  const wanted = release.spec.traffic.containerPort
  if (wanted === undefined && ports.length !== 1) {
    const message = `the container has ${ports.length} port mappings; expected one, or traffic.containerPort to name it`
    return [problem(ports.length === 0 ? path : `${path}/portMappings`, message)]
  }
  if (wanted !== undefined && !ports.includes(wanted)) {
    return [
      problem(
        `${path}/portMappings`,
        `no port mapping has port ${wanted}; expected the one that traffic.containerPort names`,
      ),
    ]
  }
  return []
}

function unknownField({
  parent,
  name,
  known,
}: {
  parent: string
  name: string
  known: readonly string[]
}): Problem {
  const near = nearestName(name, known)
  const expected = near === undefined ? "one of ECS's own" : `"${near}"`
  const shown = JSON.stringify(name.slice(0, 80))
  return {
    path: pointerTo(parent, name),
    message: `the field ${shown} is unknown; expected ${expected}`,
    code: 'UnknownField',
    at: 'key',
  }
}

function resolved(family: unknown, environment: string | undefined): unknown {
  return typeof family === 'string' && environment !== undefined
    ? family.replaceAll('${environment}', environment)
    : family
}

function problem(path: string, message: string, code = 'InvalidTaskDefinition'): Problem {
  return { path, message, code, at: 'value' }
}
