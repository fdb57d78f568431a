import { deployRecords } from './input.ts'
import type { IntendedTag, RevisionInput } from './input.ts'

/**
 * What became of a push whose answer is not known: `adopt`: it arrived; `repush`: it did not, and the same objects may still be pushed; `drop`: somebody
 * else moved a tag of it since.
 */
export type InterruptedPush = 'none' | 'adopt' | 'repush' | 'drop'

/** Compares the stored intent with the tags as they are now; nothing but git says whether a push arrived. */
export function interruptedPush(input: RevisionInput): InterruptedPush {
  if (input.intent === undefined || input.intent.length === 0) return 'none'
  const states = input.intent.map((tag) => stateOf(tag, objectNow(tag, input)))
  if (states.includes('foreign')) return 'drop'
  return states.every((state) => state === 'arrived') ? 'adopt' : 'repush'
}

/** Whether the current tag is the object that we meant to push: then it is ours, whatever else was seen. */
export function isOurs(input: RevisionInput): boolean {
  const { current, intent } = input
  return (
    current !== undefined &&
    (intent ?? []).some((tag) => tag.name === input.currentTag && tag.object === current.object)
  )
}

function stateOf(tag: IntendedTag, now: string): 'arrived' | 'waiting' | 'foreign' {
  if (now === tag.object) return 'arrived'
  return now === tag.expected ? 'waiting' : 'foreign'
}

function objectNow(tag: IntendedTag, input: RevisionInput): string {
  if (tag.name === input.currentTag) return input.current?.object ?? ''
  if (tag.name === `${input.tagPrefix}verified`) return input.verified?.object ?? ''
  const [wanted] = deployRecords([tag], input.tagPrefix)
  return input.records.find((record) => record.number === wanted?.number)?.object ?? ''
}
