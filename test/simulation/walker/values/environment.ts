import { EVERYTHING } from '../../run/allow.ts'
import type { Entries, Entry, Variant } from './entry.ts'
import { alone, outside, refused, refusedAt, REMOVED, stalled, values } from './entry.ts'
import { gateEntries } from './gates.ts'

const noForge = 'the simulated forge asks nobody who they are'
const noReceiver = 'the simulated world has no receiver of webhooks'
const oneAccount = 'the simulated AWS is one account in one region'
const secret = { name: 'steersman', key: 'token' }
const signed = (mode: string): Variant => ({
  set: { '.': mode, '/spec/source/verify/allowedSigners': '/config/signers' },
  expected: { kind: 'Stalled', reason: 'SignatureInvalid' },
})
const noTerraform = 'the simulation runs no Terraform'

/** What there is to try with each property of an Environment. */
export const environmentEntries: Entries = {
  'environment /spec/source/repository': outside('there is one repository'),
  'environment /spec/source/branch': {
    variants: [{ set: { '.': 'nowhere' }, expected: { kind: 'Waits', reason: 'SourceMissing' } }],
  },
  'environment /spec/source/path': {
    variants: [
      stalled('elsewhere', 'SourcePathMissing'),
      { set: { '.': 'deploy/taskdefs' }, expected: { kind: 'Removed' } },
    ],
  },
  'environment /spec/source/interval': { variants: values('5s', '12s') },
  'environment /spec/source/username': outside(noForge),
  'environment /spec/source/credentialsFrom/env': outside(noForge),
  'environment /spec/source/credentialsFrom/file': outside(noForge),
  ...references('/spec/source/credentialsFrom/secretRef'),
  'environment /spec/source/knownHosts': outside(noForge),
  'environment /spec/source/signingKeyFrom/env': outside(noForge),
  'environment /spec/source/signingKeyFrom/file': outside(noForge),
  ...references('/spec/source/signingKeyFrom/secretRef'),
  'environment /spec/webhookSecretFrom/env': outside(noReceiver),
  'environment /spec/webhookSecretFrom/file': outside(noReceiver),
  ...references('/spec/webhookSecretFrom/secretRef'),
  'environment /spec/source/verify/mode': {
    variants: [
      ...values('none'),
      signed('HEAD'),
      {
        says: 'signatures without keys',
        set: {
          '.': 'Tag',
          '/spec/source/verify/allowedSigners': REMOVED,
          '/spec/source/verify/gpgKeyring': REMOVED,
        },
        expected: refusedAt('environment:/spec/source/verify'),
      },
    ],
  },
  'environment /spec/source/verify/allowedSigners': { variants: values('/config/signers') },
  'environment /spec/source/verify/gpgKeyring': { variants: values('/config/keyring') },
  'environment /spec/source/allowRewind': { variants: values(true) },
  'environment /spec/trigger': { variants: alone('Tag') },
  'environment /spec/hold': { variants: values('NextCommit', 'UntilResume') },
  'environment /spec/currentTag': { variants: alone('live/demo') },
  'environment /spec/aws/region': outside(oneAccount),
  'environment /spec/aws/accountId': outside(oneAccount),
  'environment /spec/aws/roleArn': outside(oneAccount),
  'environment /spec/aws/externalId': outside(oneAccount),
  'environment /spec/aws/via/*/roleArn': outside(oneAccount),
  'environment /spec/aws/via/*/externalId': outside(oneAccount),
  'environment /spec/aws/sessionTags/*': outside(oneAccount),
  'environment /spec/aws/events/queueUrl': outside(
    'the simulated AWS tells nobody: test/engine/scenarios/wake-up.test.ts listens to a queue',
  ),
  'environment /spec/terraform/path': outside(noTerraform),
  ...Object.fromEntries(
    [
      'roleArn',
      'previewRoleArn',
      'workspace',
      'varFiles/*',
      'backendConfig/*',
      'apply',
      'driftInterval',
      'binary',
      'backend',
      'providers/*',
      'modules/*',
      'protect/*',
    ].map((name) => [
      `environment /spec/terraform/${name}`,
      outside(noTerraform, { '/spec/terraform/path': 'terraform' }),
    ]),
  ),
  'environment /spec/drift/service': { variants: values('Alert', 'Ignore', 'Correct') },
  'environment /spec/drift/traffic': { variants: values('Alert', 'Ignore', 'Correct') },
  'environment /spec/drift/infrastructure': { variants: values('Ignore', 'Correct') },
  'environment /spec/drift/unmanaged': { variants: values('Ignore') },
  'environment /spec/sweep/deepInterval': { variants: values('1m', '2h') },
  'environment /spec/ignore/*': {
    variants: values('/service/tags/cost-center', '/idleService/tags/cost-center'),
  },
  ...gateEntries({
    document: 'environment',
    list: '/spec/requiredGates',
    host: { '/spec/requiredGates/0': { name: 'company', http: { path: '/' } } },
  }),
  ...freeze(),
  'environment /spec/images/allow/*': {
    variants: [
      ...alone('123456789012.dkr.ecr.*.amazonaws.com/*'),
      refused('elsewhere/*', 'release:/spec/image/repository'),
    ],
  },
  'environment /spec/images/requireScan/maxSeverity': { variants: values('HIGH', 'INFORMATIONAL') },
  ...allow(),
  'environment /spec/prune': { variants: values(true) },
  'environment /spec/suspend': { variants: alone(true) },
  'environment /spec/deletionPolicy': {
    variants: [
      ...values('Orphan'),
      {
        says: 'what is for a cluster alone',
        set: { '.': 'Drain' },
        expected: refusedAt('environment:/spec/deletionPolicy', 'not supported yet: '),
      },
    ],
  },
  ...notifications(),
}

function references(list: string): Entries {
  const at = `environment:${list}`
  const entry = (beside: string, name: 'name' | 'key'): Entry => ({
    host: { [`${list}/${beside}`]: secret[beside as 'name' | 'key'] },
    variants: [
      {
        says: 'what is not supported yet',
        set: { '.': secret[name] },
        expected: refusedAt(at, 'not supported yet: '),
      },
    ],
  })
  return {
    [`environment ${list}/name`]: entry('key', 'name'),
    [`environment ${list}/key`]: entry('name', 'key'),
  }
}

/** Windows on a day that no walk comes to. */
function freeze(): Entries {
  const host = { '/spec/freeze/0': { schedule: '0 16 29 2 *', duration: '1h' } }
  const named = (name: string, ...variants: readonly Variant[]): Entries => ({
    [`environment /spec/freeze/*/${name}`]: { host, variants },
  })
  const wrong = (name: string, value: string): Variant => refused(value, `environment:/spec/freeze/0/${name}`)
  return {
    ...named('schedule', ...values('30 6 29 2 *'), wrong('schedule', '0 25 * * FRI')),
    ...named('duration', ...values('90m'), wrong('duration', '10s')),
    ...named('timeZone', ...values('Europe/Berlin'), wrong('timeZone', 'Europe/Atlantis')),
    ...named('allowRollback', ...values(false)),
    ...named('allowCorrection', ...values(true)),
  }
}

/** Nobody is told of anything in a walk: what is wrong is refused, and what is right changes nothing. */
function notifications(): Entries {
  const slack = (source: object): object => ({ slack: { webhookFrom: source }, on: ['Failed'] })
  const hook = (source: object): object => ({ webhook: { urlFrom: source }, on: ['Failed'] })
  const named = (list: string, receiver: (source: object) => object): Entries => ({
    [`environment ${list}/env`]: {
      host: { '/spec/notify/0': receiver({ env: 'ADDRESS' }) },
      variants: values('OTHER_ADDRESS'),
    },
    [`environment ${list}/file`]: {
      host: { '/spec/notify/0': receiver({ file: '/run/secrets/address' }) },
      variants: values('/run/secrets/other'),
    },
  })
  return {
    ...named('/spec/notify/*/slack/webhookFrom', slack),
    ...named('/spec/notify/*/webhook/urlFrom', hook),
    ...references('/spec/notify/*/slack/webhookFrom/secretRef'),
    ...references('/spec/notify/*/webhook/urlFrom/secretRef'),
    'environment /spec/notify/*/on/*': {
      host: { '/spec/notify/0': slack({ env: 'ADDRESS' }) },
      variants: values('Drifted'),
    },
  }
}

/** Where anything is allowed by name, everything is. */
function allow(): Entries {
  const host = { '/spec/allow': EVERYTHING }
  const container = 'taskDefinition:/containerDefinitions/0'
  const role = 'arn:aws:iam::123456789012:role/other'
  const allows = (name: string, variants: readonly Variant[]): [string, Entry] => [
    `environment /spec/allow/${name}`,
    { host, variants },
  ]
  return Object.fromEntries([
    allows('clusters/*', [...values('demo'), refused('prod-*', 'release:/spec/service/cluster')]),
    allows('loadBalancers/*', [...values('d*o'), refused('prod', 'release:/spec/traffic/loadBalancer')]),
    allows('hosts/*', [...values('*'), refused('*.example.com', 'release:/spec/traffic/rule')]),
    allows('families/*', [...values('demo-*'), refused('prod-*', 'taskDefinition:/family')]),
    allows('taskRoles/*', [
      ...values('none'),
      {
        says: 'another role than allowed',
        set: { '.': 'none', 'taskDefinition:/taskRoleArn': role },
        expected: refusedAt('taskDefinition:/taskRoleArn'),
      },
    ]),
    allows('executionRoles/*', [
      ...values('arn:aws:iam::123456789012:role/demo-*'),
      refused('none', 'taskDefinition:/executionRoleArn'),
    ]),
    allows('secrets/*', [
      ...values('none'),
      {
        says: 'another secret than allowed',
        set: { '.': 'none', [`${container}/secrets`]: [{ name: 'X', valueFrom: 'arn:other' }] },
        expected: refusedAt(`${container}/secrets/0/valueFrom`),
      },
    ]),
    allows('schedules/*', values('none')),
    allows('lambdas/*', values('none')),
    allows('scripts/*', values('none')),
    allows('gateHosts/*', values('none')),
    allows('privileged', [
      ...values(true, false),
      {
        says: 'a privileged container',
        set: { '.': false, [`${container}/privileged`]: true },
        expected: refusedAt(`${container}/privileged`),
      },
    ]),
  ])
}
