import { gateKind, gateStage } from '../../resources/gates.ts'
import type { Problem } from '../../resources/problem.ts'
import type { DefaultedGate, DefaultedRelease, GateStage } from '../../resources/types.ts'
import { isOneService, isRolling } from '../places.ts'

/** The stages of a release with one service: nothing of it can be asked while it takes no work, and no weight ever moves. */
const STAGES: readonly GateStage[] = ['BeforeProvision', 'Bake', 'AfterSuccess', 'BeforeRollback']

/** What a rolling release can't have, and what only a release with one service has. */
export function checkOneService(
  release: DefaultedRelease,
  requiredGates: readonly DefaultedGate[],
): Problem[] {
  if (!isOneService(release.spec)) return checkPair(release)
  if (!isRolling(release.spec)) return []
  return [
    ...release.spec.gates.flatMap((gate, index) => checkGate(gate, `/spec/gates/${index}`)),
    ...requiredGates.flatMap(checkRequiredGate),
  ]
}

function checkPair({ spec }: DefaultedRelease): Problem[] {
  if (spec.service.name === undefined) return []
  const message =
    'a pair has two services; expected service.names, strategy type Rolling, or an engine of AWS’s own'
  return [problem('/spec/service/name', message, 'key')]
}

function checkGate(gate: DefaultedGate, path: string): Problem[] {
  const wrong = wrongWith(gate)
  return wrong === undefined ? [] : [problem(`${path}${wrong.at}`, `the gate ${gate.name} ${wrong.message}`)]
}

function checkRequiredGate(gate: DefaultedGate): Problem[] {
  const wrong = wrongWith(gate)
  if (wrong === undefined) return []
  const message = `the environment's gate ${gate.name} ${wrong.message}; or another strategy type, or an environment without that gate`
  return [problem('/spec/strategy/type', message)]
}

function wrongWith(gate: DefaultedGate): { readonly at: string; readonly message: string } | undefined {
  const kind = gateKind(gate)
  if (kind === 'http')
    return {
      at: '/http',
      message:
        'asks through a load balancer, which a rolling release does not have; expected a gate of another kind',
    }
  const stage = gateStage(gate)
  if (STAGES.includes(stage)) return undefined
  return {
    at: gate.when === undefined ? '' : '/when',
    message: `is asked at ${stage}, which a rolling release does not have: its new version works as soon as it starts; expected when: ${STAGES.join(', ')}`,
  }
}

const problem = (path: string, message: string, at: Problem['at'] = 'value'): Problem => ({
  path,
  message,
  code: 'InvalidValue',
  at,
})
