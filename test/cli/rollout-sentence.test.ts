import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RolloutView } from '../../controller/api/client.ts'
import { sentenceOf } from '../../controller/cli/rollout-sentence.ts'
import { reasonsIn } from '../../scripts/checks/reasons.ts'
import { condition, releaseView, rolloutView, shopClient, steersman } from './stage.ts'

type Status = NonNullable<RolloutView['status']>

const RUNNING = [
  'Pending',
  'Provisioning',
  'Verifying',
  'AwaitingApproval',
  'Shifting',
  'Baking',
  'RollingBack',
] as const

const STARTED = '2026-11-21T12:00:00.000Z'
const DEADLINE = '2026-11-21T12:30:00.000Z'

/** A rollout that runs, with this status. */
function running(status: Partial<Status>): RolloutView {
  const { spec, ...rest } = rolloutView(43)
  return {
    ...rest,
    spec: { ...spec, strategy: { type: 'BlueGreen', bake: '5m', deadline: '30m' } },
    status: { phaseStartedAt: STARTED, deadlineAt: DEADLINE, ...status },
  }
}

/** Every reason that the state machine of a rollout can give. */
function reasons(): readonly string[] {
  const folder = join(import.meta.dirname, '../../controller/core/rollout')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  return [...new Set(files.flatMap((file) => reasonsIn(file, readFileSync(join(folder, file), 'utf8'))))]
}

const said = (status: Partial<Status>): string => {
  const { text, next } = sentenceOf(running(status))
  return `${text.replace('prod-web-43 brings v43, ', '')}\n  ${next}`
}

describe('a rollout that runs', () => {
  it('says in each phase, whatever it waits for, for what, until when, and what to do', () => {
    const all = reasons()
    expect(all).toEqual(expect.arrayContaining(['Preflight', 'ReadBack', 'Starting', 'GroupApart']))
    for (const phase of RUNNING)
      for (const reason of all) {
        const { text, next } = sentenceOf(running({ phase, reason, message: 'what it waits for' }))
        expect(text).toMatch(/^prod-web-43 brings v43, \w+: what it waits for; .*2026-11-21T12:\d\d/)
        expect(next).toMatch(/\w{4}/)
        expect(next).not.toMatch(/RELEASE|ENVIRONMENT/)
      }
  })

  it('says so in these words', () => {
    const told = [
      ...RUNNING.map((phase) => said({ phase, message: 'as it says' })),
      said({ phase: 'Pending', suspendedSince: STARTED, reason: 'Suspended', message: 'nothing is written' }),
      said({ phase: 'Shifting', step: 1, steps: 3, reason: 'Preflight', message: 'no weight is moved' }),
      said({ phase: 'Provisioning', reason: 'CapacityUnavailable', message: 'no room' }),
      said({ phase: 'Shifting', reason: 'GroupNotReady', message: 'waits for api' }),
    ]
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "Pending: as it says; goes back at 2026-11-21T12:30:00.000Z if it is not done
        \`steersman abort prod/web\` ends it before anything is changed
      Provisioning: as it says; goes back at 2026-11-21T12:30:00.000Z if it is not done
        nothing, or \`steersman abort prod/web\`: the new version has no traffic yet
      Verifying: as it says; goes back at 2026-11-21T12:30:00.000Z if it is not done
        nothing, or \`steersman abort prod/web\`: the new version has no traffic yet
      AwaitingApproval: as it says; goes back at 2026-11-21T12:30:00.000Z if it is not done
        nothing, or \`steersman abort prod/web\`: the new version has no traffic yet
      Shifting: as it says; goes back at 2026-11-21T12:30:00.000Z if it is not done
        nothing, or \`steersman abort prod/web\` goes back now
      Baking: as it says; the bake ends at 2026-11-21T12:05:00.000Z; goes back at 2026-11-21T12:30:00.000Z if it is not done
        nothing, or \`steersman abort prod/web\` goes back now
      RollingBack: as it says; the way back is given up at 2026-11-21T12:30:00.000Z
        nothing: it goes back by itself; \`steersman history prod/web\` tells why once it has ended
      Pending: nothing is written; it stands still since 2026-11-21T12:00:00.000Z
        \`steersman resume prod\` ends a pause; spec.suspend of the Environment a suspension
      Shifting step 1 of 3: no weight is moved; goes back at 2026-11-21T12:30:00.000Z if it is not done
        see what the side lacks: its tasks and their logs; \`steersman abort prod/web\` goes back now
      Provisioning: no room; goes back at 2026-11-21T12:30:00.000Z if it is not done
        make room in the cluster, or \`steersman abort prod/web\`
      Shifting: waits for api; goes back at 2026-11-21T12:30:00.000Z if it is not done
        see what the other member waits for; \`steersman abort prod/web\` takes the whole group back"
    `)
  })

  it.each([
    [
      { gate: 'sign-off', until: DEADLINE },
      'asks',
      'Baking: asks; it is asked until 2026-11-21T12:30:00.000Z',
    ],
    [{ gate: 'sign-off', until: DEADLINE }, `asks until ${DEADLINE}`, `Baking: asks until ${DEADLINE}`],
    [{ gate: 'sign-off', result: 'Failed' as const }, 'halts', 'Baking: halts'],
  ])('says until when a person is asked, and how to answer: %j %s', (awaiting, message, expected) => {
    const asked = { since: STARTED, ...awaiting }
    expect(said({ phase: 'Baking', awaiting: asked, message })).toBe(
      `${expected}\n  \`steersman approve prod/web --gate sign-off\`, or \`steersman reject prod/web --gate sign-off\``,
    )
  })

  it('says no time that its message says already, and none that nobody knows', () => {
    const message = 'watching until 2026-11-21T12:05:00.000Z: gate errors: status 200'
    expect(said({ phase: 'Baking', message })).toContain(`Baking: ${message}; goes back at ${DEADLINE}`)
    const back = 'going back until 2026-11-21T12:30:00.000Z: 1 of 2 tasks run'
    expect(said({ phase: 'RollingBack', message: back }).split('\n')[0]).toBe(`RollingBack: ${back}`)
    const { spec, ...rest } = running({})
    const bare = { ...rest, spec: { ...spec, strategy: {} }, status: {} }
    expect(sentenceOf(bare).text).toBe('prod-web-43 brings v43, Pending')
  })

  it('tells what a rollout on its way back waits for', async () => {
    const waits = 'waiting until AWS shows the weights'
    const release = releaseView({ conditions: [condition('Reconciling', 'True', 'ReadBack', waits)] })
    const back = {
      ...rolloutView(42),
      status: { phase: 'RollingBack' as const, message: 'gate smoke failed' },
    }
    const { out } = await steersman(['status'], { client: shopClient({ release, rollouts: [back] }) })
    expect(out).toContain(`    prod-web-42 brings v42, RollingBack: gate smoke failed\n      now: ${waits}\n`)
  })
})
