import type { AwsCall } from '../../aws/simulated-aws.ts'
import type { RunResult } from '../../run/run-seed.ts'
import type { Simulation } from '../../run/simulation.ts'
import type { Story } from '../../run/story.ts'
import type { TraceEntry } from '../../run/trace.ts'
import type { Player } from '../player.ts'

/** What rollouts, people and faults do is worth a line; how often something was looked at is not. */
const TOLD_EVENTS =
  /^(RolloutStarted|PhaseEntered|RolloutFinished|TagMoved|LeaseChanged|ManifestRefused|DriftFound|DriftCorrected|ConditionChanged)\b/
/** Operations of AWS that only look. */
const READS = /^(Describe|List|Get|Batch)/
/** Members of events that say nothing in a run with one environment. */
const NOISE = / (environment|durationMs|requestId|waitMs|strategy)=[^ ]*/g

/** Plays a story and returns its timeline beside the result: time, who, what; a broken promise is marked. `isVerbose`: with every call. */
export async function playWithTimeline(
  player: Player,
  story: Story,
  { isVerbose }: { readonly isVerbose: boolean },
): Promise<{ readonly result: RunResult; readonly timeline: string }> {
  const calls: { readonly before: number; readonly entry: TraceEntry }[] = []
  const listen = (simulation: Simulation): void => {
    simulation.aws.listen({
      afterCall(call, reply) {
        if (call.writes || reply.error !== undefined) return
        const { trace, time } = simulation
        const entry = { atMs: time.elapsed(), who: 'aws', what: `${call.operation} by ${call.who}` }
        calls.push({ before: trace.entries.length, entry: { ...entry, what: readText(call) } })
      },
    })
  }
  const result = await player(story, isVerbose ? listen : undefined)
  const entries = isVerbose ? together(result.trace, calls) : result.trace.filter(isTold)
  return { result, timeline: entries.map(lineOf).join('\n') }
}

/** Whether an entry belongs into a timeline for people. */
function isTold({ who, what }: TraceEntry): boolean {
  if (who === 'aws') return !READS.test(what)
  if (who.startsWith('controller')) return TOLD_EVENTS.test(what)
  return true
}

/** `1:02.345  people        push 0123abcd: web v2-good`. */
function lineOf({ atMs, who, what }: TraceEntry): string {
  const minutes = Math.floor(atMs / 60_000)
  const seconds = ((atMs % 60_000) / 1_000).toFixed(3).padStart(6, '0')
  const mark = what.startsWith('BROKEN') ? '>>>' : '   '
  return `${mark} ${String(minutes).padStart(3)}:${seconds}  ${who.padEnd(22)}  ${what.replaceAll(NOISE, '')}`
}

const readText = ({ operation, who }: AwsCall): string => `${operation} by ${who}`

/** Calls that only look are no part of the trace, whose hash they must not change; they are put between its entries. */
function together(
  trace: readonly TraceEntry[],
  calls: readonly { readonly before: number; readonly entry: TraceEntry }[],
): readonly TraceEntry[] {
  let next = 0
  const entries = trace.flatMap((entry, index) => {
    const earlier: TraceEntry[] = []
    for (let call = calls[next]; call !== undefined && call.before <= index; call = calls[next]) {
      earlier.push(call.entry)
      next += 1
    }
    return [...earlier, entry]
  })
  return [...entries, ...calls.slice(next).map(({ entry }) => entry)]
}
