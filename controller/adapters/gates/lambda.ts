import { judgeHook } from '../../core/gate/judge-hook.ts'
import type { FunctionAnswer, Functions } from '../../ports/functions.ts'
import type { GateAttempt, LambdaProbe } from '../../ports/gate.ts'
import { notRead } from './not-read.ts'

/** Invokes the function once. What it throws is Inconclusive, and so is that AWS can't be asked. */
export async function probeLambda(probe: LambdaProbe, functions: Functions): Promise<GateAttempt> {
  try {
    return judgeFunction(probe, await functions.invoke(probe))
  } catch (error) {
    return notInvoked(probe, error)
  }
}

/** What an answer of the function says. */
export function judgeFunction(probe: LambdaProbe, { payload, functionError }: FunctionAnswer): GateAttempt {
  const name = nameOf(probe)
  if (functionError === undefined) return judgeHook(name, payload)
  return { result: 'Inconclusive', message: `${name} failed (${functionError}); its log says why` }
}

/** What an attempt is without an answer. Throws what is no PortError. */
export const notInvoked = (probe: LambdaProbe, error: unknown): GateAttempt =>
  notRead(`the answer of ${nameOf(probe)}`, error)

/** A function as people call it: without account and region, but with its version or alias. */
const nameOf = ({ function: arn }: LambdaProbe): string => `function ${arn.split(':').slice(6).join(':')}`
