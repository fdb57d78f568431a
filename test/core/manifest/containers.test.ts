import { describe, expect, it } from 'vitest'
import { checkTaskDefinition, mainContainer } from '../../../controller/core/manifest/task-definition.ts'
import { validateRelease } from '../../../controller/resources/validate.ts'
import type { DefaultedRelease } from '../../../controller/resources/types.ts'
import { releaseDocument } from '../../resources/documents.ts'

const web = { name: 'web', portMappings: [{ containerPort: 8080 }] }
const log = { name: 'log', image: 'log:1' }
const traffic = { loadBalancer: 'demo', rule: { port: 80 }, targetGroups: { blue: 'b', green: 'g' } }

function release(spec: Record<string, unknown> = {}): DefaultedRelease {
  const image = { repository: 'shop/web', tag: 'v1' }
  const document: unknown = JSON.parse(JSON.stringify(releaseDocument({ image, traffic, ...spec }, 'web')))
  const checked = validateRelease(document)
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}

const check = (document: unknown, { of = release() }: { of?: DefaultedRelease } = {}): readonly string[] =>
  checkTaskDefinition({ document, release: of, environment: 'demo' }).map(
    ({ path, message, code, at }) => `${code} ${at} ${path}: ${message.split(';')[0] ?? ''}`,
  )

const withContainers = (...containerDefinitions: readonly unknown[]) => ({ containerDefinitions })
const wrong = 'InvalidTaskDefinition value'

describe('a task definition is checked', () => {
  it.each<readonly [what: string, document: unknown, expected: readonly string[]]>([
    ['as none where it is nothing', null, [`${wrong} : the task definition is no object`]],
    [
      'for containers where there is an empty list',
      withContainers(),
      [`${wrong} /containerDefinitions: the task definition has no containers`],
    ],
    [
      'for containers where there is no list',
      { containerDefinitions: {} },
      [`${wrong} /containerDefinitions: the task definition has no containers`],
    ],
    [
      'in full also without containers',
      { cpu: 1 },
      [
        `${wrong} /cpu: ECS takes the task's cpu as a text`,
        `${wrong} : the task definition has no containers`,
      ],
    ],
    [
      'for sizes that are texts',
      { ...withContainers(web), cpu: 256, memory: 512 },
      ['cpu', 'memory'].map((name) => `${wrong} /${name}: ECS takes the task's ${name} as a text`),
    ],
    ['and may have sizes that are texts', { ...withContainers(web), cpu: '256', memory: '512' }, []],
    [
      'for keys of tags, where there are any',
      { ...withContainers(web), tags: [null, { key: 1 }, { key: 'x.steersman.dev/' }] },
      [],
    ],
    ['for tags, where they are a list', { ...withContainers(web), tags: { key: 'steersman.dev/a' } }, []],
    [
      'for a family that is no text',
      { ...withContainers(web), family: 1 },
      [`${wrong} /family: the family is Steersman's to keep apart`],
    ],
    [
      'for fields, each of them',
      { ...withContainers(web), a: 1, status: 'x' },
      [
        'UnknownField key /a: the field "a" is unknown',
        'UnknownField key /status: the field "status" is part of what ECS answers',
      ],
    ],
    [
      'for fields of long names',
      { ...withContainers(web), ['k'.repeat(81)]: 1 },
      [`UnknownField key /${'k'.repeat(81)}: the field "${'k'.repeat(80)}" is unknown`],
    ],
    [
      'for fields of each container',
      withContainers({ ...web, a: 1 }, { ...log, b: 1 }),
      [
        'UnknownField key /containerDefinitions/0/a: the field "a" is unknown',
        'UnknownField key /containerDefinitions/1/b: the field "b" is unknown',
      ],
    ],
    [
      'for an empty name',
      withContainers(web, { ...log, name: '' }),
      [`${wrong} /containerDefinitions/1: a container has no name`],
    ],
    [
      'for a name that is no text',
      withContainers(web, { ...log, name: 1 }),
      [`${wrong} /containerDefinitions/1: a container has no name`],
    ],
    [
      'for names of which three are the same',
      withContainers(web, log, log, log),
      [2, 3].map(
        (index) => `DuplicateName value /containerDefinitions/${index}/name: two containers are called "log"`,
      ),
    ],
    [
      'for an empty image',
      withContainers(web, { ...log, image: '' }),
      [`${wrong} /containerDefinitions/1: a container has no image`],
    ],
    [
      'for an image that is no text',
      withContainers(web, { ...log, image: 1 }),
      [`${wrong} /containerDefinitions/1: a container has no image`],
    ],
    [
      'for ports that are objects',
      withContainers({ ...web, portMappings: [1, null, { containerPort: 80 }] }),
      [],
    ],
    [
      'for ports that are a list',
      withContainers({ ...web, portMappings: { containerPort: 80 } }),
      [`${wrong} /containerDefinitions/0: the container has 0 port mappings`],
    ],
    ['for the ports of the main container only', withContainers({ ...log, portMappings: [] }, web), []],
    [
      'at the main container, where that is the second',
      withContainers(log, { ...web, portMappings: [] }),
      [`${wrong} /containerDefinitions/1: the container has 0 port mappings`],
    ],
  ])('%s', (_what, document, expected) => {
    expect(check(document)).toEqual(expected)
  })

  it('for no ports where the release has no traffic', () => {
    const rolling = release({ traffic: undefined, strategy: { type: 'Rolling' } })
    expect(check(withContainers({ name: 'web' }), { of: rolling })).toEqual([])
  })

  it('for no family where there is no environment', () => {
    const document = { ...withContainers(web), family: '${environment}-api' }
    expect(check(document)).toHaveLength(1)
    expect(checkTaskDefinition({ document, release: release(), environment: undefined })).toEqual([])
  })

  it.each<
    readonly [
      what: string,
      spec: Record<string, unknown>,
      containers: readonly unknown[],
      expected: readonly string[],
    ]
  >([
    [
      'none of several, with an image',
      {},
      [
        { ...log, name: 'a' },
        { ...log, name: 'b' },
      ],
      [`${wrong} /containerDefinitions: no container is called "web" and there are several`],
    ],
    [
      'none of several, without an image',
      { image: undefined },
      [
        { ...log, name: 'a' },
        { ...log, name: 'b' },
      ],
      [`${wrong} /containerDefinitions: no container is called "web" and there are several`],
    ],
    [
      'not the one that is named',
      { image: { repository: 'r', tag: 't', container: 'x' } },
      [log],
      [`${wrong} /containerDefinitions: no container is called "x"`],
    ],
    [
      'the one that is named',
      { image: { repository: 'r', tag: 't', container: 'app' } },
      [
        { name: 'app', portMappings: [{ containerPort: 1 }] },
        { ...web, image: 'x' },
      ],
      [],
    ],
  ])('for the container that gets the image: %s', (_what, spec, containers, expected) => {
    expect(check(withContainers(...containers), { of: release(spec) })).toEqual(expected)
  })
})

describe('the main container', () => {
  const of = (container?: string) => ({
    metadata: { name: 'web' },
    spec: container === undefined ? {} : { image: { container } },
  })

  it.each<readonly [what: string, containers: unknown, container: string | undefined, expected: unknown]>([
    ['the named one', [web, log], 'log', log],
    ['none, where the named one is not there', [web], 'log', undefined],
    ['the one of the name of the release', [log, web], undefined, web],
    ['the only one', [log], undefined, log],
    ['the only one that is an object', ['x', log, null], undefined, log],
    ['none of several', [log, { name: 'b' }], undefined, undefined],
    ['none of nothing', [], undefined, undefined],
    ['none of what is no list', { web }, undefined, undefined],
  ])('is %s', (_what, containerDefinitions, container, expected) => {
    expect(mainContainer({ containerDefinitions }, of(container))).toEqual(expected)
  })
})
