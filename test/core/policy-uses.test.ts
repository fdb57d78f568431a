import { describe, expect, it } from 'vitest'
import { checkReleaseAllowed, checkTaskDefinitionAllowed } from '../../controller/core/policy.ts'
import type { Policy } from '../../controller/core/policy.ts'
import { taskDefinitionUses } from '../../controller/core/policy/task-definition-uses.ts'
import type { DefaultedRelease } from '../../controller/resources/types.ts'
import { validateRelease } from '../../controller/resources/validate.ts'
import { releaseDocument } from '../resources/documents.ts'

const ROLE = 'arn:aws:iam::123456789012:role/ecs-volumes'
const RULE_ARN = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/demo/1/2/3'
const open = { clusters: ['*'], loadBalancers: ['*'] }

function releaseOf(spec: Record<string, unknown>): DefaultedRelease {
  const checked = validateRelease(releaseDocument(spec))
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}

const pathsOf = (release: DefaultedRelease, policy: Policy): string[] =>
  checkReleaseAllowed({ release, policy }).map(({ path }) => path)

describe('the host of a test rule', () => {
  const rule = { port: 80, host: 'web.shop.dev' }

  it.each<[string, Record<string, unknown>, string[]]>([
    ['is taken where it is listed', { port: 80, host: 'test.shop.dev' }, []],
    ['is refused where it is not', { port: 80, host: 'bank.dev' }, ['/spec/traffic/test/host']],
    ['is asked for beside production rules', { port: 80, path: '/test/*' }, ['/spec/traffic/test']],
    ['is not asked for on a port of its own', { port: 8081 }, []],
    ['is judged later for a rule by its ARN', { ruleArn: RULE_ARN }, []],
    [
      'is judged later for a rule by its ARN beside others by theirs',
      { ruleArn: RULE_ARN, host: 'bank.dev' },
      [],
    ],
  ])('%s', (_, test, paths) => {
    const traffic = { loadBalancer: 'demo', rule, test, targetGroups: { blue: 'a', green: 'b' } }
    // Only what decides is under test: validation has rules of its own for a test without a host.
    const valid = releaseOf({ traffic: { ...traffic, test: { port: 8081 } } })
    const release = { ...valid, spec: { ...valid.spec, traffic } }
    expect(pathsOf(release, { allow: { ...open, hosts: ['*.shop.dev'] } })).toEqual(paths)
  })

  it('is asked for beside any of the production rules, and only "*" covers none', () => {
    const rules = [
      { port: 80, host: 'web.shop.dev' },
      { port: 443, host: 'web.shop.dev' },
    ]
    const test = { port: 443, path: '/test/*' }
    const traffic = { loadBalancer: 'demo', rules, test, targetGroups: { blue: 'a', green: 'b' } }
    const valid = releaseOf({ traffic: { ...traffic, test: { port: 8081 } } })
    const release = { ...valid, spec: { ...valid.spec, traffic } }
    expect(pathsOf(release, { allow: { ...open, hosts: ['*.shop.dev'] } })).toEqual(['/spec/traffic/test'])
    expect(pathsOf(release, { allow: { ...open, hosts: ['*'] } })).toEqual([])
    expect(pathsOf(release, { allow: { ...open, hosts: ['', '*.shop.dev'] } })).toEqual([
      '/spec/traffic/test',
    ])
  })
})

describe('the role that makes volumes', () => {
  const path = '/spec/service/settings/volumeConfigurations/0/managedEBSVolume/roleArn'

  it.each<[string, Record<string, unknown> | undefined, string[], string[]]>([
    ['is taken where task roles name it', { roleArn: ROLE }, ['*/ecs-*'], []],
    ['is refused where they name another', { roleArn: ROLE }, ['*/web'], [path]],
    ['is refused when it is no text', { roleArn: 7 }, ['*/ecs-*'], [path]],
    ['may be left out', {}, [], []],
    ['is not asked for without a volume of EBS', undefined, [], []],
  ])('%s', (_, managedEBSVolume, taskRoles, paths) => {
    const volume = { name: 'data', ...(managedEBSVolume === undefined ? {} : { managedEBSVolume }) }
    const valid = releaseOf({})
    const service = { ...valid.spec.service, settings: { volumeConfigurations: [volume] } }
    const release = { ...valid, spec: { ...valid.spec, service } }
    expect(pathsOf(release, { allow: { ...open, taskRoles } })).toEqual(paths)
  })
})

describe('a glob of images', () => {
  it.each<[glob: string, image: string, isAllowed: boolean]>([
    ['*', 'registry.dev/shop/web:1', true],
    ['nginx', 'nginx:1.27', true],
    ['nginx', 'nginx@sha256:1', true],
    ['nginx', 'evil/nginx', false],
    ['ng*', 'nginx.evil.dev/web', false],
    ['shop/*', 'nginx', false],
    ['*.shop.dev/*', 'a.shop.dev/web:1@sha256:1', true],
    ['*.shop.dev/*', 'evil.dev/a.shop.dev/web', false],
    ['a.dev/web', 'a.dev/web/other', false],
    ['a.dev/web', 'a.dev/eb', false],
    ['a.dev/*', 'b.dev/web', false],
    ['/web', 'web', false],
  ])('%s over %s allows it: %s', (glob, image, isAllowed) => {
    const problems = checkTaskDefinitionAllowed({
      document: { containerDefinitions: [{ name: 'web', image }] },
      family: 'web',
      release: releaseOf({}),
      policy: { allow: undefined, images: { allow: [glob] } },
    })
    expect(problems.length === 0).toBe(isAllowed)
  })
})

describe('what a task definition uses', () => {
  const used = (document: Record<string, unknown>): string[] =>
    taskDefinitionUses(document).map(({ kind, path, value }) => `${kind} ${path} ${value}`)

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'a device that docker mounts as a volume',
      { volumes: [{ dockerVolumeConfiguration: { driverOpts: { type: 'none', device: '/etc' } } }] },
      ['privilege /volumes/0/dockerVolumeConfiguration/driverOpts a device or folder of the host'],
    ],
    [
      'the credentials of a Windows share',
      {
        volumes: [
          { fsxWindowsFileServerVolumeConfiguration: { authorizationConfig: { credentialsParameter: 'p' } } },
        ],
      },
      [
        'secrets /volumes/0/fsxWindowsFileServerVolumeConfiguration/authorizationConfig/credentialsParameter p',
      ],
    ],
    [
      'credential specs, without the prefix that says how',
      { containerDefinitions: [{ credentialSpecs: ['credentialspec:arn:a', 'credentialspecdomainless:b'] }] },
      [
        'secrets /containerDefinitions/0/credentialSpecs/0 arn:a',
        'secrets /containerDefinitions/0/credentialSpecs/1 b',
      ],
    ],
    [
      'a security option that loosens, not the one that tightens',
      { containerDefinitions: [{ dockerSecurityOptions: ['no-new-privileges', 'apparmor:unconfined'] }] },
      ['privilege /containerDefinitions/0/dockerSecurityOptions/1 another confinement'],
    ],
    ...['networkMode', 'pidMode', 'ipcMode'].map((mode): [string, Record<string, unknown>, string[]] => [
      `the host's own ${mode}, but not another`,
      { networkMode: 'awsvpc', pidMode: 'task', ipcMode: 'none', [mode]: 'host' },
      [`privilege /${mode} ${mode} host`],
    ]),
    [
      'a folder of the host',
      { volumes: [{ host: { sourcePath: '/etc' } }, { host: {} }] },
      ['privilege /volumes/0/host/sourcePath a folder of the host'],
    ],
    [
      'what loosens a container, in words for people',
      {
        containerDefinitions: [
          {
            privileged: true,
            linuxParameters: { capabilities: { add: ['SYS_ADMIN'] }, devices: [{ hostPath: '/dev/kvm' }] },
          },
        ],
      },
      [
        'privilege /containerDefinitions/0/privileged a privileged container',
        'privilege /containerDefinitions/0/linuxParameters/capabilities/add an added kernel capability',
        'privilege /containerDefinitions/0/linuxParameters/devices a device of the host',
      ],
    ],
    [
      'a credential spec whole, where the prefix is not in front',
      { containerDefinitions: [{ credentialSpecs: ['arn:credentialspec:x'] }] },
      ['secrets /containerDefinitions/0/credentialSpecs/0 arn:credentialspec:x'],
    ],
    ['no role and no image without a name', { taskRoleArn: '', containerDefinitions: [{ image: '' }] }, []],
    [
      'nothing where lists and capabilities are empty',
      { containerDefinitions: [{ linuxParameters: { capabilities: { add: [] }, devices: [] } }] },
      [],
    ],
  ])('includes %s', (_, document, uses) => {
    expect(used(document)).toEqual(uses)
  })
})

describe('what a person is told of it', () => {
  const told = (document: Record<string, unknown>, policy: Policy): unknown =>
    checkTaskDefinitionAllowed({ document, family: 'web', release: releaseOf({}), policy })

  it('names the privilege, and the setting that forbids it', () => {
    expect(told({ pidMode: 'host' }, { allow: { families: ['*'] } })).toEqual([
      {
        path: '/pidMode',
        message:
          'pidMode host is not allowed in this environment; expected a task without it (allow.privileged is not true)',
        code: 'NotAllowed',
        at: 'value',
      },
    ])
  })

  it('names the value, and up to ten that are allowed', () => {
    const families = Array.from({ length: 12 }, (_, index) => `f${index}`)
    expect(told({ family: 'x'.repeat(300) }, { allow: { families } })).toEqual([
      {
        path: '/family',
        message: `"${'x'.repeat(200)}" is not allowed in this environment; expected one that allow.families names: ${families.slice(0, 10).join(', ')}`,
        code: 'NotAllowed',
        at: 'value',
      },
    ])
    expect(told({ family: 'x' }, { allow: {} })).toMatchObject([
      { message: expect.stringMatching(/allow\.families names: none$/) as string },
    ])
  })

  it('names the repository of an image, and the setting that limits images', () => {
    const document = { containerDefinitions: [{ name: 'web', image: 'evil.dev/web:1' }] }
    expect(told(document, { allow: undefined, images: { allow: ['a.dev/*'] } })).toMatchObject([
      {
        message:
          '"evil.dev/web" is not allowed in this environment; expected one that images.allow names: a.dev/*',
      },
    ])
  })
})

describe('the image that a release gives', () => {
  const image = { repository: 'a.dev/web', tag: 'v1', container: 'web' }
  const containerDefinitions = [
    { name: 'web', image: 'evil.dev/web:1', portMappings: [{ containerPort: 80 }] },
    { name: 'side', image: 'evil.dev/side:1' },
  ]
  const refused = (spec: Record<string, unknown>): string[] =>
    checkTaskDefinitionAllowed({
      document: { containerDefinitions },
      family: 'web',
      release: releaseOf(spec),
      policy: { allow: undefined, images: { allow: ['a.dev/*'] } },
    }).map(({ path }) => path)

  it('takes the place of what the main container has, and of nothing else', () => {
    expect(refused({ image })).toEqual(['/containerDefinitions/1/image'])
    expect(refused({})).toEqual(['/containerDefinitions/0/image', '/containerDefinitions/1/image'])
  })
})
