import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const

/** Mistakes of what is made of a commit, and of when the tag moves. */
export const environmentBugs: readonly PlantedBug[] = [
  {
    name: 'roll-out-what-was-adopted',
    breaks: 'I5',
    story: 'Only records in git say that a revision was verified, so that what was adopted is rolled out.',
    file: 'controller/engine/environment/desires.ts',
    find: `record?.taskDefinition ?? release.spec.adopted?.taskDefinition`,
    replace: `record?.taskDefinition`,
    depths,
  },
  {
    name: 'let-findings-through',
    breaks: 'I1',
    story: 'Findings one step above the limit are let through.',
    file: 'controller/core/scan.ts',
    find: `count > 0 && rankOf(severity) > limit`,
    replace: `count > 0 && rankOf(severity) > limit + 1`,
    depths: ['full', 'core'],
  },
  {
    name: 'take-an-old-try-for-a-scan',
    breaks: 'I1',
    story: 'A version counts as let through because git names any version of the release, not this one.',
    file: 'controller/engine/environment/scans.ts',
    find: `[record.image, ...Object.values(record.sidecars ?? {})].includes(digest)`,
    replace: `digest !== ''`,
    depths,
  },
  {
    name: 'move-the-tag-early',
    breaks: 'I6',
    story:
      'A release that is ready counts as serving the new commit, although it was another one that it got ready with.',
    file: 'controller/engine/environment/record.ts',
    find: `isReady(status) && status.verified?.commit === commit && status.verified.digest === digest`,
    replace: `isReady(status) && (status.verified?.commit === commit || digest !== '')`,
    depths,
  },
  {
    name: 'leave-out-who-is-late',
    breaks: 'I6',
    story:
      'Releases that do not serve yet are left out of the record instead of keeping the tag where it is.',
    file: 'controller/engine/environment/record.ts',
    find: `desire.release.digest)) return undefined`,
    replace: `desire.release.digest)) continue`,
    depths,
  },
  {
    name: 'take-a-lost-push-for-done',
    breaks: 'I6',
    story: 'A push that lost against another one is reported and remembered as if the tag had moved.',
    file: 'controller/engine/environment/record.ts',
    find: `if (result === 'Stale') return { status: rest, result }
  state.fetched`,
    replace: `state.fetched`,
    depths,
  },
  {
    name: 'move-the-tag-while-suspended',
    breaks: 'I7',
    story: 'A suspension stops writes to AWS, but the tag still moves.',
    file: 'controller/engine/environment/reconcile.ts',
    find: `state.desires === undefined || isSuspended(session)) return`,
    replace: `state.desires === undefined || (isSuspended(session) && session.status.wanted === undefined)) return`,
    depths,
  },
  {
    name: 'store-the-content',
    breaks: 'I9',
    story:
      'The content of an inline task definition, with the secrets that people put there, lies in the store for everybody to read.',
    file: 'controller/engine/environment/releases.ts',
    find: `return inline === undefined ? spec : {`,
    replace: `return inline !== undefined ? spec : {`,
    depths,
  },
]
