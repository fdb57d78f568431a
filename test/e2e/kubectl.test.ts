import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openKubeClient } from '../../controller/adapters/kubernetes/client.ts'
import { createEventRecorder } from '../../controller/adapters/kubernetes/events/event-recorder.ts'
import { createKubeStore } from '../../controller/adapters/kubernetes/kube-store.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import { systemRandom } from '../../controller/adapters/system/random.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import type { Store } from '../../controller/ports/store.ts'
import { openSmallServer } from '../adapters/kubernetes/bench.ts'
import { requires } from '../support/requires.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const run = promisify(execFile)
const kubectl = requires('kubectl')

const environment = `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: prod }
spec:
  source: { repository: https://git.example.com/shop.git, branch: main }
  aws: { region: eu-west-1 }
`

async function startCluster(): Promise<{
  readonly store: Store
  readonly file: string
  /** Resolves when it is told as an Event. */
  record(event: SteersmanEvent): Promise<void>
  kubectl(...words: readonly string[]): Promise<string>
}> {
  const { api, close } = await openSmallServer()
  onTestFinished(close)
  const directory = await temporaryDirectory('kubectl')
  const file = join(directory, 'prod.yaml')
  writeFileSync(file, environment)
  const KUBECONFIG = api.kubeconfig()
  const client = openKubeClient({ KUBECONFIG }, systemClock)
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  symlinkSync(new URL('../../controller/main.ts', import.meta.url).pathname, join(bin, 'kubectl-steersman'))
  const PATH = [dirname(process.execPath), bin, process.env['PATH'] ?? ''].join(delimiter)
  return {
    store: createKubeStore({ clock: systemClock, client, namespace: client.namespace }),
    file,
    async record(event) {
      const recorder = createEventRecorder({
        client,
        namespace: client.namespace,
        clock: systemClock,
        random: systemRandom,
        instance: 'test',
        redact: (text) => text,
        onLost: ({ message }) => expect.fail(message),
      })
      recorder.telemetry.emit(event)
      await recorder.close(10_000)
    },
    async kubectl(...words) {
      const env = { ...process.env, PATH, KUBECONFIG, HOME: directory }
      const { stdout } = await run('kubectl', [...words], { env, timeout: 60_000 })
      return stdout
    },
  }
}

describe.skipIf(kubectl.missing !== undefined)(kubectl.title('kubectl'), () => {
  it('applies, shows, waits for, annotates and deletes an Environment as any other object', async () => {
    const { kubectl: ask, store, file } = await startCluster()
    expect(await ask('apply', '-f', file)).toBe('environment.steersman.dev/prod created\n')
    expect(await ask('apply', '-f', file)).toBe('environment.steersman.dev/prod unchanged\n')
    const created = await store.get('Environment', 'prod')
    if (created === undefined) throw new Error('the environment is gone')
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'Deployed',
      message: 'all releases serve',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    }
    await store.updateStatus({ ...created, status: { observedGeneration: 1, conditions: [ready] } })
    expect(await ask('wait', 'senv/prod', '--for=condition=Ready', '--timeout=20s')).toContain(
      'condition met',
    )
    expect(await ask('get', 'senv')).toMatch(/^NAME +READY +STATUS .*\nprod +True +all releases serve /)
    expect(await ask('get', 'steersman', '-o', 'name')).toBe('environment.steersman.dev/prod\n')
    await ask('annotate', 'environment/prod', 'steersman.dev/requestedAt=now')
    expect((await store.get('Environment', 'prod'))?.metadata).toMatchObject({
      generation: 1,
      annotations: { 'steersman.dev/requestedAt': 'now' },
    })
    expect(await ask('describe', 'environment', 'prod')).toContain('all releases serve')
    await ask('delete', 'senv', 'prod')
    expect(await store.get('Environment', 'prod')).toBeUndefined()
  })

  it('shows what happened to an object beside it', async () => {
    const { kubectl: ask, file, record } = await startCluster()
    await ask('apply', '-f', file)
    await record({
      type: 'ManifestRefused',
      environment: 'prod',
      commit: '0123456789abcdef',
      issues: 1,
      first: 'deploy/releases/web.yaml:3:1 no such field',
    })
    const line =
      /Warning +ManifestRefused +\S+ +(steersman\.dev\/controller)? +commit 0123456789ab is refused for 1 issue: deploy\/releases\/web\.yaml:3:1 no such field/
    expect(await ask('describe', 'environment', 'prod')).toMatch(line)
    expect(await ask('events', '--for', 'environment/prod')).toMatch(
      /Warning +ManifestRefused +Environment\/prod +commit 0123456789ab is refused/,
    )
  })

  it('explains a field as the documentation does', async () => {
    const { kubectl: ask } = await startCluster()
    const explained = (await ask('explain', 'release.spec.strategy.bake')).replaceAll(/\s+/g, ' ')
    expect(explained).toContain('How long gates watch the new version at full traffic')
    expect(explained).toContain('A Go duration')
  })

  it('has our verbs as a plugin', async () => {
    const { kubectl: ask } = await startCluster()
    expect(await ask('steersman', '--version')).toMatch(/^steersman \d+\.\d+\.\d+\n$/)
    expect(await ask('steersman', 'get', '--help')).toContain('releases')
  })
})
