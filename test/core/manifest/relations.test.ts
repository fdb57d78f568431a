import { describe, expect, it } from 'vitest'
import type { SourceFile } from '../../../controller/core/manifest.ts'
import { TASK_DEFINITION, WEB, commit, file, load } from './files.ts'

/** A release of that name with lines of YAML at the top of its spec. */
const release = (name: string, spec: string): readonly SourceFile[] => [
  file(
    `deploy/releases/${name}.yaml`,
    WEB.replace('name: web', `name: ${name}`)
      .replaceAll('web-blue', `${name}-blue`)
      .replaceAll('web-green', `${name}-green`)
      .replace('taskdefs/web.json', `taskdefs/${name}.json`)
      .replace('spec:\n', `spec:\n${spec}`),
  ),
  file(`deploy/taskdefs/${name}.json`, TASK_DEFINITION.replace('"name": "web"', `"name": "${name}"`)),
]

const after = (...names: readonly string[]): string =>
  `  dependsOn: [${names.map((name) => `{name: ${name}}`).join(', ')}]\n`
const inGroup = (name = 'shop'): string => `  group: {name: ${name}, atomic: true}\n`

function issues(specs: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.entries(specs).flatMap(([name, spec]) => release(name, spec))
  return load(commit(...files)).issues
}

describe('what a release depends on', () => {
  it('may be any other release of the commit', () => {
    expect(issues({ web: after('api', 'worker'), api: after('worker'), worker: '' })).toEqual([])
  })

  it.each<readonly [what: string, specs: Readonly<Record<string, string>>, expected: readonly string[]]>([
    [
      'itself',
      { web: after('web') },
      [
        'deploy/releases/web.yaml:5:22 /spec/dependsOn/0/name: the release depends on itself; expected another one',
      ],
    ],
    [
      'a release that there is not',
      { web: after('api') },
      [
        'deploy/releases/web.yaml:5:22 /spec/dependsOn/0/name: there is no release "api" in this environment; expected the name of one',
      ],
    ],
    [
      'a release that waits for it',
      { web: after('api'), api: after('worker'), worker: after('web') },
      [
        'deploy/releases/api.yaml:5:22 /spec/dependsOn/0/name: api waits for worker waits for web waits for api; expected an order without a circle',
        'deploy/releases/web.yaml:5:22 /spec/dependsOn/0/name: web waits for api waits for worker waits for web; expected an order without a circle',
        'deploy/releases/worker.yaml:5:22 /spec/dependsOn/0/name: worker waits for web waits for api waits for worker; expected an order without a circle',
      ],
    ],
    [
      'a member of its own group',
      { web: inGroup() + after('api'), api: inGroup() },
      [
        'deploy/releases/web.yaml:6:22 /spec/dependsOn/0/name: api is of the same group shop, and a group moves at once; expected a release of another group, or none',
      ],
    ],
    [
      'what waits for a member of its group',
      { web: inGroup() + after('worker'), api: inGroup(), worker: after('api') },
      [
        'deploy/releases/web.yaml:6:22 /spec/dependsOn/0/name: web waits for worker waits for api waits for web; expected an order without a circle',
        'deploy/releases/worker.yaml:5:22 /spec/dependsOn/0/name: worker waits for api waits for web waits for worker; expected an order without a circle',
      ],
    ],
  ])('may not be %s', (_what, specs, expected) => {
    expect(issues(specs)).toEqual(expected)
  })

  it('is not told to be missing where its own document is wrong', () => {
    expect(issues({ web: after('api'), api: '  unknown: 1\n' })).toEqual([
      expect.stringContaining('deploy/releases/api.yaml:5:3 /spec/unknown'),
    ])
  })
})

describe('the members of a group', () => {
  it('may be of one kind, whatever moves beside them', () => {
    expect(issues({ web: inGroup(), api: inGroup(), worker: inGroup('other') })).toEqual([])
  })

  it('are told apart from a group that does not move as one', () => {
    expect(issues({ web: '  group: {name: shop, atomic: false}\n' })).toEqual([
      'deploy/releases/web.yaml:5:31 /spec/group/atomic: a group moves as one, or its releases need none; expected true, or no group',
    ])
  })

  it('move in the same steps, and bake alike', () => {
    const canary = '  strategy: {type: Canary, steps: [{weight: 10, for: 2m}]}\n'
    const later = '  strategy: {bake: 9s}\n'
    expect(issues({ api: inGroup() + canary, web: inGroup() + canary, worker: inGroup() + later })).toEqual([
      'deploy/releases/worker.yaml:6:13 /spec/strategy: the members of group shop move together, and api moves as Canary (10 % for 2m, 100 %), bake 5m, supersede BeforeShift; expected the same type, steps and bake',
    ])
  })
})
