import type { FastifyInstance } from 'fastify'
import { createFileStore } from '../../../controller/adapters/store/file-store.ts'
import { createApp } from '../../../controller/api/create-api.ts'
import type { Store } from '../../../controller/ports/store.ts'
import { fill } from '../../api/objects.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { Choices } from '../support/choices.ts'
import { promise } from '../support/finding.ts'
import { HOSTILE_TEXTS } from '../support/hostile-values.ts'
import { mutateStructure } from '../support/mutate-structure.ts'
import { mutateText } from '../support/mutate-text.ts'
import type { FuzzTarget } from '../target.ts'

const SECRET = 'planted-token-of-an-admin'
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const
const PATHS = [
  '/api/v1/environments',
  '/api/v1/environments/demo',
  '/api/v1/environments/demo/pause',
  '/api/v1/environments/demo/resume',
  '/api/v1/environments/demo/reconcile',
  '/api/v1/releases',
  '/api/v1/releases/demo/web',
  '/api/v1/rollouts',
  '/api/v1/rollouts/demo-web-2',
  '/api/v1/rollouts/demo-web-2/abort',
  '/api/v1/rollouts/demo-web-2/retry',
  '/api/v1/rollouts/demo-web-2/approve',
  '/api/v1/watch',
  '/api/openapi.json',
  '/webhooks/github',
  '/healthz',
  '/readyz',
  '/metrics',
  '/',
  '/page/index.html',
  '/nothing',
]
const QUERIES = [
  '',
  '',
  '?limit=2',
  '?limit=0',
  '?continue=x',
  '?environment=demo',
  '?environment=demo&limit=1&continue=',
  '?resourceVersion=1',
  `?token=${SECRET}`,
  '?limit[]=1',
  '?__proto__=1',
  '?%',
]
const WORDS = [
  '/',
  '//',
  '..',
  '%2f',
  '%00',
  '%',
  '%c0%af',
  '?',
  '&',
  '=',
  '#',
  '[]',
  'demo',
  '__proto__',
  '"',
  '{',
  '\\u0000',
  'constructor',
  ',',
  '\\',
  ';',
  ' ',
]
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  '',
  'application/json;',
  'multipart/form-data; boundary=x',
]
const AUTHORIZATIONS = [
  `Bearer ${SECRET}`,
  `Bearer ${SECRET}`,
  `bearer ${SECRET}`,
  `Bearer ${SECRET}x`,
  'Bearer',
  '',
  `Basic ${SECRET}`,
  'Bearer token-of-vera',
]
const HOSTS = ['localhost', '127.0.0.1:8080', 'evil.example', '', '[::1]', 'localhost:80:80', '@', '[']
const BODIES: readonly unknown[] = [
  {},
  { reason: 'enough' },
  { side: 'green' },
  { until: '2026-01-01T00:00:00Z' },
  [],
  null,
]

/** Requests of any method, path, query, headers and body: each is answered, and a refusal says what to do about it. */
export const httpInput: FuzzTarget = {
  name: 'http-input',
  covers: ['controller/api'],
  words: WORDS,
  seeds: PATHS.flatMap((_, path) => [0, 1].map((method) => Uint8Array.of(method, path, 0, 0, 0, 0, 0, 0, 1))),
  async run(input) {
    const { app, clock, reset, faults } = await served()
    await reset()
    await clock.advance(10_000)
    const request = requestFrom(new Choices(input))
    const answer = await answerTo(app, request)
    promise(
      faults.length === 0,
      () => `no fault of ours: ${String(faults.splice(0)[0])} at ${JSON.stringify(request)}`,
    )
    if (answer !== undefined) checkAnswer(answer, request)
  },
}

type Request = ReturnType<typeof requestFrom>

function requestFrom(choices: Choices) {
  const method = choices.pick(METHODS)
  const [path, query] = [choices.pick(PATHS), choices.pick(QUERIES)]
  const types = choices.pick(TYPES)
  const headers = {
    host: choices.pick(HOSTS),
    authorization: choices.pick(AUTHORIZATIONS),
    'content-type': types,
  }
  const other = choices.pick([
    '',
    '',
    'origin',
    'accept',
    'last-event-id',
    'x-forwarded-host',
    'if-none-match',
    '__proto__',
  ])
  const extra = other === '' ? {} : { [other]: printable(choices.pick(HOSTILE_TEXTS)) }
  const body = choices.pick(BODIES)
  const changed = choices.chance(2)
    ? mutateText(`${path}${query}`, choices, { words: WORDS })
    : `${path}${query}`
  const text = JSON.stringify(choices.chance(2) ? mutateStructure(body, choices) : body)
  return {
    method,
    url: `/${changed.replace(/^\/+/, '')}`.toWellFormed(),
    headers: { ...headers, ...extra },
    ...(method === 'POST'
      ? { payload: choices.chance(3) ? mutateText(text, choices, { words: WORDS }) : text }
      : {}),
  }
}

/** Node's own parser lets no other characters into a header. */
const printable = (text: string): string => text.replaceAll(/[^\u0020-\u007e]/g, '')

interface Served {
  readonly app: FastifyInstance
  readonly clock: FakeClock
  readonly faults: unknown[]
  /** Puts back what the store held at first, so that one run knows nothing of another. */
  reset(): Promise<void>
}

let server: Promise<Served> | undefined

function served(): Promise<Served> {
  server ??= serve()
  return server
}

async function serve(): Promise<Served> {
  const clock = new FakeClock()
  const faults: unknown[] = []
  let store = await freshStore(clock)
  const current = new Proxy<Store>(store, { get: (_, method) => Reflect.get(store, method) as unknown })
  const options = {
    store: current,
    clock,
    tokens: [
      { name: 'ada', role: 'admin', token: SECRET },
      { name: 'vera', role: 'viewer', token: 'token-of-vera', environments: ['prod'] },
    ] as const,
    metrics: { text: async () => ({ body: 'steersman_up 1\n', contentType: 'text/plain; version=0.0.4' }) },
    ready: () => ({ ready: true, reasons: [] }),
    reconcile: () => undefined,
    reconcileRelease: () => undefined,
    reconcileAtOnce: () => undefined,
    listen: { host: '127.0.0.1', port: 8080 },
    version: '1.2.3',
    report: (error: unknown) => faults.push(error),
  }
  const app = await createApp(options, new AbortController().signal)
  await app.ready()
  const reset = async (): Promise<void> => {
    store = await freshStore(clock)
  }
  return { app, clock, faults, reset }
}

async function freshStore(clock: FakeClock): Promise<Store> {
  const fileSystem = new MemoryFileSystem(seededRandom(1))
  await fileSystem.makeDirectory('/data')
  let made = 0
  const uid = (): string => `00000000-0000-4000-8000-${String((made += 1)).padStart(12, '0')}`
  const store = createFileStore({ directory: '/data/store', fileSystem, clock, uid, watchBacklog: 100 })
  await fill(store)
  return store
}

type Answer = Awaited<ReturnType<FastifyInstance['inject']>>

const MAX_TICKS = 2_000

/** The answer; undefined for a stream of events, which is opened and given up. */
async function answerTo(app: FastifyInstance, request: Request): Promise<Answer | undefined> {
  const givingUp = new AbortController()
  let answer: Answer | undefined
  let failure: unknown
  app.inject({ ...request, signal: givingUp.signal }).then(
    (given) => (answer = given),
    (error: unknown) => (failure = error),
  )
  for (let tick = 0; tick < MAX_TICKS && answer === undefined && failure === undefined; tick += 1)
    await nextTick()
  if (answer !== undefined) return answer
  givingUp.abort()
  const isStream = failure === undefined && request.url.includes('watch')
  promise(
    isStream || isNoUrl(failure),
    () => `every request is answered: ${String(failure)} ${JSON.stringify(request)}`,
  )
  return undefined
}

/** What `inject` itself can't make a request of would not have come over a wire either. */
const isNoUrl = (failure: unknown): boolean =>
  failure instanceof TypeError && failure.message === 'Invalid URL'

function nextTick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function checkAnswer({ statusCode, body, headers }: Answer, request: Request): void {
  const said = `${statusCode} ${body.slice(0, 300)} to ${JSON.stringify(request)}`
  promise(
    statusCode < 500 || (statusCode === 501 && body.includes('"NotSupported"')),
    () => `no fault of ours: ${said}`,
  )
  promise(
    !(body + JSON.stringify(headers)).includes(SECRET) ||
      request.url.split('?')[0]?.includes(SECRET) === true,
    () => `no token is told: ${said}`,
  )
  promise(headers['x-content-type-options'] === 'nosniff', () => `the browser is bound: ${said}`)
  if (statusCode < 400 || request.method === 'HEAD') return
  const { error } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown; remedy?: unknown } }
  for (const part of [error?.code, error?.message, error?.remedy])
    promise(typeof part === 'string' && part !== '', () => `a refusal says what to do: ${said}`)
}
