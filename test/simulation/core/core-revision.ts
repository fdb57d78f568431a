import type { RevisionAnswers, RevisionInput } from '../../../controller/core/revision.ts'
import {
  acceptedBy,
  acceptedStill,
  decideRevision,
  deployRecords,
  parseDeployTag,
  revisionQuestions,
} from '../../../controller/core/revision.ts'
import type { DeployedRelease } from '../../../controller/core/revision.ts'
import type { RevisionSeen } from '../../../controller/engine/environment/revision.ts'
import { currentTagOf } from '../../../controller/resources/names.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import type { Core, CoreEnvironment } from './core.ts'
import type { Steps } from './steps.ts'

/** Reads branch and tags and decides what they mean, in the engine's order. */
export function* readRevision(
  core: Core,
  state: CoreEnvironment,
  status: EnvironmentStatus,
  openResume: string | undefined,
): Steps<RevisionSeen> {
  const { spec, metadata } = state.environment
  const currentTag = currentTagOf({ environment: metadata.name, currentTag: spec.currentTag })
  const tagPrefix = `deploy/${metadata.name}/`
  const asked = { branch: spec.source.branch, tagPrefix, otherTags: [currentTag] }
  const references = yield* core.git.references(asked)
  const seen = JSON.stringify(references)
  if (references.head !== undefined && (state.fetched !== seen || !core.git.hasCommit(references.head))) {
    yield* core.git.fetch(asked)
    state.fetched = seen
  }
  const isThere = references.tags.some(({ name }) => name === currentTag)
  const current = isThere ? core.git.tag(currentTag) : undefined
  const head = references.head === undefined ? undefined : core.git.commit(references.head)
  const known = { tagObject: status.tag?.object, head: status.head?.commit }
  const resumed =
    openResume === undefined || head === undefined
      ? acceptedStill(status.resumed, current)
      : acceptedBy(openResume, { current, head, known })
  const input: RevisionInput = {
    environment: metadata.name,
    trigger: spec.trigger,
    hold: spec.hold,
    allowRewind: spec.source.allowRewind,
    verify: spec.source.verify.mode,
    currentTag,
    tagPrefix,
    head: references.head,
    current,
    verified: references.tags.find(({ name }) => name === `${tagPrefix}verified`),
    records: deployRecords(references.tags, tagPrefix),
    intent: status.intent?.tags,
    memory: { head: status.memory?.head, hold: status.memory?.hold },
    resumed: resumed === undefined ? undefined : { tagObject: resumed.tagObject, head: resumed.head },
  }
  const decision = decideRevision(input, answers(core, state, input))
  const { outcome } = decision
  return {
    decision,
    references,
    current,
    resumed,
    deployed: releasesOf(core, tagPrefix, decision.deployed?.number),
    held: outcome.kind === 'Held' ? releasesOf(core, tagPrefix, outcome.record.number) : undefined,
  }
}

const MAXIMUM_COMMITS = 500

function answers({ git }: Core, { environment }: CoreEnvironment, input: RevisionInput): RevisionAnswers {
  const { ancestry, verify, resume } = revisionQuestions(input)
  const { allowedSigners, gpgKeyring } = environment.spec.source.verify
  const trust = { allowedSigners, gpgKeyring }
  return {
    ancestry: ancestry.map(({ ancestor, descendant }) => git.isAncestor(ancestor, descendant)),
    verify: verify.map((question) => git.verify({ ...question, trust })),
    resume:
      resume === undefined ? [] : git.commitsBetween(resume.exclude, resume.head).slice(0, MAXIMUM_COMMITS),
  }
}

function releasesOf({ git }: Core, prefix: string, number: number | undefined): readonly DeployedRelease[] {
  const tag = number === undefined ? undefined : git.tag(`${prefix}${number}`)
  if (tag === undefined) return []
  const known = namedIn.get(tag)
  if (known !== undefined) return known
  const { releases } = parseDeployTag(tag)
  namedIn.set(tag, releases)
  return releases
}

const namedIn = new WeakMap<object, readonly DeployedRelease[]>()
