/** One number that a script measured, the bound it has to keep, and whether it does. */
interface Bound {
  key: string
  atMost: number
}

/** What `npm run bench` must keep. Counts are exact; times get three times their aim, because CI machines are shared. */
const BENCH_BOUNDS: readonly Bound[] = [
  { key: 'awsCallsPerRelease', atMost: 25 },
  { key: 'overheadMs', atMost: 3 * 1_000 },
  { key: 'idleCpuMsPerRelease', atMost: 3 * 1 },
  { key: 'rssMb', atMost: 250 },
]

/** What `npm run bench:terraform` must keep. */
const TERRAFORM_BOUNDS: readonly Bound[] = [
  { key: 'processesWhenUnchanged', atMost: 0 },
  { key: 'processesAtOnce', atMost: 2 },
  { key: 'overheadPercent', atMost: 5 },
]

/** A new user waits for the demo with an empty terminal in front of them. */
const DEMO_SECONDS = 60

/** Complaints about the JSON that `demo --once -o json` printed; none means that everything was seen. */
export function judgeDemo(output: string): string[] {
  const result = parseObject(output)
  if (result === undefined) return ['the demo did not print one JSON object']
  const complaints =
    result['ok'] === true ? [] : ['the demo says that not everything was seen (ok is not true)']
  if (result['failed'] !== 0) complaints.push(`${String(result['failed'])} requests failed`)
  for (const key of ['requests', 'swaps', 'refused', 'driftCorrected', 'seconds']) {
    if (!(Number(result[key]) > 0)) complaints.push(`${key} was not measured`)
  }
  if (Number(result['seconds']) >= DEMO_SECONDS)
    complaints.push(`it took ${String(result['seconds'])} s, not under ${DEMO_SECONDS}`)
  if (typeof result['tag'] !== 'string' || result['tag'] === '') complaints.push('no tag was set')
  return complaints
}

/** Complaints about the JSON that `npm run bench -- -o json` printed; none means that every bound is kept. */
export function judgeBench(output: string): string[] {
  return judgeBounds(output, BENCH_BOUNDS)
}

/** The same of `npm run bench:terraform`. */
export function judgeTerraformBench(output: string): string[] {
  return judgeBounds(output, TERRAFORM_BOUNDS)
}

function judgeBounds(output: string, bounds: readonly Bound[]): string[] {
  const result = parseObject(output)
  if (result === undefined) return ['the benchmark did not print one JSON object']
  return bounds.flatMap(({ key, atMost }) => {
    const value = result[key]
    if (typeof value !== 'number' || !Number.isFinite(value)) return [`${key} was not measured`]
    return value <= atMost ? [] : [`${key} is ${value}, more than ${atMost}`]
  })
}

/** Fewer seeds in the time that CI gives show too little. */
const LEAST_SEEDS = 50

/** Complaints about the JSON that `npm run simulate -- -o json` printed; none means that enough was played and every promise kept. */
export function judgeSimulation(output: string): string[] {
  const result = parseObject(output)
  if (result === undefined) return ['the simulation did not print one JSON object']
  const { seeds, violationCount, thinSeeds } = result
  return [
    ...(Number(seeds) >= LEAST_SEEDS ? [] : [`${String(seeds)} seeds were played, not ${LEAST_SEEDS}`]),
    ...(violationCount === 0 ? [] : [`${String(violationCount)} promises were broken`]),
    ...(thinSeeds === 0 ? [] : [`${String(thinSeeds)} seeds had too few pushes or faults`]),
  ]
}

/** Swaps of the short form: each ending once at least. */
export const SOAK_SWAPS = 12

/** Complaints about the JSON that `npm run soak -- -o json` printed, of counts alone; none means that so many swaps kept every promise. */
export function judgeSoak(output: string): string[] {
  const result = parseObject(output)
  if (result === undefined) return ['the soak did not print one JSON object']
  const { swaps, requests, failed, refusedServed, rollbackWrites } = result
  return [
    ...(swaps === SOAK_SWAPS ? [] : [`${String(swaps)} swaps were played, not ${SOAK_SWAPS}`]),
    ...(Number(requests) > 0 ? [] : ['requests was not measured']),
    ...(failed === 0 ? [] : [`${String(failed)} requests failed`]),
    ...(refusedServed === 0 ? [] : [`${String(refusedServed)} answers were of a refused version`]),
    ...(rollbackWrites === 1 ? [] : [`a way back took ${String(rollbackWrites)} writes, not 1`]),
  ]
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
