import type { DefaultedGate, GateStage } from '../../../../controller/resources/types.ts'
import type { GateKind } from '../../../../controller/resources/gates.ts'
import { smokeGate } from '../../../support/release-fixtures.ts'
import type { Result } from './results.ts'
import { ASKED, DECIDED } from './results.ts'

/** One kind of gate for each way in which gates are asked. */
export interface Asking {
  readonly name: string
  readonly kind: GateKind
  readonly check: Partial<DefaultedGate>
  readonly results: readonly Result[]
}

export const ASKINGS: readonly Asking[] = [
  {
    name: 'measures',
    kind: 'prometheus',
    check: { prometheus: { query: 'errors', server: 'https://metrics.example.com', max: 1, interval: '5s' } },
    results: ASKED,
  },
  {
    name: 'decides once',
    kind: 'script',
    check: { script: { command: ['scripts/check.sh'], runTimeout: '10s' } },
    results: ASKED,
  },
  { name: 'asks people', kind: 'manual', check: { manual: {} }, results: DECIDED },
]

export const STAGES: readonly GateStage[] = [
  'BeforeProvision',
  'Verify',
  'BeforeShift',
  'Shift',
  'Bake',
  'AfterSuccess',
  'BeforeRollback',
]

const { http: _http, ...plain } = smokeGate

/** The gate that is asked, with two minutes to end. */
export const gateOf = (when: GateStage, { check }: Asking, { change }: Result): DefaultedGate => ({
  ...plain,
  name: 'check',
  when,
  timeout: '2m',
  ...check,
  ...change,
})
