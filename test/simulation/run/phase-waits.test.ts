import { describe, expect, it } from 'vitest'

import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { PhaseWaits } from './phase-waits.ts'

const subject = { environment: 'demo', release: 'web', rollout: 'demo-web-1' }
const entered = (phase: string): SteersmanEvent => ({ type: 'PhaseEntered', ...subject, phase, message: '' })

/** What was put off, by its delay; it is done when the test says so. */
function waits(): { readonly phases: PhaseWaits; readonly later: Map<number, () => void> } {
  const later = new Map<number, () => void>()
  return { phases: new PhaseWaits((delayMs, act) => void later.set(delayMs, act)), later }
}

describe('a happening that waits for a phase', () => {
  it('strikes so long after a rollout has entered it, once', () => {
    const { phases, later } = waits()
    let strikes = 0
    phases.wait({ phase: 'Shifting', delayMs: 500 }, () => (strikes += 1))
    phases.told(entered('Verifying'))
    expect(later.has(500)).toBe(false)
    phases.told(entered('Shifting'))
    expect(strikes).toBe(0)
    later.get(500)?.()
    later.get(60_000)?.()
    phases.told(entered('Shifting'))
    expect(strikes).toBe(1)
  })

  it('strikes anyway when no rollout enters it for a minute', () => {
    const { phases, later } = waits()
    let strikes = 0
    phases.wait({ phase: 'Shifting', delayMs: 0 }, () => (strikes += 1))
    later.get(60_000)?.()
    expect(strikes).toBe(1)
  })
})
