import { describe, expect, it } from 'vitest'

import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { NO_ROLLOUT, Strikes } from './strikes.ts'

const subject = { environment: 'demo', release: 'web', rollout: 'web-1' }
const enters = (phase: string): SteersmanEvent => ({ type: 'PhaseEntered', phase, message: '', ...subject })

describe('a happening', () => {
  it('strikes at once, in the phase of the rollout that runs', () => {
    const strikes = new Strikes()
    strikes.happen('kill', () => undefined)
    strikes.told(enters('Shifting'))
    strikes.happen('kill', () => undefined)
    expect(strikes.fired).toEqual({ kill: 2 })
    expect(strikes.byPhase).toEqual({ [NO_ROLLOUT]: { kill: 1 }, Shifting: { kill: 1 } })
  })

  it('strikes nobody when it says that it missed', () => {
    const strikes = new Strikes()
    strikes.happen('a task dies', () => strikes.missed())
    expect(strikes.fired).toEqual({})
  })

  it('counts once, and once in each phase, however often it strikes later', () => {
    const strikes = new Strikes()
    let strike = (): void => undefined
    strikes.happen('throttling', () => {
      strike = strikes.later()
    })
    expect(strikes.fired).toEqual({})
    for (const phase of ['Verifying', 'Verifying', 'Baking']) {
      strikes.told(enters(phase))
      strike()
    }
    expect(strikes.fired).toEqual({ throttling: 1 })
    expect(strikes.byPhase).toEqual({ Verifying: { throttling: 1 }, Baking: { throttling: 1 } })
  })

  it('counts for every rollout that runs at the moment, and for none that has finished', () => {
    const strikes = new Strikes()
    strikes.told(enters('Verifying'))
    strikes.told({ ...enters('Baking'), rollout: 'api-1' } as SteersmanEvent)
    strikes.happen('pause', () => undefined)
    strikes.told({
      type: 'RolloutFinished',
      outcome: 'Succeeded',
      reason: '',
      message: '',
      strategy: 'BlueGreen',
      durationMs: 1,
      waitMs: 0,
      commitToTrafficMs: 1,
      ...subject,
    })
    strikes.happen('pause', () => undefined)
    expect(strikes.byPhase).toEqual({ Verifying: { pause: 1 }, Baking: { pause: 2 } })
  })
})
