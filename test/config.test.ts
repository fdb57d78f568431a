import { describe, expect, it } from 'vitest'

import { ConfigError, readConfig } from '../controller/config.ts'
import type { SourceFile } from '../controller/core/manifest.ts'

const file = (path: string, text: string): SourceFile => ({
  path,
  text,
  mode: 'file',
  size: text.length,
  validUtf8: true,
})

const configuration = (spec: object): SourceFile =>
  file(
    'configuration.yaml',
    JSON.stringify({ apiVersion: 'steersman.dev/v1alpha1', kind: 'Configuration', spec }),
  )

const environment = (source: object): SourceFile =>
  file(
    'prod.yaml',
    JSON.stringify({
      apiVersion: 'steersman.dev/v1alpha1',
      kind: 'Environment',
      metadata: { name: 'prod' },
      spec: { source: { branch: 'prod', ...source }, aws: { region: 'eu-west-1' } },
    }),
  )

const read = (
  files: readonly SourceFile[],
  more: { variables?: Record<string, string>; flags?: { listen?: string; logLevel?: string } } = {},
) => readConfig({ files, directory: '/etc/steersman', variables: {}, ...more })

describe('a configuration', () => {
  it('has a default for everything', () => {
    expect(read([])).toEqual({
      environments: [],
      directory: '/etc/steersman',
      listen: { host: '127.0.0.1', port: 8080 },
      telemetryListen: undefined,
      hosts: [],
      dataDir: '/etc/steersman/data',
      log: { level: 'info', format: undefined },
      tokens: [],
      webhooks: {},
      pollMs: 2_000,
      stalenessBoundMs: 60_000,
      concurrency: 10,
      terraform: { concurrency: 2, isolation: 'Required' },
      rolloutsKept: 50,
      store: { type: 'file' },
      listenersUrl: undefined,
    })
  })

  it('knows who may announce pushes, and by which names it is reached', () => {
    const { hosts, webhooks } = read([
      configuration({
        hosts: ['steersman.example.com'],
        webhooks: {
          github: { secretFrom: { env: 'GITHUB_SECRET' } },
          generic: { secretFrom: { file: 'secrets/generic' } },
        },
      }),
    ])
    expect(hosts).toEqual(['steersman.example.com'])
    expect(webhooks).toEqual({
      github: { env: 'GITHUB_SECRET' },
      generic: { file: '/etc/steersman/secrets/generic' },
    })
    expect(() => read([configuration({ hosts: ['https://steersman.example.com'] })])).toThrow(/hosts/)
  })

  it('looks for the secrets of an environment beside its file', () => {
    const text = `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: prod }
spec:
  source: { repository: https://github.com/acme/shop.git, branch: prod }
  aws: { region: eu-west-1 }
  webhookSecretFrom: { file: key }
  notify:
    - { slack: { webhookFrom: { file: slack } }, on: [Failed] }
    - { webhook: { urlFrom: { env: HOOK } }, on: [Failed] }
`
    expect(read([file('prod.yaml', text)]).environments[0]?.spec).toMatchObject({
      webhookSecretFrom: { file: '/etc/steersman/key' },
      notify: [
        { slack: { webhookFrom: { file: '/etc/steersman/slack' } } },
        { webhook: { urlFrom: { env: 'HOOK' } } },
      ],
    })
  })

  it('takes a store in Kubernetes, whose Environments are not in files', () => {
    const store = { type: 'kubernetes', namespace: 'steersman' }
    expect(read([configuration({ store })])).toMatchObject({ store, environments: [] })
    expect(() => read([configuration({ store }), environment({ repository: './shop.git' })])).toThrow(
      /is not read from a file with store type kubernetes; expected it in the cluster: kubectl apply -f /,
    )
  })

  it.each([
    [{ type: 'file' }, { type: 'file' }],
    [{ type: 'kubernetes' }, { type: 'kubernetes', namespace: undefined, shards: 1 }],
    [
      { type: 'kubernetes', shards: 4 },
      { type: 'kubernetes', namespace: undefined, shards: 4 },
    ],
    [
      { type: 'dynamodb', table: 'state' },
      { type: 'dynamodb', table: 'state', region: undefined, shards: 1 },
    ],
    [
      { type: 'dynamodb', table: 'state', region: 'eu-west-1', shards: 4 },
      { type: 'dynamodb', table: 'state', region: 'eu-west-1', shards: 4 },
    ],
  ])('keeps its state as the store %j says', (store, expected) => {
    expect(read([configuration({ store })]).store).toEqual(expected)
  })

  it.each([
    [{ type: 'dynamodb' }, 'a table belongs to the store type dynamodb'],
    [{ table: 'state' }, 'a table belongs to the store type dynamodb'],
    [{ shards: 2 }, 'shards belong to a store that several controllers share'],
    [{ region: 'eu-west-1' }, 'a region belongs to the store type dynamodb'],
    [{ type: 'kubernetes', region: 'eu-west-1' }, 'a region belongs to the store type dynamodb'],
    [{ type: 'dynamodb', table: 'state', shards: 65 }, 'shards'],
  ])('refuses the store %j', (store, message) => {
    expect(() => read([configuration({ store })])).toThrow(message)
  })

  it('is frozen', () => {
    expect(Object.isFrozen(read([]))).toBe(true)
  })

  it('takes the file', () => {
    const spec = {
      listen: '[::1]:9000',
      telemetryListen: '0.0.0.0:9090',
      dataDir: '/data',
      pollInterval: '500ms',
      stalenessBound: '10s',
      concurrency: 3,
      store: { rollouts: 7 },
      log: { level: 'debug', format: 'json' },
    }
    expect(read([configuration(spec)])).toMatchObject({
      listen: { host: '::1', port: 9000 },
      telemetryListen: { host: '0.0.0.0', port: 9090 },
      dataDir: '/data',
      pollMs: 500,
      stalenessBoundMs: 10_000,
      concurrency: 3,
      rolloutsKept: 7,
      log: { level: 'debug', format: 'json' },
    })
  })

  it('takes flags before variables before the file', () => {
    const files = [configuration({ listen: '127.0.0.1:1', log: { level: 'error' } })]
    const variables = {
      STEERSMAN_LOG_LEVEL: 'warn',
      STEERSMAN_LOG_FORMAT: 'text',
      STEERSMAN_LISTENERS_URL: 'http://x',
    }
    expect(read(files, { variables })).toMatchObject({
      listen: { port: 1 },
      log: { level: 'warn', format: 'text' },
      listenersUrl: 'http://x',
    })
    expect(read(files, { variables, flags: { listen: 'localhost:2', logLevel: 'debug' } })).toMatchObject({
      listen: { host: 'localhost', port: 2 },
      log: { level: 'debug' },
    })
  })

  it('takes an empty variable for none', () => {
    expect(read([], { variables: { STEERSMAN_LISTENERS_URL: '', STEERSMAN_LOG_LEVEL: '' } })).toMatchObject({
      log: { level: 'info' },
      listenersUrl: undefined,
    })
  })

  it('lets relative paths begin at its folder', () => {
    const { environments, tokens } = read([
      environment({
        repository: './shop.git',
        credentialsFrom: { file: 'secrets/git' },
        signingKeyFrom: { env: 'KEY' },
        knownHosts: 'hosts',
        verify: { mode: 'HEAD', allowedSigners: '/abs', gpgKeyring: 'ring' },
      }),
      configuration({ tokens: [{ name: 'ci', role: 'viewer', tokenFrom: { file: 'ci' } }] }),
    ])
    expect(environments[0]?.spec.source).toMatchObject({
      repository: '/etc/steersman/shop.git',
      credentialsFrom: { file: '/etc/steersman/secrets/git' },
      signingKeyFrom: { env: 'KEY' },
      knownHosts: '/etc/steersman/hosts',
      verify: { allowedSigners: '/abs', gpgKeyring: '/etc/steersman/ring' },
    })
    expect(tokens).toMatchObject([{ tokenFrom: { file: '/etc/steersman/ci' } }])
  })

  it.each(['https://example.com/shop.git', 'git@example.com:shop.git', '/srv/shop.git'])(
    'leaves the address %s as it is',
    (repository) => {
      expect(read([environment({ repository })]).environments[0]?.spec.source.repository).toBe(repository)
    },
  )
})

describe('a configuration that can’t be used', () => {
  it('names every issue', () => {
    const files = [
      environment({ repository: 'x', brunch: 'prod' }),
      configuration({ concurrency: 0, dataDir: '' }),
    ]
    const read2 = () => read(files)
    expect(read2).toThrow(ConfigError)
    expect(read2).toThrow(
      /configuration.yaml:1:\d+ \/spec\/concurrency: .+\n.*configuration.yaml:1:\d+ \/spec\/dataDir/,
    )
    expect(read2).toThrow(/prod.yaml:1:\d+ \/spec\/source\/brunch: /)
  })

  it.each([
    [{ flags: { listen: 'nonsense' } }, 'listen is "nonsense"; expected HOST:PORT, the port up to 65535'],
    [{ flags: { listen: 'h:70000' } }, 'listen is "h:70000"; expected HOST:PORT, the port up to 65535'],
    [{ flags: { logLevel: 'loud' } }, 'STEERSMAN_LOG_LEVEL is "loud"; expected error, warn, info, debug'],
    [{ variables: { STEERSMAN_LOG_FORMAT: 'xml' } }, 'STEERSMAN_LOG_FORMAT is "xml"; expected json, text'],
  ])('%j', (more, message) => {
    expect(() => read([], more)).toThrow(message)
  })
})
