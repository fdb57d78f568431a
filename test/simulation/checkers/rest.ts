import { SCALING_BOUNDS } from '../aws/scaling.ts'
import { isFailure } from '../../../controller/core/rollout/state.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import type { SeenSide } from '../aws/view.ts'
import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import { isOfWorkers, servingSides } from '../aws/workers.ts'
import { CURRENT, records } from '../git/deploy-tags.ts'
import { ASKED_OUTSIDE } from '../happenings/outside.ts'
import { MONITORED } from '../happenings/monitoring.ts'
import { isFickle, isUnfit, isVulnerable } from '../scenarios/version.ts'
import { readiness } from '../terraform/applied.ts'
import type { Branch } from '../run/branch.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { isFailedBack } from './failbacks.ts'
import { isRefusal, versionOf } from './failures.ts'
import { isGivenUp, isToldGivenUp } from './given-up.ts'
import type { Story } from '../run/story.ts'
import { Revisions } from './revisions.ts'
import type { StoredRollout } from './stored.ts'
import { storedEnvironment, storedRollouts } from './stored.ts'
import { isAdopted, isAnySideVerified, wasEverVerified } from './verified.ts'

/** I5: once faults stop, everything comes to rest at the wanted version, or at the last good one where that failed; and what is stored says so. */
export function checkRest(parts: CheckerParts): Checker {
  const { simulation, report } = parts
  const revisions = new Revisions(simulation)
  const aborted = new Set<string>()
  return {
    asked: (asked) => revisions.asked(asked),
    asking(asked) {
      if (isRefusal(asked)) aborted.add(asked.release)
    },
    rested() {
      const wanted = revisions.wanted()
      const serves = simulation.story.releases.map((release) => {
        if (isFailedBack(simulation.machine, release)) return undefined
        const expected = expectedOf(parts, { release, wanted })
        const others = simulation.story.releases.filter((other) => other !== release)
        const isHeldUp =
          simulation.story.relations !== undefined &&
          others.some((other) => aborted.has(other) || isTrouble(parts, other, wanted))
        const judged = { release, expected, wasAborted: isHeldUp || aborted.has(release) }
        const isOfOne = isOfWorkers(simulation.story)
        const isServing = isOfOne ? judgeWorker(parts, judged) : judgeRelease(parts, judged)
        return isServing === true && isToldGivenUp(parts, release) ? false : isServing
      })
      const isOpen = (serving: boolean | undefined, index: number): boolean =>
        serving === undefined || (serving && isUnverified(parts, simulation.story.releases[index] ?? ''))
      if (serves.some(isOpen)) return
      const allServe = serves.every((each) => each === true)
      if (wanted !== undefined) judgeRecord(parts, { wanted, allServe })
      if (wanted?.length === 1) judgeStatus(report, parts, allServe)
    },
  }
}

/** A version that failed or was aborted, and serves because there was none to go back to: it was never verified. */
function isUnverified({ simulation }: CheckerParts, release: string): boolean {
  const rollouts = storedRollouts(simulation.machine, release)
  // What was superseded says nothing of any version.
  const last = rollouts.findLast(({ status }) => status.phase !== 'Superseded')
  if (last === undefined || !isFailure(last.status)) return false
  return !rollouts.some((each) => each.status.outcome === 'Succeeded' && versionOf(each) === versionOf(last))
}

/** Whether a release may not serve what is wanted of it, so that others which wait for it, or move with it, do not either. */
function isTrouble(
  { simulation: { branch, story }, checkers }: CheckerParts,
  release: string,
  wanted: readonly string[] | undefined,
): boolean {
  const said = (wanted ?? branch.heads).map((commit) => branch.saidBy(commit).releases.get(release)?.version)
  return (
    checkers.excuses.wasStruck(release) ||
    wasBadlyWatched(story, release) ||
    said.some((version = '') => isUnfit(version) || isFickle(version))
  )
}

interface Expected {
  /** Undefined where any good version will do. */
  readonly versions: readonly string[] | undefined
  readonly counts: readonly number[]
}

function expectedOf(
  { simulation: { branch, machine, terraform, story } }: CheckerParts,
  { release, wanted }: { readonly release: string; readonly wanted: readonly string[] | undefined },
): Expected {
  // Until Terraform has made what the commit wants, what runs has to stay.
  const isReady = terraform === undefined || readiness(machine)?.status === 'True'
  const said = (wanted ?? branch.heads).flatMap((commit) => branch.saidBy(commit).releases.get(release) ?? [])
  const scaled = story.scaling === undefined ? undefined : SCALED_COUNTS
  const counts = scaled ?? said.map(({ desiredCount }) => desiredCount)
  const unclear = { versions: undefined, counts: scaled ?? everCounted(branch, release) }
  if (wanted === undefined || !isReady) return unclear
  const rollouts = storedRollouts(machine, release)
  const versions = said.map(({ version, pin }) => {
    if (pin === undefined) return version
    const pinned = rollouts.find(({ spec, status }) => spec.number === pin && status.outcome === 'Succeeded')
    return pinned === undefined ? undefined : versionOf(pinned)
  })
  const known = versions.filter((version) => version !== undefined)
  if (known.length < versions.length) return unclear
  // Of a commit whose image is refused nothing is done, its count neither.
  return { versions: known, counts: known.some(isVulnerable) ? unclear.counts : counts }
}

/** Every count that autoscaling may give a side. */
const SCALED_COUNTS = Array.from(
  { length: SCALING_BOUNDS.maximum },
  (_, index) => SCALING_BOUNDS.minimum + index,
)

/** Every count that the branch ever said: where nobody can say what is wanted, what stood before stays. */
const everCounted = (branch: Branch, release: string): readonly number[] =>
  branch.heads.flatMap((head) => branch.saidBy(head).releases.get(release)?.desiredCount ?? [])

/** Whether the release serves what is wanted, undefined where that changes by itself; reports where it rests as it must not. */
function judgeRelease(parts: CheckerParts, { release, expected, wasAborted }: Judged): boolean | undefined {
  const { simulation, checkers, report } = parts
  const pair = simulation.pairOf(release)
  const isClear = expected.versions !== undefined
  const seen = seeRelease(simulation.aws, pair)
  const live = sideNames.filter((side) => (seen.weights?.[side] ?? 0) > 0)
  // People made both sides something else while they shared the traffic: neither may be given more of it, nor be changed under it.
  const areSpoilt =
    live.length > 1 &&
    checkers.excuses.wasStruck(release) &&
    !isAnySideVerified(simulation.machine, release, seen)
  const isLeftAlone = areSpoilt || mayBeLeftAlone({ simulation, checkers, release, isClear })
  const tell = (message: string): void => {
    if (!isLeftAlone) report('I5', `${release} rests ${message}`)
  }
  const [side] = live
  if (side === undefined || live.length !== 1) {
    tell(`with its traffic at ${live.join(' and ') || 'nobody'}`)
    return false
  }
  const idle = side === 'blue' ? 'green' : 'blue'
  const left = seen.sides[idle].targets.filter(({ state }) => state !== 'draining').length
  if (left > 0) tell(`with ${left} idle targets`)
  return judgeServing(parts, { release, side: seen.sides[side], expected, wasAborted, tell })
}

interface Judged {
  readonly release: string
  readonly expected: Expected
  readonly wasAborted: boolean
}

/** The same of a release that is one service: all of it serves. */
function judgeWorker(parts: CheckerParts, { release, expected, wasAborted }: Judged): boolean | undefined {
  const { simulation, checkers, report } = parts
  const isClear = expected.versions !== undefined
  const isLeftAlone = mayBeLeftAlone({ simulation, checkers, release, isClear })
  const tell = (message: string): void => {
    if (!isLeftAlone) report('I5', `${release} rests ${message}`)
  }
  const [side, other] = servingSides(simulation, release)
  if (side === undefined || other !== undefined) {
    tell(`with its traffic at ${other === undefined ? 'nobody' : 'two task sets'}`)
    return false
  }
  if (isAsMade(simulation, release, side)) return false
  return judgeServing(parts, { release, side, expected, wasAborted, tell })
}

/** What Terraform made serves on as it is, its count too, where the first versions failed and none ever came through. */
function isAsMade(
  { machine, moved, story }: CheckerParts['simulation'],
  release: string,
  side: SeenSide,
): boolean {
  const rollouts = storedRollouts(machine, release)
  const last = rollouts.findLast(({ status }) => status.phase !== 'Superseded')
  const hasFailed = last !== undefined && isFailure(last.status) && !wasEverVerified(machine, release)
  return moved.length > 0 && hasFailed && !isKnown(story, { rollouts, release, side })
}

/**
 * People who do not come may fail any version, and so may a clock that has leapt between two lives of a controller: the second one reads a deadline that the
 * other clock has stored, and can't know how far off that was.
 */
const mayFailAny = ({ story, seats }: CheckerParts['simulation']): boolean =>
  story.happenings.some(
    ({ kind }) =>
      kind === 'nobody at the gates' || (kind === 'clock leap' && seats.some(({ lives }) => lives > 1)),
  )

interface Live {
  readonly release: string
  readonly side: SeenSide
  readonly expected: Expected
  readonly wasAborted: boolean
  readonly tell: (message: string) => void
}

/** The side with the traffic: its version and how many tasks of it there are. */
function judgeServing(
  { simulation, checkers }: CheckerParts,
  { release, side, expected, wasAborted, tell }: Live,
): boolean | undefined {
  const rollouts = storedRollouts(simulation.machine, release)
  // Its tasks end and come back all the time.
  if (isFickle(versionOf(rollouts.find(({ spec }) => spec.taskDefinition === side.taskDefinition))))
    return undefined
  const healthy = healthyTargets(side)
  const serving = [...new Set(healthy.map(({ version }) => version ?? 'nothing'))]
  const [version = 'nothing'] = serving
  const isWanted = expected.versions?.includes(version) === true && serving.length === 1
  const isAnyLost = mayFailAny(simulation)
  const mayFail = (wanted: string): boolean =>
    isUnfit(wanted) ||
    isFickle(wanted) ||
    wasAborted ||
    isAnyLost ||
    wasBadlyWatched(simulation.story, release) ||
    checkers.excuses.wasStruck(release)
  // Where either of two commits may be what is wanted, either may have failed.
  const { versions } = expected
  const mayHaveFailed = versions === undefined || versions.length === 0 || versions.some(mayFail)
  // Where nobody can say what is wanted, what runs stays; that is nothing where all that ever was tried has failed.
  const tried = rollouts.filter(({ status }) => status.phase !== 'Superseded').map(versionOf)
  const wasNeverGood =
    rollouts.every(({ status }) => status.outcome !== 'Succeeded') &&
    (expected.versions ?? tried).every((wanted) => wanted === undefined || mayFail(wanted))
  if (healthy.length === 0 && wasNeverGood) return false
  // The same image in a task definition that somebody made is not what is wanted: where that was refused, by an abort say, it stays, and is told (I8).
  const isOurs = isKnown(simulation.story, { rollouts, release, side })
  if (isLeftOver({ isNothing: healthy.length === 0, isOurs }) && isGivenUp({ simulation, checkers }, release))
    return false
  const isGood = serving.length === 1 && wasEverSaid(simulation.branch, release, version) && !isUnfit(version)
  if (!isWanted && !(isGood && mayHaveFailed)) tell(servingMessage(serving, expected))
  if (!expected.counts.includes(healthy.length))
    tell(`with ${healthy.length} healthy targets of ${[...new Set(expected.counts)].join(' or ')}`)
  return isWanted && isOurs
}

/** Whether an alarm of the release, what is measured of all of them, or somebody who is asked was bad at some time, so that any version may have failed. */
const wasBadlyWatched = ({ watched, gates, happenings }: Story, release: string): boolean =>
  happenings.some(
    ({ kind, with: { release: named = release } }) =>
      (watched !== undefined && MONITORED.has(kind) && named === release) ||
      (gates === 'outside' && (ASKED_OUTSIDE.has(kind) || MONITORED.has(kind))),
  )

/** Whether a rollout brought the side's revision, or the release was adopted with it. */
const isKnown = (
  story: Story,
  {
    rollouts,
    release,
    side: { taskDefinition },
  }: Pick<Live, 'release' | 'side'> & { readonly rollouts: readonly StoredRollout[] },
): boolean =>
  rollouts.some(({ spec }) => spec.taskDefinition === taskDefinition) ||
  isAdopted(story, release, taskDefinition)

const servingMessage = (serving: readonly string[], { versions }: Expected): string =>
  `serving ${serving.join(' and ')}, wanted is ${versions?.join(' or ') ?? 'any good one'}`

const wasEverSaid = (branch: Branch, release: string, version: string): boolean =>
  branch.heads.some((head) => branch.saidBy(head).releases.get(release)?.version === version)

/** What a person leaves of a release: nothing, or a version of their own making. */
const isLeftOver = ({
  isNothing,
  isOurs,
}: {
  readonly isNothing: boolean
  readonly isOurs: boolean
}): boolean => isNothing || !isOurs

/**
 * Where nobody can say what is wanted (a broken document, a rewound branch, a pin to nothing) nothing is put right, whatever happens to it; nor where no
 * version was ever verified and a person gave traffic to one: no way from there keeps all promises.
 */
function mayBeLeftAlone({
  simulation,
  checkers,
  release,
  isClear,
}: Pick<CheckerParts, 'simulation' | 'checkers'> & {
  readonly release: string
  readonly isClear: boolean
}): boolean {
  const wasVerified = storedRollouts(simulation.machine, release).some(
    ({ status }) => status.outcome === 'Succeeded',
  )
  return (!isClear || !wasVerified) && checkers.excuses.wasStruck(release)
}

/** The newest record and the tag are at the wanted commit if all of it serves. */
function judgeRecord(
  { simulation, report }: CheckerParts,
  { wanted, allServe }: { readonly wanted: readonly string[]; readonly allServe: boolean },
): void {
  const { head } = simulation.branch
  const [commit] = wanted
  if (!allServe || wanted.length !== 1 || commit === undefined || commit !== head) return
  const [newest] = records(simulation)
  if (newest?.commit !== commit)
    report(
      'I5',
      `the newest record is of ${newest?.commit.slice(0, 8) ?? 'nothing'}, and ${commit.slice(0, 8)} serves`,
    )
  const reference = `refs/tags/${CURRENT}`
  if (simulation.remote.reference(reference) === undefined) return
  const current = simulation.remote.tagAt(reference).commit
  if (current !== commit)
    report('I5', `${CURRENT} is at ${current.slice(0, 8)}, and ${commit.slice(0, 8)} serves`)
}

/** The Environment is Ready exactly when all of the wanted commit serves, and says why where it is not. */
function judgeStatus(report: CheckerParts['report'], { simulation }: CheckerParts, allServe: boolean): void {
  const object = storedEnvironment(simulation.machine)
  const { conditions = [] } = (object?.status ?? {}) as EnvironmentStatus
  const ready = conditions.find(({ type }) => type === 'Ready')
  if ((ready?.status === 'True') !== allServe)
    report(
      'I5',
      `the Environment's Ready is ${ready?.status ?? 'missing'} (${ready?.message ?? ''}), and the wanted commit ${allServe ? 'serves' : 'does not serve'}`,
    )
  if (ready?.status !== 'True' && (ready?.message ?? '') === '')
    report('I5', 'the Environment is not Ready and does not say why')
}
