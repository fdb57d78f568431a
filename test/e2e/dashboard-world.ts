import type { Store } from '../../controller/ports/store.ts'
import type { Condition, ReleaseStatus } from '../../controller/resources/types.ts'
import { environmentObject, releaseObject, rolloutObject } from '../api/objects.ts'

const REPOSITORY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop'
const commit = (letter: string): string => letter.repeat(40)
const taskDefinition = (revision: number): string =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-web:${revision}`

const condition = (type: string, message: string, status: Condition['status'] = 'True'): Condition => ({
  type,
  status,
  reason: 'Because',
  message,
  lastTransitionTime: '2026-01-01T00:00:00Z',
})

/** What of a rollout differs from one to the next. */
const version = (tag: string, revision: number, to: 'blue' | 'green') => ({
  image: { repository: REPOSITORY, tag, digest: `sha256:${tag}` },
  taskDefinition: taskDefinition(revision),
  from: { side: to === 'blue' ? 'green' : 'blue' },
  to: { side: to },
  gates: [{ name: 'smoke', http: { path: '/healthz' } }],
})

/** A store's worth of everything that the page can show, at a moment in time. */
export async function fillDashboard(store: Store, now: number): Promise<void> {
  const at = (minutesAgo: number): string => new Date(now - minutesAgo * 60_000).toISOString()
  await addProduction(store, at)
  await addStaging(store, at)
}

type At = (minutesAgo: number) => string

async function addProduction(store: Store, at: At): Promise<void> {
  await store.create(
    environmentObject('prod', {
      conditions: [
        condition('Ready', 'a rollout is under way', 'False'),
        condition('Reconciling', '2 of 3 releases serve the wanted commit'),
      ],
      head: { commit: commit('f'), subject: 'Merge: quicker basket, fewer clicks', seenAt: at(3) },
      tag: { object: commit('b'), commit: commit('c') },
      deployed: { number: 41, commit: commit('c') },
      pending: 1,
    }),
  )
  await store.create(
    releaseObject(
      { environment: 'prod', release: 'web' },
      serving('blue', { blue: 90, green: 10 }, at(190), 56),
    ),
  )
  await store.create(
    releaseObject(
      { environment: 'prod', release: 'api' },
      {
        ...serving('green', { blue: 0, green: 100 }, at(1_500), 12),
        conditions: [
          condition('Ready', 'the wanted version serves'),
          condition('Drifted', '2 fields differ'),
        ],
        drift: [
          {
            path: '/services/api-green/desiredCount',
            wanted: '3',
            live: '5',
            class: 'service',
            since: at(4),
          },
          {
            path: '/rules/443/weights',
            wanted: '{"blue":0,"green":100}',
            live: '{"blue":5,"green":95}',
            class: 'traffic',
            since: at(4),
          },
        ],
      },
    ),
  )
  await store.create(
    releaseObject(
      { environment: 'prod', release: 'worker' },
      serving('blue', { blue: 100, green: 0 }, at(8_000), 7),
    ),
  )
  await store.create(
    rolloutObject(
      { environment: 'prod', release: 'web', number: 1 },
      { phase: 'Succeeded', startedAt: at(191), finishedAt: at(187) },
      version('v41', 56, 'blue'),
    ),
  )
  await store.create(
    rolloutObject(
      { environment: 'prod', release: 'web', number: 2 },
      {
        phase: 'Shifting',
        step: 1,
        steps: 3,
        startedAt: at(2),
        testPointedAt: at(2),
        weights: { blue: 90, green: 10 },
        gates: [
          { name: 'migrate', when: 'BeforeProvision', result: 'Passed', attempts: 1 },
          { name: 'smoke', when: 'Verify', result: 'Passed', attempts: 5, successes: 5 },
          { name: 'p99', when: 'Bake' },
        ],
      },
      version('v42', 57, 'green'),
    ),
  )
}

async function addStaging(store: Store, at: At): Promise<void> {
  await store.create(
    environmentObject('staging', {
      conditions: [condition('Ready', 'the wanted commit serves')],
      head: { commit: commit('d'), subject: 'Try the new search', seenAt: at(25) },
      tag: { object: commit('e'), commit: commit('c') },
      deployed: { number: 97, commit: commit('c') },
    }),
  )
  await store.create(
    releaseObject(
      { environment: 'staging', release: 'web' },
      {
        ...serving('green', { blue: 0, green: 100 }, at(60), 56),
        conditions: [
          condition('Stalled', 'version v43 failed at gate smoke and is not tried again by itself'),
        ],
      },
    ),
  )
  await store.create(
    rolloutObject(
      { environment: 'staging', release: 'web', number: 9 },
      {
        phase: 'RolledBack',
        startedAt: at(24),
        finishedAt: at(22),
        testPointedAt: at(23),
        reason: 'GateFailed',
        message: 'gate smoke: GET /healthz answered 200 but its body lacks "version":"v43"',
        gates: [
          {
            name: 'smoke',
            when: 'Verify',
            result: 'TimedOut',
            attempts: 60,
            message: 'GET /healthz answered 200 but its body lacks "version":"v43"',
          },
        ],
      },
      version('v43', 58, 'blue'),
    ),
  )
}

const serving = (
  side: 'blue' | 'green',
  traffic: { blue: number; green: number },
  since: string,
  revision: number,
): ReleaseStatus => ({
  conditions: [condition('Ready', 'the wanted version serves')],
  live: { side, taskDefinition: taskDefinition(revision), since },
  traffic,
})
