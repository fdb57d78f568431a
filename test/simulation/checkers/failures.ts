import { isFailure, isFinished } from '../../../controller/core/rollout/state.ts'
import { isFickle, isUnfit } from '../scenarios/version.ts'
import type { Asked } from '../run/asked.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'

/** I8: what failed is not tried again by itself, and what is no fault of a version does not make it fail. */
export function checkFailures({ simulation, checkers, report }: CheckerParts): Checker {
  const retried = new Set<string>()
  const aborted = new Set<string>()
  /** A person wanted it to go back, for whatever reason. */
  const refused = new Set<string>()
  const { story, machine } = simulation
  const isBlameless = story.happenings.every(({ kind, with: given }) => isWait(kind, given))
  return {
    asking(asked) {
      if (asked.verb === 'retry') retried.add(asked.release)
      if (asked.verb === 'abort' || asked.verb === 'rollback-now') aborted.add(asked.release)
      if (isRefusal(asked)) refused.add(asked.release)
    },
    told(event) {
      if (event.type === 'RolloutStarted') {
        const rollouts = storedRollouts(machine, event.release)
        const started = rollouts.find(({ name }) => name === event.rollout)
        const before = started === undefined ? undefined : failedBefore(rollouts, started)
        const isAsked = event.why === 'Retry' || event.why === 'Restart'
        if (before !== undefined && !isAsked)
          report('I8', `${event.rollout} tries again, by itself, what failed in ${before.name}`)
        if (event.why === 'Retry' && !retried.has(event.release))
          report('I8', `${event.rollout} is a retry that nobody asked for`)
        const answered = rollouts.find((rollout) => isSameAnswer(rollout, started))
        if (isAsked && answered !== undefined)
          report('I8', `${event.rollout} answers a request that ${answered.name} has answered before`)
      }
      if (event.type === 'RolloutFinished' && event.outcome === 'Aborted' && !aborted.has(event.release))
        report('I8', `${event.rollout} is aborted, and nobody asked for it: ${event.message}`)
      if (event.type !== 'RolloutFinished' || event.outcome !== 'RolledBack') return
      const version = versionOf(storedRollouts(machine).find(({ name }) => name === event.rollout))
      if (isBlamed(event, version) || refused.has(event.release)) return
      if (isBlameless && !checkers.excuses.wasStruck(event.release))
        report(
          'I8',
          `${event.rollout} of ${version} failed (${event.reason}) by nothing but waits: ${event.message}`,
        )
    },
  }
}

/** Whether a person says that a version shall not stay. */
export const isRefusal = (asked: Asked): asked is Asked & { readonly release: string } =>
  asked.verb === 'abort' ||
  asked.verb === 'rollback-now' ||
  (asked.verb === 'decide' && asked.verdict === 'Rejected')

/** Whether there is somebody to blame for the failure beside bad luck: the version, or another member of its group. */
const isBlamed = (event: { readonly reason: string }, version: string): boolean =>
  isOfAnother(event) || isUnfit(version) || isFickle(version)

/** Whether it went back because another member of its group did: that says nothing of its own version. */
export const isOfAnother = ({ reason }: { readonly reason?: string }): boolean =>
  reason === 'GroupMemberFailed'

/** The image's tag that a rollout brings. */
export const versionOf = (rollout: StoredRollout | undefined): string => rollout?.spec.image?.tag ?? ''

/** Whether the happening takes time or is lost, and no more: no version may fail for it. Those that last may use a deadline up. */
function isWait(kind: string, given: Readonly<Record<string, string | number>>): boolean {
  const waits = [
    'throttling',
    'a greedy neighbour',
    'late image',
    'late scan',
    'no scan',
    'later findings',
    'no capacity',
    'slow answers',
    'stale reads',
  ]
  const changes = [
    'push',
    'hasty pushes',
    'one commit for all',
    'revert',
    'another count',
    'broken manifest',
    'kill',
    'store conflicts',
  ]
  if (kind === 'server errors of reads') return Number(given['forMs']) < 60_000
  return waits.includes(kind) || changes.includes(kind)
}

/** Whether another rollout was started for the very same request of a person. */
const isSameAnswer = ({ name, spec }: StoredRollout, started: StoredRollout | undefined): boolean =>
  name !== started?.name && spec.why === started?.spec.why && spec.requestedAt === started.spec.requestedAt

/** How the same content ended the last time, if it failed then; whatever else was tried in between. */
function failedBefore(rollouts: readonly StoredRollout[], started: StoredRollout): StoredRollout | undefined {
  const earlier = rollouts.filter(
    ({ spec, status }) =>
      spec.number < started.spec.number && isFinished(status) && status.phase !== 'Superseded',
  )
  const isSame = ({ spec }: StoredRollout): boolean => spec.digest === started.spec.digest
  const last = earlier.findLast(isSame)
  if (last === undefined || !isFailure(last.status) || isOfAnother(last.status)) return undefined
  // The last good version is brought back after another one failed, though a restart of it may have failed before.
  const wasGood = earlier.some((each) => isSame(each) && each.status.outcome === 'Succeeded')
  return started.spec.why === 'Drift' && wasGood && earlier.at(-1) !== last ? undefined : last
}
