import { describe, expect, it } from 'vitest'
import { annotations } from '../../controller/resources/annotations.ts'
import { environmentObject, releaseObject, rolloutObject } from './objects.ts'
import { ask, fill, post, start } from './start.ts'

const names = (body: Record<string, unknown>): string[] =>
  (body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)

const marks = (body: Record<string, unknown>): Record<string, string> =>
  (body['metadata'] as { annotations?: Record<string, string> }).annotations ?? {}

describe('reading', () => {
  it.each([
    ['/api/v1/environments', ['demo', 'prod'], 'EnvironmentList'],
    ['/api/v1/releases', ['demo-web', 'prod-web'], 'ReleaseList'],
    ['/api/v1/releases?environment=prod', ['prod-web'], 'ReleaseList'],
    ['/api/v1/releases?environment=nowhere', [], 'ReleaseList'],
    ['/api/v1/rollouts?environment=demo', ['demo-web-2', 'demo-web-1'], 'RolloutList'],
    ['/api/v1/rollouts?environment=prod&release=web', ['prod-web-1'], 'RolloutList'],
    ['/api/v1/rollouts?release=api', [], 'RolloutList'],
  ])('GET %s lists %j', async (path, expected, kind) => {
    const { url, store } = await start()
    await fill(store)
    const { status, body } = await ask(url + path)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      apiVersion: 'steersman.dev/v1alpha1',
      kind,
      metadata: { resourceVersion: '7' },
    })
    expect(names(body)).toEqual(expected)
  })

  it.each([
    ['/api/v1/environments/prod', 'Environment', 'prod'],
    ['/api/v1/releases/prod/web', 'Release', 'prod-web'],
    ['/api/v1/rollouts/demo-web-2', 'Rollout', 'demo-web-2'],
  ])('GET %s shows the %s', async (path, kind, name) => {
    const { url, store } = await start()
    await fill(store)
    expect(await ask(url + path)).toMatchObject({ status: 200, body: { kind, metadata: { name } } })
  })

  it.each([
    '/api/v1/environments/none',
    '/api/v1/releases/prod/none',
    '/api/v1/releases/none/web',
    '/api/v1/rollouts/prod-web-9',
    '/api/v1/nothing',
    '/nothing',
  ])('GET %s tells that there is no such thing', async (path) => {
    const { url, store } = await start()
    await fill(store)
    expect(await ask(url + path)).toMatchObject({ status: 404, body: { error: { code: 'NotFound' } } })
  })

  it('keeps a-b/c apart from a/b-c, which have one name in the store', async () => {
    const { url, store } = await start()
    await store.create(releaseObject({ environment: 'a-b', release: 'c' }))
    expect((await ask(`${url}/api/v1/releases/a-b/c`)).status).toBe(200)
    expect((await ask(`${url}/api/v1/releases/a/b-c`)).status).toBe(404)
    expect((await post(`${url}/api/v1/releases/a/b-c/retry`)).status).toBe(404)
  })
})

describe('pages', () => {
  it('walks through every rollout once, newest first, while new ones arrive', async () => {
    const { url, store } = await start()
    for (let number = 1; number <= 12; number += 1)
      await store.create(rolloutObject({ environment: 'demo', release: 'web', number }))
    const seen: string[] = []
    let next = ''
    do {
      const { body } = await ask(`${url}/api/v1/rollouts?limit=5${next}`)
      seen.push(...names(body))
      const { continue: token } = body['metadata'] as { continue?: string }
      next = token === undefined ? '' : `&continue=${token}`
      if (seen.length === 5)
        await store.create(rolloutObject({ environment: 'demo', release: 'web', number: 13 }))
    } while (next !== '')
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `demo-web-${12 - index}`))
  })

  it('has 50 items where no limit is given', async () => {
    const { url, store } = await start()
    for (let number = 10; number < 70; number += 1) await store.create(environmentObject(`e${number}`))
    const { body } = await ask(`${url}/api/v1/environments`)
    expect(names(body)).toHaveLength(50)
    expect(names((await ask(`${url}/api/v1/environments?limit=500`)).body)).toHaveLength(60)
  })

  it.each([
    'limit=0',
    'limit=501',
    'limit=ten',
    'limit=-1',
    'continue=nonsense',
    'continue=WzFd',
    'colour=red',
    'limit=1&limit=2',
  ])('refuses ?%s', async (query) => {
    const { url } = await start()
    const answer = await ask(`${url}/api/v1/rollouts?${query}`)
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } })
  })
})

describe('asking for something', () => {
  it.each([
    ['environments/demo/pause', [annotations.paused, annotations.pausedBy], 'demo'],
    ['environments/demo/resume', [annotations.resumed, annotations.resumedBy], 'demo'],
    ['environments/demo/reconcile', ['steersman.dev/requestedAt'], 'demo'],
    [
      'releases/demo/web/retry',
      [annotations.retry, annotations.retryBy],
      { environment: 'demo', release: 'web' },
    ],
    [
      'releases/demo/web/restart',
      [annotations.restart, annotations.restartBy],
      { environment: 'demo', release: 'web' },
    ],
    ['releases/demo/web/reconcile', ['steersman.dev/requestedAt'], { environment: 'demo', release: 'web' }],
    [
      'rollouts/demo-web-2/abort',
      [annotations.abort, annotations.abortBy],
      { environment: 'demo', release: 'web' },
    ],
    [
      'rollouts/prod-web-1/retry',
      [annotations.retry, annotations.retryBy],
      { environment: 'prod', release: 'web' },
    ],
  ])('POST %s marks the object and rings the engine', async (path, expected, key) => {
    const { url, store, asked, atOnce } = await start()
    await fill(store)
    const { status, body } = await post(`${url}/api/v1/${path}`)
    expect(status).toBe(200)
    expect(Object.keys(marks(body)).toSorted()).toEqual(expected.toSorted())
    expect([...asked, ...atOnce]).toEqual([key])
    const by = expected.find((name) => name.endsWith('By'))
    if (by !== undefined) expect(marks(body)[by]).toBe('local')
  })

  it.each([
    ['releases/demo/web/restart', annotations.restart],
    ['releases/prod/web/retry', annotations.retry],
    ['rollouts/prod-web-1/retry', annotations.retry],
  ])('takes POST %s once for each token', async (path, at) => {
    const { url, store } = await start()
    await fill(store)
    const times: (string | undefined)[] = []
    for (const clientToken of ['one', 'one', 'two', 'two', undefined, 'two', undefined])
      times.push(marks((await post(`${url}/api/v1/${path}`, { clientToken })).body)[at])
    const [first, again, second, ...later] = times
    expect(again).toBe(first)
    expect(second).not.toBe(first)
    // Without a token every request is a new one; what was asked before is not asked anew by sending it again.
    expect(later[0]).toBe(second)
    expect(later[1]).not.toBe(second)
    expect(later[2]).toBe(later[1])
    expect(later[3]).not.toBe(later[1])
  })

  it('takes a retry that is sent again when its rollout is already the newest', async () => {
    const { url, store } = await start()
    await fill(store)
    const path = `${url}/api/v1/rollouts/prod-web-1/retry`
    const first = await post(path, { clientToken: 'one' })
    await store.create(rolloutObject({ environment: 'prod', release: 'web', number: 2 }))
    expect(marks((await post(path, { clientToken: 'one' })).body)).toEqual(marks(first.body))
    expect((await post(path, { clientToken: 'two' })).body).toMatchObject({
      error: { code: 'NotTheNewest' },
    })
  })

  it.each(['', 'a b', 'x'.repeat(65), 7])('refuses the token %j', async (clientToken) => {
    const { url, store } = await start()
    await fill(store)
    const answer = await post(`${url}/api/v1/releases/demo/web/restart`, { clientToken })
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } })
  })

  it.each([
    'environments/none/pause',
    'releases/demo/none/restart',
    'releases/none/web/retry',
    'rollouts/demo-web-9/abort',
    'rollouts/demo-web-9/retry',
    'rollouts/demo-web-9/approve',
    'environments/demo/explode',
  ])('POST %s is 404 and rings nothing', async (path) => {
    const { url, store, asked } = await start()
    await fill(store)
    expect(await post(`${url}/api/v1/${path}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'NotFound' } },
    })
    expect(asked).toEqual([])
  })

  it.each([
    ['rollouts/demo-web-1/abort', 409, 'AlreadyFinished'],
    ['rollouts/demo-web-2/retry', 409, 'StillRunning'],
    ['rollouts/demo-web-1/retry', 409, 'NotTheNewest'],
    ['rollouts/demo-web-2/approve', 409, 'NothingToDecide'],
    ['rollouts/demo-web-2/reject', 409, 'NothingToDecide'],
  ])('POST %s is %i %s', async (path, status, code) => {
    const { url, store, asked } = await start()
    await fill(store)
    expect(await post(`${url}/api/v1/${path}`)).toMatchObject({ status, body: { error: { code } } })
    expect(asked).toEqual([])
  })

  it('gives two retries of one moment two times, so that the second is not taken for the first', async () => {
    const { url, store } = await start()
    await fill(store)
    const answers = [
      await post(`${url}/api/v1/releases/demo/web/retry`),
      await post(`${url}/api/v1/releases/demo/web/retry`),
    ]
    const times = answers.map(({ body }) => marks(body)[annotations.retry] ?? '')
    expect(Date.parse(times[1] ?? '')).toBeGreaterThan(Date.parse(times[0] ?? ''))
  })

  it('keeps who paused first, and pauses anew after a resume', async () => {
    const { url, store } = await start()
    await fill(store)
    const first = await post(`${url}/api/v1/environments/demo/pause`)
    const second = await post(`${url}/api/v1/environments/demo/pause`)
    expect(marks(second.body)).toEqual(marks(first.body))
    const resumed = marks((await post(`${url}/api/v1/environments/demo/resume`)).body)
    const again = marks((await post(`${url}/api/v1/environments/demo/pause`)).body)
    expect(Date.parse(again[annotations.paused] ?? '')).toBeGreaterThan(
      Date.parse(resumed[annotations.resumed] ?? ''),
    )
  })

  it('keeps the reason of an abort, which is looked at before everything else', async () => {
    const { url, store, asked, atOnce } = await start()
    await fill(store)
    const { body } = await post(`${url}/api/v1/rollouts/demo-web-2/abort`, { reason: 'wrong branch' })
    expect(marks(body)[annotations.abortReason]).toBe('wrong branch')
    expect({ asked, atOnce }).toEqual({ asked: [], atOnce: [{ environment: 'demo', release: 'web' }] })
  })

  it('writes again when somebody else wrote in between', async () => {
    let meddled = 0
    const { url, store } = await start({
      wrap: (inner) => ({
        ...inner,
        update: async (object) => {
          if (meddled < 3) {
            meddled += 1
            const current = await inner.get('Environment', 'demo')
            if (current !== undefined) await inner.updateStatus({ ...current, status: { pending: meddled } })
          }
          return inner.update(object)
        },
      }),
    })
    await fill(store)
    expect((await post(`${url}/api/v1/environments/demo/pause`)).status).toBe(200)
    expect((await store.get('Environment', 'demo'))?.status).toEqual({ pending: 3 })
  })
})

describe('the description', () => {
  it('names every route with its parameters', async () => {
    const { url } = await start()
    const { body } = await ask(`${url}/api/openapi.json`)
    expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
    expect(Object.keys(body['paths'] as object).toSorted()).toMatchInlineSnapshot(`
      [
        "/api/v1/environments",
        "/api/v1/environments/{environment}",
        "/api/v1/environments/{environment}/override-freeze",
        "/api/v1/environments/{environment}/pause",
        "/api/v1/environments/{environment}/reconcile",
        "/api/v1/environments/{environment}/resume",
        "/api/v1/environments/{environment}/terraform/approve",
        "/api/v1/environments/{environment}/terraform/unlock",
        "/api/v1/releases",
        "/api/v1/releases/{environment}/{release}",
        "/api/v1/releases/{environment}/{release}/reconcile",
        "/api/v1/releases/{environment}/{release}/restart",
        "/api/v1/releases/{environment}/{release}/retry",
        "/api/v1/releases/{environment}/{release}/rollback",
        "/api/v1/rollouts",
        "/api/v1/rollouts/{rollout}",
        "/api/v1/rollouts/{rollout}/abort",
        "/api/v1/rollouts/{rollout}/approve",
        "/api/v1/rollouts/{rollout}/reject",
        "/api/v1/rollouts/{rollout}/retry",
        "/api/v1/watch",
      ]
    `)
  })

  it('refers only to schemas that it has, and keeps no word of Kubernetes', async () => {
    const { url } = await start()
    const { body } = await ask(`${url}/api/openapi.json`)
    const text = JSON.stringify(body)
    const { schemas } = body['components'] as { schemas: object }
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
    expect(references.length).toBeGreaterThan(10)
    for (const reference of references) expect(Object.keys(schemas)).toContain(reference)
    expect(text).not.toContain('x-kubernetes')
    expect(text).not.toContain('"nullable"')
  })
})
