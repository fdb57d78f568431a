import { describe, expect, it } from 'vitest'
import { loadManifests, substituteRelease } from '../../controller/core/manifest.ts'
import { checkReleaseAllowed, checkTaskDefinitionAllowed } from '../../controller/core/policy.ts'
import type { Policy } from '../../controller/core/policy.ts'
import type { AllowPolicy, DefaultedRelease } from '../../controller/resources/types.ts'
import { validateRelease } from '../../controller/resources/validate.ts'
import { releaseDocument } from '../resources/documents.ts'

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const everything: AllowPolicy = {
  clusters: ['*'],
  loadBalancers: ['*'],
  hosts: ['*'],
  families: ['*'],
  taskRoles: ['arn:aws:iam::123456789012:role/shop-*'],
  executionRoles: ['*'],
  secrets: ['arn:aws:secretsmanager:*:123456789012:secret:shop/*'],
  gateHosts: [],
  privileged: false,
}

function releaseWith(spec: Record<string, unknown>): DefaultedRelease {
  const checked = validateRelease(releaseDocument(spec))
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}

const refusals = (spec: Record<string, unknown>, policy: Policy): string[] =>
  checkReleaseAllowed({ release: releaseWith(spec), policy }).map(({ path }) => path)

const uses = (document: Record<string, unknown>, policy: Policy = { allow: everything }): string[] =>
  checkTaskDefinitionAllowed({ document, family: 'demo-web', release: releaseWith({}), policy }).map(
    ({ path }) => path,
  )

describe('images.allow', () => {
  const policy = { allow: undefined, images: { allow: ['123456789012.dkr.ecr.*.amazonaws.com/*'] } }

  it.each([
    ['of the account, in any region', `${ECR}/web`, true],
    ['in a folder', `${ECR}/shop/web`, true],
    [
      'whose registry only looks alike in its path',
      '123456789012.dkr.ecr.evil.example/x.amazonaws.com/web',
      false,
    ],
    [
      'with a port in front of the look-alike',
      '123456789012.dkr.ecr.evil.example:5000/x.amazonaws.com/web',
      false,
    ],
    ['of another account', '999999999999.dkr.ecr.eu-west-1.amazonaws.com/web', false],
    ['whose name only ends like it', `evil.example/${ECR}/web`, false],
  ])('judges an image %s', (_how, repository, isAllowed) => {
    const sidecar = { containerDefinitions: [{ name: 'other', image: `${repository}:v1` }] }
    expect(refusals({ image: { repository, tag: 'v1' } }, policy).length === 0).toBe(isAllowed)
    expect(uses(sidecar, policy).length === 0).toBe(isAllowed)
  })
})

describe('allow.hosts', () => {
  const traffic = (test: Record<string, unknown>) => ({
    loadBalancer: 'demo',
    rule: { port: 443, host: 'shop.example.com' },
    test,
    targetGroups: { blue: 'a', green: 'b' },
  })
  const allow = { ...everything, hosts: ['*.example.com'] }

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a listener of its own', { port: 8443 }, []],
    ['an allowed host', { port: 443, host: 'test.example.com' }, []],
    ["somebody else's host", { port: 443, host: 'bank.example.org' }, ['/spec/traffic/test/host']],
    ['a wildcard', { port: 443, host: '*' }, ['/spec/traffic/test/host']],
    ['everything that no rule takes on the production listener', { port: 443 }, ['/spec/traffic/test']],
    ['a path of every host', { port: 443, path: '/pay/*' }, ['/spec/traffic/test']],
  ])('judges a test rule for %s', (_what, test, paths) => {
    expect(refusals({ traffic: traffic(test) }, { allow })).toEqual(paths)
  })

  it.each([
    ['a cyrillic letter', 'sh\u043ep-prod'],
    ['a full-width letter', '\uff53hop-prod'],
    ['an invisible character', 'shop-\u200bprod'],
    ['another case', 'Shop-prod'],
  ])(
    'is not the only list that takes names by their letters: a cluster with %s is another one',
    (_how, cluster) => {
      const release = releaseWith({})
      const lookalike = {
        ...release,
        spec: { ...release.spec, service: { ...release.spec.service, cluster } },
      }
      const problems = checkReleaseAllowed({
        release: lookalike,
        policy: { allow: { ...everything, clusters: ['shop-prod'] } },
      })
      expect(problems.map(({ path }) => path)).toEqual(['/spec/service/cluster'])
    },
  )
})

describe('what a task definition reaches for', () => {
  const container = (members: object) => ({ containerDefinitions: [{ name: 'web', image: 'x', ...members }] })
  const other = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:bank/key'

  it.each<[string, Record<string, unknown>, string]>([
    [
      'a secret for a Windows share',
      {
        volumes: [
          {
            name: 'share',
            fsxWindowsFileServerVolumeConfiguration: {
              authorizationConfig: { credentialsParameter: other, domain: 'd' },
            },
          },
        ],
      },
      '/volumes/0/fsxWindowsFileServerVolumeConfiguration/authorizationConfig/credentialsParameter',
    ],
    [
      'a folder of the host by way of a docker volume',
      {
        volumes: [
          {
            name: 'etc',
            dockerVolumeConfiguration: {
              driver: 'local',
              driverOpts: { type: 'none', o: 'bind', device: '/etc' },
            },
          },
        ],
      },
      '/volumes/0/dockerVolumeConfiguration/driverOpts',
    ],
    [
      'a credential specification',
      container({ credentialSpecs: [`credentialspecdomainless:${other}`] }),
      '/containerDefinitions/0/credentialSpecs/0',
    ],
    [
      'no confinement',
      container({ dockerSecurityOptions: ['apparmor:unconfined'] }),
      '/containerDefinitions/0/dockerSecurityOptions/0',
    ],
    [
      'a secret of somebody else',
      container({ secrets: [{ name: 'K', valueFrom: other }] }),
      '/containerDefinitions/0/secrets/0/valueFrom',
    ],
    [
      'a parameter by its name alone',
      container({ secrets: [{ name: 'K', valueFrom: 'bank-key' }] }),
      '/containerDefinitions/0/secrets/0/valueFrom',
    ],
    ['a role of somebody else', { taskRoleArn: 'arn:aws:iam::123456789012:role/admin' }, '/taskRoleArn'],
    [
      'a privileged container, as a text',
      container({ privileged: 'true' }),
      '/containerDefinitions/0/privileged',
    ],
  ])('is judged: %s', (_what, document, path) => {
    expect(uses(document)).toEqual([path])
    expect(uses(document, { allow: undefined })).toEqual([])
  })

  it.each([
    ['less privilege', container({ dockerSecurityOptions: ['no-new-privileges'] })],
    [
      'a docker volume without a device',
      { volumes: [{ name: 'data', dockerVolumeConfiguration: { scope: 'task' } }] },
    ],
    [
      'a credential specification that is allowed',
      container({ credentialSpecs: [`credentialspec:${other.replace('bank', 'shop')}`] }),
    ],
  ])('may have %s', (_what, document) => {
    expect(uses(document)).toEqual([])
  })

  it('includes the role that makes volumes for a service', () => {
    const roleArn = 'arn:aws:iam::123456789012:role/admin'
    const volumeConfigurations = [{ name: 'data', managedEBSVolume: { roleArn } }]
    expect(
      refusals({ service: { cluster: 'demo', settings: { volumeConfigurations } } }, { allow: everything }),
    ).toEqual(['/spec/service/settings/volumeConfigurations/0/managedEBSVolume/roleArn'])
  })
})

describe('overlays and placeholders', () => {
  const base = `apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: web }
spec:
  image: { repository: ${ECR}/web, tag: bank }
  taskDefinition: { inline: { containerDefinitions: [{ name: web, portMappings: [{ containerPort: 80 }] }] } }
  service: { cluster: shop-prod }
`

  it.each([
    ['an overlay', 'spec: { service: { cluster: bank } }'],
    ['a placeholder', "spec: { service: { cluster: '${imageTag}' } }"],
    ['an escaped placeholder', "spec: { service: { cluster: '$${imageTag}' } }"],
  ])('do not go around the lists: the cluster comes from %s', (_how, overlay) => {
    const file = (path: string, text: string) => ({
      path,
      mode: 'file' as const,
      size: text.length,
      text,
      validUtf8: true,
    })
    const { releases, issues } = loadManifests({
      files: [file('deploy/releases/web.yaml', base), file('deploy/overlays/prod/web.yaml', overlay)],
      path: 'deploy',
      environment: 'prod',
      requiredGates: [],
    })
    const refused = releases.flatMap((loaded) => {
      const values = { commit: 'c', imageTag: 'bank', environment: 'prod', region: 'r', account: 'a' }
      const { release } = substituteRelease(loaded, values)
      return checkReleaseAllowed({ release, policy: { allow: { ...everything, clusters: ['shop-prod'] } } })
    })
    expect([...issues, ...refused].length).toBeGreaterThan(0)
  })
})
