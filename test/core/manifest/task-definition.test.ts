import { describe, expect, it } from 'vitest'
import { mainContainer } from '../../../controller/core/manifest/task-definition.ts'
import { WEB, commit, file, load } from './files.ts'

const PATH = 'deploy/taskdefs/web.json'
const web = { name: 'web', portMappings: [{ containerPort: 8080 }] }

describe('a task definition', () => {
  it.each<[string, unknown, string[]]>([
    [
      'that is a list',
      [],
      ['1:1: the task definition is no object; expected the fields of RegisterTaskDefinition'],
    ],
    [
      'without containers',
      {},
      ['1:1: the task definition has no containers; expected a list containerDefinitions'],
    ],
    [
      'with a container that is a text',
      { containerDefinitions: [web, 'x'] },
      [
        '1:81 /containerDefinitions/1: a container is no object; expected the fields of a container definition',
      ],
    ],
    [
      'of another family',
      { family: 'other', containerDefinitions: [web] },
      [`1:11 /family: the family is Steersman's to keep apart; expected "demo-web", or no family`],
    ],
    [
      'with a misspelt field',
      { netwrokMode: 'awsvpc', containerDefinitions: [web] },
      ['1:2 /netwrokMode: the field "netwrokMode" is unknown; expected "networkMode"'],
    ],
    [
      'with a field of its own making',
      { zzzzzzz: 1, containerDefinitions: [web] },
      [`1:2 /zzzzzzz: the field "zzzzzzz" is unknown; expected one of ECS's own`],
    ],
    [
      'as ECS answers it',
      { revision: 3, containerDefinitions: [web] },
      [
        '1:2 /revision: the field "revision" is part of what ECS answers; expected only what RegisterTaskDefinition takes',
      ],
    ],
    [
      'with cpu as a number',
      { cpu: 256, containerDefinitions: [web] },
      [`1:8 /cpu: ECS takes the task's cpu as a text; expected it in quotes`],
    ],
    [
      'with a tag of ours',
      { tags: [{ key: 'a' }, { key: 'steersman.dev/digest' }, 3], containerDefinitions: [web] },
      ['1:29 /tags/1/key: tag keys with this prefix belong to Steersman; expected another key'],
    ],
    [
      'with a misspelt container field',
      { containerDefinitions: [{ ...web, enviroment: [] }] },
      ['1:80 /containerDefinitions/0/enviroment: the field "enviroment" is unknown; expected "environment"'],
    ],
    [
      'with a nameless container',
      { containerDefinitions: [web, { image: 'x' }] },
      ['1:81 /containerDefinitions/1: a container has no name; expected a text name'],
    ],
    [
      'with two containers of one name',
      { containerDefinitions: [web, { ...web, image: 'x' }] },
      [
        '1:89 /containerDefinitions/1/name: two containers are called "web"; expected a name of its own for each',
      ],
    ],
    [
      'with a sidecar without an image',
      { containerDefinitions: [web, { name: 'log' }] },
      [
        '1:81 /containerDefinitions/1: a container has no image; expected a text image, or the release to give it',
      ],
    ],
    [
      'without the container of the image',
      {
        containerDefinitions: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'x' },
        ],
      },
      [
        '1:25 /containerDefinitions: no container is called "web" and there are several; expected the release to name one in image.container',
      ],
    ],
    [
      'without ports',
      { containerDefinitions: [{ name: 'web' }] },
      [
        '1:26 /containerDefinitions/0: the container has 0 port mappings; expected one, or traffic.containerPort to name it',
      ],
    ],
    [
      'with two ports',
      { containerDefinitions: [{ name: 'web', portMappings: [{ containerPort: 1 }, { containerPort: 2 }] }] },
      [
        '1:55 /containerDefinitions/0/portMappings: the container has 2 port mappings; expected one, or traffic.containerPort to name it',
      ],
    ],
    [
      'with an unknown placeholder',
      { containerDefinitions: [{ ...web, user: '${user}' }] },
      [
        '1:87 /containerDefinitions/0/user: ${user} is no placeholder; expected one of ${commit}, ${imageTag}, ${environment}, ${region}, ${account}, or $${ for the text ${',
      ],
    ],
    ['of the right family', { family: 'demo-web', containerDefinitions: [web] }, []],
    ['of a family by placeholder', { family: '${environment}-web', containerDefinitions: [web] }, []],
    ['with one container of another name', { containerDefinitions: [{ ...web, name: 'app' }] }, []],
  ])('%s', (_, document, expected) => {
    const { issues } = load(commit(file(PATH, JSON.stringify(document))))
    expect(issues).toEqual(expected.map((line) => `${PATH}:${line}`))
  })

  it.each<[string, string, string[]]>([
    [
      'names a container that is not there',
      WEB.replace('tag: v1', 'tag: v1, container: app'),
      [
        `${PATH}:2:27 /containerDefinitions: no container is called "app"; expected the one that image.container names`,
        `${PATH}:3:5 /containerDefinitions/0: a container has no image; expected a text image, or the release to give it`,
      ],
    ],
    [
      'names a port that is not there',
      WEB.replace('    rule:', '    containerPort: 99\n    rule:'),
      [
        `${PATH}:5:23 /containerDefinitions/0/portMappings: no port mapping has port 99; expected the one that traffic.containerPort names`,
      ],
    ],
    ['names the port that is there', WEB.replace('    rule:', '    containerPort: 8080\n    rule:'), []],
    [
      'gives no image',
      WEB.replace('  image: { repository: shop/web, tag: v1 }\n', ''),
      [
        `${PATH}:3:5 /containerDefinitions/0: a container has no image; expected a text image, or the release to give it`,
      ],
    ],
  ])('of a release that %s', (_, text, expected) => {
    expect(load(commit(file('deploy/releases/web.yaml', text))).issues).toEqual(expected)
  })

  it("of a release without image and with several containers needs one of the release's name", () => {
    const text = WEB.replace('  image: { repository: shop/web, tag: v1 }\n', '')
    const containers = [
      { name: 'a', image: 'x' },
      { name: 'b', image: 'x' },
    ]
    const files = commit(
      file('deploy/releases/web.yaml', text),
      file(PATH, JSON.stringify({ containerDefinitions: containers })),
    )
    expect(load(files).issues).toHaveLength(1)
  })

  it('must be alone in its file', () => {
    expect(load(commit(file(PATH, '{}\n---\n{}'))).issues).toEqual([
      'deploy/releases/web.yaml:6:27 /spec/taskDefinition/file: deploy/taskdefs/web.json has 2 documents; expected one task definition',
    ])
  })

  it('that can not be read is told once, however many releases name it', () => {
    const api = WEB.replaceAll('web-', 'api-').replace('name: web', 'name: api').replace('80 }', '90 }')
    const { issues, releases } = load(commit(file('deploy/releases/api.yaml', api), file(PATH, '{"a": ')))
    expect(issues).toEqual([expect.stringContaining('this is not YAML')])
    expect(releases).toEqual([])
  })
})

describe('mainContainer', () => {
  it('is nothing in a document without containers', () => {
    expect(mainContainer({}, { metadata: { name: 'web' }, spec: {} })).toBeUndefined()
  })
})
