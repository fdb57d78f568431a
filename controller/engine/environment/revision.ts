import type { RevisionAnswers, RevisionDecision, RevisionInput } from '../../core/revision.ts'
import {
  acceptedBy,
  acceptedStill,
  decideRevision,
  deployRecords,
  parseDeployTag,
  revisionQuestions,
} from '../../core/revision.ts'
import type { DeployedRelease } from '../../core/revision.ts'
import type { EnvironmentStatus } from '../../resources/types.ts'
import { currentTagOf } from '../../resources/names.ts'
import type { ReferenceRequest, References, Source, TagFacts } from '../../ports/source.ts'
import type { EnvironmentState } from '../engine.ts'

/** Commits looked through for a trailer that ends a hold. */
const MAXIMUM_COMMITS = 500

export interface RevisionSeen {
  /** What a person accepted with `steersman resume` last. */
  readonly resumed: EnvironmentStatus['resumed']
  readonly decision: RevisionDecision
  readonly references: References
  readonly current: TagFacts | undefined
  /** What the newest record says was deployed. */
  readonly deployed: readonly DeployedRelease[]
  /** What the held record says, while a person's hold lasts. */
  readonly held: readonly DeployedRelease[] | undefined
}

/**
 * Reads branch and tags and decides what they mean. Costs one ls-remote, and a fetch when something moved. A request to resume that is still open (its time)
 * accepts what is read; without the branch nothing new is, and it stays open.
 */
export async function readRevision(
  state: EnvironmentState,
  status: EnvironmentStatus,
  openResume?: string,
): Promise<RevisionSeen> {
  const { spec, metadata } = state.environment
  const { source } = state.connections
  const currentTag = currentTagOf({ environment: metadata.name, currentTag: spec.currentTag })
  const tagPrefix = `deploy/${metadata.name}/`
  const asked = { branch: spec.source.branch, tagPrefix, otherTags: [currentTag] }
  const references = await source.references(asked)
  await bringUpToDate(state, references, asked)
  const current = references.tags.some((tag) => tag.name === currentTag)
    ? await source.tag(currentTag)
    : undefined
  const { head } = references
  const resumed =
    openResume === undefined || head === undefined
      ? acceptedStill(status.resumed, current)
      : await accepted(source, { at: openResume, status, current, head })
  const input: RevisionInput = {
    environment: metadata.name,
    trigger: spec.trigger,
    hold: spec.hold,
    allowRewind: spec.source.allowRewind,
    verify: spec.source.verify.mode,
    currentTag,
    tagPrefix,
    head,
    current,
    verified: references.tags.find((tag) => tag.name === `${tagPrefix}verified`),
    records: deployRecords(references.tags, tagPrefix),
    intent: status.intent?.tags,
    memory: { head: status.memory?.head, hold: status.memory?.hold },
    resumed: resumed === undefined ? undefined : { tagObject: resumed.tagObject, head: resumed.head },
  }
  const decision = decideRevision(input, await answers(state, input))
  return { decision, references, current, resumed, ...(await records(source, tagPrefix, decision)) }
}

/** Fetches when a reference is not what the mirror was last brought up to. */
async function bringUpToDate(
  state: EnvironmentState,
  references: References,
  asked: ReferenceRequest,
): Promise<void> {
  if (references.head === undefined) return
  const seen = JSON.stringify(references)
  if (state.fetched === seen && (await state.connections.source.hasCommit(references.head))) return
  await state.connections.source.fetch(asked)
  state.fetched = seen
}

async function accepted(
  source: Source,
  seen: {
    readonly at: string
    readonly status: EnvironmentStatus
    readonly current: TagFacts | undefined
    readonly head: string
  },
): Promise<EnvironmentStatus['resumed']> {
  const { at, status, current } = seen
  const head = await source.commit(seen.head)
  return acceptedBy(at, {
    current,
    head,
    known: { tagObject: status.tag?.object, head: status.head?.commit },
  })
}

async function answers(state: EnvironmentState, input: RevisionInput): Promise<RevisionAnswers> {
  const { source } = state.connections
  const questions = revisionQuestions(input)
  const { allowedSigners, gpgKeyring } = state.environment.spec.source.verify
  const trust = { allowedSigners, gpgKeyring }
  const { resume } = questions
  return {
    ancestry: await Promise.all(
      questions.ancestry.map(({ ancestor, descendant }) => source.isAncestor(ancestor, descendant)),
    ),
    verify: await Promise.all(questions.verify.map((question) => source.verify({ ...question, trust }))),
    resume: resume === undefined ? [] : await source.commitsBetween({ ...resume, limit: MAXIMUM_COMMITS }),
  }
}

async function records(
  source: Source,
  tagPrefix: string,
  decision: RevisionDecision,
): Promise<Pick<RevisionSeen, 'deployed' | 'held'>> {
  const read = async (number: number | undefined): Promise<readonly DeployedRelease[]> => {
    const tag = number === undefined ? undefined : await source.tag(`${tagPrefix}${number}`)
    return tag === undefined ? [] : parseDeployTag(tag).releases
  }
  const deployed = await read(decision.deployed?.number)
  return {
    deployed,
    held: decision.outcome.kind === 'Held' ? await read(decision.outcome.record.number) : undefined,
  }
}
