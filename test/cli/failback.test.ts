import { describe, expect, it } from 'vitest'
import type { ReleaseView } from '../../controller/api/client.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import type { Stage } from './stage.ts'
import { steersman } from './stage.ts'

const id = '2026-11-21T12:00:00Z'

function view(status: NonNullable<ReleaseView['status']>): ReleaseView {
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Release',
    metadata: {
      name: 'prod-web',
      annotations: { [annotations.failback]: id, [annotations.failbackTo]: '41' },
    },
    spec: {},
    status,
  } as unknown as ReleaseView
}

const condition = (type: string, status: 'True' | 'False', message = '') => ({
  type,
  status,
  reason: 'Any',
  message,
  lastTransitionTime: id,
})
const held = { by: 'ann', at: id, rollout: 41 }

interface Asked {
  readonly requests: unknown[]
  readonly pins: unknown[]
}

/** A controller whose release is seen like this, one look after the other, and a branch that takes pins. */
function stage(
  looks: readonly ReleaseView[],
  pinning?: Error,
): { readonly asked: Asked; readonly stage: Stage } {
  const asked: Asked = { requests: [], pins: [] }
  const left = [...looks]
  return {
    asked,
    stage: {
      variables: { STEERSMAN_CONFIG: 'config' },
      client: {
        rollbackRelease: async (key, options) => {
          asked.requests.push({ key, options })
          return view({})
        },
        release: async () => left.shift() ?? view({}),
      },
      starters: {
        commitPin: async ({ pin }) => {
          asked.pins.push(pin)
          if (pinning !== undefined) throw pinning
          return { branch: 'prod', path: 'web.yaml', commit: 'c'.repeat(40) }
        },
      },
    },
  }
}

describe('rollback --now', () => {
  const onItsWay = view({ held, conditions: [condition('Ready', 'False')] })
  const back = view({ held, conditions: [condition('Ready', 'True')] })
  const args = ['rollback', 'prod/web', '--now', '--reason', 'errors']

  it('waits until the traffic is back, and commits the pin then', async () => {
    const { asked, stage: given } = stage([onItsWay, back])
    const { code, err, out } = await steersman(args, given)
    expect({ code, err }).toEqual({
      code: 0,
      err: 'prod/web serves again what rollout 41 served, and stays there\n',
    })
    expect(out).toContain('committed cccccccc to prod')
    expect(asked).toEqual({
      requests: [{ key: { environment: 'prod', release: 'web' }, options: { reason: 'errors' } }],
      pins: [{ rollout: 41, reason: 'errors' }],
    })
  })

  it('asks for the rollout that is named', async () => {
    const { asked, stage: given } = stage([back])
    await steersman([...args, '--to', '41'], given)
    expect(asked.requests).toMatchObject([{ options: { to: 41, reason: 'errors' } }])
  })

  it('says that the traffic is back where git takes no pin', async () => {
    const { stage: given } = stage([back], new Error('the forge does not answer'))
    const { code, err } = await steersman(args, given)
    expect(code).toBe(1)
    expect(err).toContain('prod/web serves again what rollout 41 served, and stays there\n')
    expect(err).toContain(
      'error: the pin could not be committed to the branch; the forge does not answer; the traffic is back and held',
    )
  })

  it.each([
    [
      'it was refused',
      view({ held, conditions: [condition('Stalled', 'True', 'the task definition is gone')] }),
    ],
    [
      'a freeze allows no way back',
      view({ held, waiting: { reason: 'Frozen', message: 'the task definition is gone' } }),
    ],
  ])('says why it can not where %s, and commits nothing', async (_what, look) => {
    const { asked, stage: given } = stage([onItsWay, look])
    const { code, err } = await steersman(args, given)
    expect(code).toBe(1)
    expect(err).toContain(
      'error: prod/web could not go back to what rollout 41 served; the task definition is gone; see `steersman status prod`',
    )
    expect(asked.pins).toEqual([])
  })
})
