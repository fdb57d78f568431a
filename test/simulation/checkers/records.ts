import { ENVIRONMENT } from '../aws/shape.ts'
import { healthyTargets } from '../aws/view.ts'
import { servingSides } from '../aws/workers.ts'
import { peelToCommit } from '../git/objects.ts'
import type { ReferenceChange } from '../git/remote.ts'
import { CURRENT } from '../git/deploy-tags.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { Revisions } from './revisions.ts'

const CURRENT_REFERENCE = `refs/tags/${CURRENT}`
const LONG_AGO = new Date(0).toISOString()
const RECORD = new RegExp(`^refs/tags/deploy/${ENVIRONMENT}/([1-9][0-9]*)$`)

/** I6: Steersman's tags name only commits of the branch whose releases serve, say truly what serves, and never undo a person's move; and it tells of no move that is not in git. */
export function checkRecords(parts: CheckerParts): Checker {
  const { simulation, report } = parts
  const { log } = simulation.remote
  const revisions = new Revisions(simulation)
  let seen = 0
  let highest = 0
  /** By release: when a person went back at once last. */
  const failbacks = new Map<string, string>()
  return {
    asked(asked) {
      revisions.asked(asked)
      if (asked.verb === 'rollback-now')
        failbacks.set(asked.release, new Date(simulation.time.now()).toISOString())
    },
    told(event) {
      if (event.type !== 'TagMoved') return
      const record = `refs/tags/deploy/${ENVIRONMENT}/${event.number}`
      const isPushed = log.some(
        ({ by, ref, after }) =>
          by === 'steersman' &&
          ref === record &&
          after !== undefined &&
          peelToCommit(simulation.remote.objects, after)?.id === event.commit,
      )
      if (!isPushed)
        report(
          'I6',
          `deployment ${event.number} of ${event.commit.slice(0, 8)} is told, and git has no such record`,
        )
    },
    stepped() {
      while (seen < log.length) {
        const change = log[seen]
        seen += 1
        if (change?.by !== 'steersman' || !change.ref.startsWith('refs/tags/')) continue
        const number = Number(RECORD.exec(change.ref)?.[1] ?? 0)
        if (number > 0 && number <= highest) report('I6', `record ${number} comes after record ${highest}`)
        highest = Math.max(highest, number)
        for (const message of judgePush(parts, change, failbacks)) report('I6', `${change.ref}: ${message}`)
        const overHand = change.ref === CURRENT_REFERENCE ? handMoveBefore(log, seen - 1) : undefined
        if (overHand !== undefined && !revisions.isResumed(overHand.at))
          report('I6', `${change.ref} is moved away from where a person put it, and nobody resumed`)
      }
    },
  }
}

/** A person's move of the tag to another commit that stood until this change. */
function handMoveBefore(log: readonly ReferenceChange[], index: number): ReferenceChange | undefined {
  const before = log.slice(0, index).findLast(({ ref }) => ref === CURRENT_REFERENCE)
  return before?.by === 'people' && before.after !== undefined ? before : undefined
}

function* judgePush(
  { simulation, checkers }: CheckerParts,
  { after }: ReferenceChange,
  failbacks: ReadonlyMap<string, string>,
): Generator<string> {
  const { remote, branch } = simulation
  const tag = after === undefined ? undefined : remote.objects.get(after)
  const commit = after === undefined ? undefined : peelToCommit(remote.objects, after)
  if (tag?.type !== 'tag' || commit === undefined) {
    yield 'it names no commit by an annotated tag'
    return
  }
  if (!branch.heads.includes(commit.id)) yield `commit ${commit.id.slice(0, 8)} was never on the branch`
  const { releases } = branch.saidBy(commit.id)
  for (const [release, { version, pin }] of releases) {
    if (checkers.excuses.mayBeUnswept(release)) continue
    // The way back does not wait for a push that is on its way already.
    if (checkers.excuses.mayBeOnItsWay(failbacks.get(release) ?? LONG_AGO)) continue
    const { versions: serving, taskDefinition } = servingOf(simulation, release)
    if (pin === undefined && (serving.length !== 1 || serving[0] !== version))
      yield `${release} serves ${serving.join(' and ') || 'nothing'}, and the commit wants ${version}`
    const trailer = tag.message.split('\n').find((line) => line.startsWith(`Steersman-Release: ${release} `))
    if (trailer === undefined) yield `its message does not tell of ${release}`
    else if (!trailer.includes(`task-definition=${taskDefinition ?? ''}`))
      yield `its message says ${trailer}, and ${taskDefinition ?? 'nothing'} serves`
  }
}

/** What all of the traffic goes to; nothing while it is divided. */
function servingOf(
  simulation: CheckerParts['simulation'],
  release: string,
): { readonly versions: readonly (string | undefined)[]; readonly taskDefinition: string | undefined } {
  const [side, other] = servingSides(simulation, release)
  if (side === undefined || other !== undefined) return { versions: [], taskDefinition: undefined }
  const versions = [...new Set(healthyTargets(side).map(({ version }) => version))]
  return { versions, taskDefinition: side.taskDefinition }
}
