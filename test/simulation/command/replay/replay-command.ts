import type { FaultLevel } from '../../run/story.ts'
import { scenarios } from '../../scenarios/all.ts'
import type { Job } from '../request.ts'
import { faultLevels } from '../request.ts'

/** The one command that plays a seed again, with its timeline. */
export function replayCommand(
  { scenario, seed }: { readonly scenario: string; readonly seed: number },
  { level, depth }: Job,
): string {
  const more = depth === 'full' ? '' : ` --depth ${depth}`
  return `npm run simulate -- --replay ${scenario}/${seed}/${level}${more}`
}

/** Reads `scenario/seed[/faults]`; undefined for anything else. */
export function readReplayName(
  name: string,
  usual: FaultLevel,
): { readonly scenario: string; readonly seed: number; readonly level: FaultLevel } | undefined {
  const [scenario = '', seed = '', faults = usual, ...more] = name.split('/')
  const level = faultLevels.find((candidate) => candidate === faults)
  if (!scenarios.has(scenario) || !/^\d+$/.test(seed) || level === undefined || more.length > 0)
    return undefined
  return { scenario, seed: Number(seed), level }
}
