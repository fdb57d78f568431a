import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it, onTestFinished } from 'vitest'

import { createClient } from '../../controller/api/client.ts'
import type { RunningController } from '../../controller/compose/run.ts'
import { startController } from '../../controller/compose/run.ts'
import { eventually } from '../support/eventually.ts'
import type { TestRepository } from '../support/repository.ts'
import { createRepository } from '../support/repository.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const environment = (name: string, repository: string): string => `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: ${name} }
spec:
  source: { repository: ${repository}, branch: main, interval: 1s }
  aws: { region: eu-west-1, accountId: "123456789012" }
`

const configuration = (spec = ''): string =>
  `apiVersion: steersman.dev/v1alpha1\nkind: Configuration\nspec: { listen: "127.0.0.1:0", log: { level: error }${spec} }\n`

async function configured(): Promise<{ directory: string; repository: TestRepository }> {
  const repository = createRepository()
  onTestFinished(() => repository.remove())
  repository.commit({ 'README.md': 'nothing yet' })
  const directory = join(await temporaryDirectory(), 'config')
  mkdirSync(directory)
  writeFileSync(join(directory, 'configuration.yaml'), configuration())
  writeFileSync(join(directory, 'prod.yaml'), environment('prod', repository.path))
  return { directory, repository }
}

async function started(config: string, variables: Record<string, string> = {}): Promise<RunningController> {
  const running = await startController({
    config,
    variables,
    build: { version: '1.2.3', commit: 'abc' },
    aws: { endpoint: 'http://127.0.0.1:1', credentials: () => Promise.reject(new Error('no AWS here')) },
  })
  onTestFinished(() => running.stop(1_000))
  return running
}

const namesAt = async (url: string): Promise<readonly string[]> => {
  const { items } = await createClient({ server: url, timeoutMs: 5_000 }).environments()
  return items.map(({ metadata }) => metadata.name)
}

/** The status of a GET whose Host header has another name. */
const statusAs = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = get(`${url}/api/v1/environments`, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', reject)
  })

describe('a started controller', () => {
  it('is reached by the names that it is told, and by no others', async () => {
    const { directory } = await configured()
    writeFileSync(join(directory, 'configuration.yaml'), configuration(', hosts: [steersman.example.com]'))
    const { url } = await started(directory)
    expect(await statusAs(url, 'steersman.example.com')).toBe(200)
    expect(await statusAs(url, 'another.example.com')).toBe(421)
  })

  it('looks at once at a repository of which a webhook says that it was pushed to', async () => {
    const { directory, repository } = await configured()
    const github = ', webhooks: { github: { secretFrom: { env: GITHUB_SECRET } } }'
    writeFileSync(join(directory, 'configuration.yaml'), configuration(github))
    writeFileSync(
      join(directory, 'prod.yaml'),
      environment('prod', repository.path).replace('interval: 1s', 'interval: 24h'),
    )
    const { url } = await started(directory, { GITHUB_SECRET: 'swordfish-42' })
    const seen = async (): Promise<string | undefined> => {
      const { items } = await createClient({ server: url, timeoutMs: 5_000 }).environments()
      return items[0]?.status?.head?.commit
    }
    await eventually(seen, (commit) => commit === repository.head('main'))
    const pushed = repository.commit({ 'README.md': 'something' })
    const body = JSON.stringify({ ref: 'refs/heads/main', repository: { clone_url: repository.path } })
    const answer = await fetch(`${url}/webhooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-hub-signature-256': `sha256=${createHmac('sha256', 'swordfish-42').update(body).digest('hex')}`,
      },
      body,
    })
    expect(await answer.json()).toMatchObject({ environments: ['prod'] })
    await eventually(seen, (commit) => commit === pushed)
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'steersman_webhooks_total{sender="github",result="Taken"} 1',
    )
  })

  it('tells people what their environment asks to be told of, at an address that only it knows', async () => {
    const { directory, repository } = await configured()
    const heard: { readonly path: string | undefined; readonly body: string }[] = []
    const server = createServer((request, answer) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        heard.push({ path: request.url, body })
        answer.end('ok')
      })
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    writeFileSync(join(directory, 'slack'), `http://127.0.0.1:${port}/services/secret\n`)
    writeFileSync(
      join(directory, 'prod.yaml'),
      `${environment('prod', repository.path)}  notify: [{ slack: { webhookFrom: { file: ./slack } }, on: [Stalled] }]\n`,
    )
    repository.commit({ 'releases/web.yaml': 'kind: Release' })
    const { url } = await started(directory)
    const [told] = await eventually(
      () => heard,
      ({ length }) => length > 0,
    )
    expect(told?.path).toBe('/services/secret')
    const { text } = JSON.parse(told?.body ?? '') as { text: string }
    expect(text).toMatch(
      /^\*prod\*: it can’t go on by itself \(ManifestInvalid\)\n[^]*web\.yaml[^]*`steersman status prod`$/,
    )
    const metrics = await eventually(
      async () => (await fetch(`${url}/metrics`)).text(),
      (page) => page.includes('steersman_notifications_total'),
    )
    expect(metrics).toContain(
      'steersman_notifications_total{environment="prod",receiver="slack",result="Sent"} 1',
    )
    expect(metrics).not.toContain('services/secret')
  })

  it('does not start with a webhook whose secret is missing', async () => {
    const { directory } = await configured()
    const gitlab = ', webhooks: { gitlab: { secretFrom: { env: GITLAB_SECRET } } }'
    writeFileSync(join(directory, 'configuration.yaml'), configuration(gitlab))
    await expect(started(directory)).rejects.toMatchObject({ code: 'SecretMissing' })
  })

  it('serves what it knows, and becomes ready', async () => {
    const { directory } = await configured()
    const { url } = await started(directory)
    const ready = await eventually(
      () => fetch(`${url}/readyz`),
      ({ status }) => status === 200,
    )
    expect(await ready.json()).toMatchObject({ ready: true })
    expect(await namesAt(url)).toEqual(['prod'])
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'steersman_build_info{version="1.2.3",commit="abc"} 1',
    )
  })

  it('takes environments over while it runs', async () => {
    const { directory, repository } = await configured()
    const { url } = await started(directory)
    writeFileSync(join(directory, 'staging.yaml'), environment('staging', repository.path))
    await eventually(
      () => namesAt(url),
      (names) => names.length === 2,
    )
    writeFileSync(join(directory, 'test.yaml'), environment('test', repository.path))
    const names = await eventually(
      () => namesAt(url),
      (seen) => seen.length === 3,
    )
    expect(names).toEqual(['prod', 'staging', 'test'])
  })

  it('is the only one on its data directory, until it gives the lease up', async () => {
    const { directory } = await configured()
    const first = await started(directory)
    await expect(started(directory)).rejects.toMatchObject({ code: 'LeaseHeld' })
    await first.stop(1_000)
    expect((await started(directory)).url).toMatch(/^http:/)
  })

  it('gives the lease up when its port is taken', async () => {
    const { directory } = await configured()
    const other = await configured()
    const { url } = await started(other.directory)
    const { port } = new URL(url)
    writeFileSync(join(directory, 'configuration.yaml'), configuration().replace(':0"', `:${port}"`))
    await expect(started(directory)).rejects.toThrow(port)
    writeFileSync(join(directory, 'configuration.yaml'), configuration())
    expect((await started(directory)).url).toMatch(/^http:/)
  })

  it('does not start with a token that has no value', async () => {
    const { directory } = await configured()
    const tokens = ', tokens: [{ name: ci, role: viewer, tokenFrom: { env: CI_TOKEN } }]'
    writeFileSync(join(directory, 'configuration.yaml'), configuration(tokens))
    await expect(started(directory)).rejects.toMatchObject({ code: 'SecretMissing' })
    const { url } = await started(directory, { CI_TOKEN: 'swordfish-42' })
    expect((await fetch(`${url}/api/v1/environments`)).status).toBe(401)
  })
})

describe('the program', () => {
  const main = fileURLToPath(new URL('../../controller/main.ts', import.meta.url))
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], STEERSMAN_LOG_LEVEL: 'info' },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const told = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (told.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (told.err += text))
    return { child, told, ended: once(child, 'close') }
  }

  it('runs until SIGTERM, ends with 0, and its log goes to standard error', async () => {
    const { directory } = await configured()
    const { child, told, ended } = start(['run', '--config', directory])
    await eventually(
      () => told.err,
      (err) => err.includes('the controller is running'),
      { withinMs: 30_000 },
    )
    const second = start(['run', '--config', directory])
    expect(await second.ended).toEqual([1, null])
    expect(second.told.err).toContain('error: another controller acts on this data directory: process ')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(told.out).toBe('')
  })

  it('ends with 1 and every issue where the configuration is bad', async () => {
    const directory = await temporaryDirectory()
    writeFileSync(join(directory, 'a.yaml'), 'kind: Nonsense\n---\nkind: More\n')
    const { told, ended } = start(['run', '--config', directory])
    expect(await ended).toEqual([1, null])
    expect(told.err.trimEnd().split('\n')).toHaveLength(2)
    expect(told.err).toMatch(/^error: .+a.yaml:1:7 \/kind: /)
  })

  it('runs the sandbox until SIGTERM', async () => {
    const { child, told, ended } = start(['sandbox', '--port', '0', '-o', 'json'])
    await eventually(
      () => told.out,
      (out) => out.endsWith('\n'),
      { withinMs: 30_000 },
    )
    const { url } = JSON.parse(told.out) as { url: string }
    expect((await fetch(`${url}/_sandbox/listeners`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
})
