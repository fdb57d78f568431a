import { objectHash } from './hash.ts'
import type { Tree } from './tree.ts'

export interface CommitObject {
  readonly type: 'commit'
  readonly id: string
  readonly tree: Tree
  readonly parents: readonly string[]
  /** Author and committer: `Name <address>`. */
  readonly author: string
  /** Milliseconds since the epoch, in whole seconds as git keeps them. */
  readonly at: number
  readonly message: string
  /** Whose signature it carries; stands for a real signature. */
  readonly signer: string | undefined
}

export interface TagObject {
  readonly type: 'tag'
  readonly id: string
  /** The commit or tag object that it names. */
  readonly target: string
  readonly targetType: 'commit' | 'tag'
  /** The name that stands in the object, whatever reference points to it. */
  readonly name: string
  readonly tagger: string
  readonly at: number
  readonly message: string
  readonly signer: string | undefined
}

export type GitObject = CommitObject | TagObject

/** Commits and tags by id. What an object names is always there too, except a submodule's commit. */
export type ObjectStore = Map<string, GitObject>

/** The commit with the id that git would give it, as long as it is unsigned. */
export function makeCommit(content: Omit<CommitObject, 'type' | 'id'>): CommitObject {
  const at = wholeSeconds(content.at)
  const person = `${content.author} ${at / 1_000} +0000`
  const payload = [
    `tree ${content.tree.id}`,
    ...content.parents.map((parent) => `parent ${parent}`),
    `author ${person}`,
    `committer ${person}`,
    ...signatureHeader(content.signer),
    '',
    content.message,
  ].join('\n')
  return { ...content, type: 'commit', id: objectHash('commit', Buffer.from(payload)), at }
}

/** The annotated tag with the id that git would give it, as long as it is unsigned. */
export function makeTag(content: Omit<TagObject, 'type' | 'id'>): TagObject {
  const at = wholeSeconds(content.at)
  const payload = [
    `object ${content.target}`,
    `type ${content.targetType}`,
    `tag ${content.name}`,
    `tagger ${content.tagger} ${at / 1_000} +0000`,
    ...signatureHeader(content.signer),
    '',
    content.message,
  ].join('\n')
  return { ...content, type: 'tag', id: objectHash('tag', Buffer.from(payload)), at }
}

/** The commit that an id names, itself or through tag objects; undefined when the store has it not. */
export function peelToCommit(objects: ObjectStore, id: string): CommitObject | undefined {
  let object = objects.get(id)
  while (object?.type === 'tag') object = objects.get(object.target)
  return object
}

/** Copies an object and everything that it names; what the other store has is known to be complete there. */
export function copyObjects(from: ObjectStore, to: ObjectStore, id: string): void {
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const object = from.get(next)
    if (object === undefined || to.has(next)) continue
    to.set(next, object)
    open.push(...(object.type === 'tag' ? [object.target] : object.parents))
  }
}

function wholeSeconds(at: number): number {
  return Math.floor(at / 1_000) * 1_000
}

function signatureHeader(signer: string | undefined): readonly string[] {
  return signer === undefined ? [] : [`signer ${signer}`]
}
