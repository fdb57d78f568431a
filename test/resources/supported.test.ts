import { describe, expect, it } from 'vitest'
import { UNSUPPORTED, findUnsupported } from '../../controller/resources/supported.ts'
import { environmentDocument, releaseDocument } from './documents.ts'

describe('findUnsupported', () => {
  it('refuses a secret by reference where the objects are in no cluster', () => {
    const source = {
      url: 'https://example.com/shop.git',
      credentialsFrom: { secretRef: { name: 'a', key: 'b' } },
    }
    expect(findUnsupported(environmentDocument({ source })).map((problem) => problem.message)).toEqual([
      'not supported yet: source.credentialsFrom.secretRef; expected env or file: a Secret of Kubernetes is read with spec.store {type: kubernetes} of the Configuration',
    ])
    expect(findUnsupported(environmentDocument({ source }), { isInCluster: true })).toEqual([])
  })

  it('takes the address of a notification from the cluster only where there is one', () => {
    const source = { secretRef: { name: 'chat', key: 'url' } }
    const notify = [
      { slack: { webhookFrom: source }, on: ['Failed'] },
      { webhook: { urlFrom: source }, on: ['Failed'] },
    ]
    const document = environmentDocument({ notify })
    expect(findUnsupported(document).map(({ path }) => path)).toEqual([
      '/spec/notify/0/slack/webhookFrom/secretRef',
      '/spec/notify/1/webhook/urlFrom/secretRef',
    ])
    expect(findUnsupported(document, { isInCluster: true })).toEqual([])
  })

  it('takes the secret of webhooks from the cluster only where there is one', () => {
    const secretFrom = { secretRef: { name: 'forge', key: 'secret' } }
    const document = { kind: 'Configuration', spec: { webhooks: { github: { secretFrom } } } }
    expect(findUnsupported(document).map(({ path, code }) => `${path} ${code}`)).toEqual([
      '/spec/webhooks/github/secretFrom/secretRef NotSupportedYet',
    ])
    expect(findUnsupported(document, { isInCluster: true })).toEqual([])
  })

  it('takes a store in Kubernetes', () => {
    const document = {
      kind: 'Configuration',
      spec: { store: { type: 'kubernetes', namespace: 'steersman' } },
    }
    expect(findUnsupported(document)).toEqual([])
  })

  it('passes what is supported', () => {
    const gates = [
      { name: 'a', when: 'Bake', http: { path: '/' }, onFailure: 'Ignore' },
      { name: 'b', alarms: ['web-5xx'], alreadyRed: 'Ignore' },
      { name: 'c', when: 'Verify', webhook: { url: 'https://a.example.com/' } },
      { name: 'd', task: { command: ['migrate'] } },
      { name: 'b', when: 'BeforeRollback', manual: {}, onFailure: 'Hold' },
    ]
    expect(
      findUnsupported(releaseDocument({ gates, engine: 'TargetGroupSwap', strategy: { type: 'BlueGreen' } })),
    ).toEqual([])
    expect(findUnsupported(environmentDocument({ trigger: 'Tag', prune: true, notify: null }))).toEqual([])
  })

  it.each([[null], ['text'], [{ kind: 'Release', spec: { gates: 'x', strategy: 4 } }]])(
    'bears %j',
    (document) => {
      expect(findUnsupported(document)).toEqual([])
    },
  )

  it('names each refused thing once', () => {
    const keys = UNSUPPORTED.map(({ kind, path }) => `${kind} ${path}`)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
