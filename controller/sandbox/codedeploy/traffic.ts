import type { CodeDeployWorld } from './parts.ts'
import type { Deployment } from './state.ts'

/** Writes how the listeners' traffic is divided: `percent` to the replacement, the rest to the original. */
export function divide(
  { targets }: CodeDeployWorld,
  { original, replacement }: Pick<Deployment, 'original' | 'replacement'>,
  to: { readonly listeners: readonly string[]; readonly percent: number },
): void {
  if (original === undefined || replacement === undefined) return
  const groups = [original.targetGroupArn, replacement.targetGroupArn]
  const [ofOriginal = '', ofReplacement = ''] = groups
  for (const rule of to.listeners.flatMap((listener) => targets.rulesForwarding(listener, groups))) {
    targets.divide(rule, [
      { targetGroupArn: ofOriginal, weight: 100 - to.percent },
      { targetGroupArn: ofReplacement, weight: to.percent },
    ])
  }
}
