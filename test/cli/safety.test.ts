import { describe, expect, it } from 'vitest'
import { ApiError } from '../../controller/api/client/error.ts'
import type { ApiClient } from '../../controller/api/client.ts'
import { releaseView, rolloutView, shopClient, steersman, taskDefinition } from './stage.ts'

const irreversible = [
  {
    what: 'the task of gate migrate was started by prod-web-42',
    at: '2026-11-21T11:50:00Z',
    commit: 'c'.repeat(40),
    before: 42,
  },
]
const live = { side: 'green', taskDefinition: taskDefinition(42) } as const
const client = shopClient({
  release: releaseView({ irreversible, live }),
  rollouts: [rolloutView(42), rolloutView(41), rolloutView(40)],
})
const variables = { STEERSMAN_CONFIG: 'config' }

async function attempt(
  args: readonly string[],
  asked: Partial<ApiClient> = client,
): Promise<{ readonly code: number; readonly err: string; readonly pins: readonly unknown[] }> {
  const pins: unknown[] = []
  const commitPin = ({ pin }: { readonly pin: unknown }) => {
    pins.push(pin)
    return Promise.resolve({ branch: 'prod', path: 'deploy/web.yaml', commit: 'c'.repeat(40) })
  }
  const { code, err } = await steersman(args, { starters: { commitPin }, variables, client: asked })
  return { code, err, pins }
}

describe('a way back behind a migration', () => {
  it.each([
    ['rollback', ['rollback', 'prod/web']],
    ['rollback --to', ['rollback', 'prod/web', '--to', '40']],
    ['pin', ['pin', 'prod/web', '--rollout', '41', '--reason', 'x']],
    [
      'pin to a task definition',
      ['pin', 'prod/web', '--task-definition', taskDefinition(41), '--reason', 'x'],
    ],
  ])(
    'is refused to %s with what ran, when and for which commit, unless it says --unsafe',
    async (_what, args) => {
      const refused = await attempt(args)
      expect(refused).toMatchObject({ code: 1, pins: [] })
      expect(refused.err).toMatch(
        /^error: .* may not work any more, and going back does not undo it: the task of gate migrate was started by prod-web-42 at 2026-11-21T11:50:00Z for commit cccccccccccc; go back less far, or add --unsafe/,
      )
      expect(await attempt([...args, '--unsafe'])).toMatchObject({ code: 0, pins: [expect.anything()] })
    },
  )

  it('is let through as far as the version that came with it', async () => {
    expect(await attempt(['pin', 'prod/web', '--rollout', '42', '--reason', 'x'])).toMatchObject({ code: 0 })
  })

  it('is refused where the controller can not be asked, and not where it does not know the release', async () => {
    const failing = (status?: number): Partial<ApiClient> => {
      const details = { code: 'X', remedy: '', ...(status === undefined ? {} : { status }) }
      return { ...client, release: () => Promise.reject(new ApiError('no answer', details)) }
    }
    const args = ['pin', 'prod/web', '--rollout', '41', '--reason', 'x']
    const refused = await attempt(args, failing())
    expect(refused).toMatchObject({ code: 1, pins: [] })
    expect(refused.err).toContain('could not be asked whether going back is safe; no answer; give --server')
    expect(await attempt(args, failing(404))).toMatchObject({ code: 0 })
  })
})

describe('rollback --pull-request', () => {
  it('asks for the pin by a pull request, and tells its page', async () => {
    const asked: unknown[] = []
    const url = 'https://github.com/acme/shop/pull/7'
    const { code, out } = await steersman(
      ['rollback', 'prod/web', '--to', '42', '--pull-request', '--forge', 'github'],
      {
        client,
        variables,
        starters: {
          commitPin: ({ pin, pullRequest }) => {
            asked.push({ pin, pullRequest })
            return Promise.resolve({
              branch: 'steersman/x',
              path: 'deploy/web.yaml',
              commit: 'c'.repeat(40),
              pullRequest: url,
            })
          },
        },
      },
    )
    expect({ code, out }).toEqual({
      code: 0,
      out: `prod/web: opened ${url} (branch steersman/x, deploy/web.yaml); it counts once it is merged\n`,
    })
    expect(asked).toEqual([
      { pin: { rollout: 42, reason: 'rolled back to rollout 42' }, pullRequest: { forge: 'github' } },
    ])
  })
})

describe('status', () => {
  it('says how far back is safe', async () => {
    const { out } = await steersman(['status'], { client })
    expect(out).toContain(
      '    going back is safe as far as rollout 42: the task of gate migrate was started by prod-web-42 at 2026-11-21T11:50:00Z\n',
    )
  })
})
