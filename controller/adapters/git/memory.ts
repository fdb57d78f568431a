/**
 * What a mirror has answered, so that git is not started to ask for it again: an object never changes under its id, nor does the history below a commit, and a
 * name means the same until it is fetched anew. It lives as long as the mirror does.
 */
export interface Memory {
  /** An answer that depends on nothing but objects. One that is `undefined` may become another, and is not kept. */
  ofObjects<T>(question: readonly unknown[], ask: () => Promise<T>): Promise<T>
  /** An answer that depends on what a reference names. */
  ofReference<T>(reference: string, ask: () => Promise<T>): Promise<T>
  /** These references may name something else now. */
  forgetReferences(isFetched: (reference: string) => boolean): void
  /** Objects that nothing reaches may be gone. */
  forgetObjects(): void
}

/** Answers that are kept of each kind: some ten for each environment, and for each release whose image's tag comes from git. */
const MOST_ANSWERS = 10_000

export function createMemory(): Memory {
  const objects = new Map<string, unknown>()
  const references = new Map<string, unknown>()
  let fetches = 0
  return {
    ofObjects: (question, ask) => remembered(objects, JSON.stringify(question), ask),
    ofReference(reference, ask) {
      const before = fetches
      // What was begun before a fetch may be of before it.
      return remembered(references, reference, ask, () => fetches === before)
    },
    forgetReferences(isFetched) {
      fetches += 1
      for (const reference of references.keys()) if (isFetched(reference)) references.delete(reference)
    },
    forgetObjects: () => objects.clear(),
  }
}

async function remembered<T>(
  answers: Map<string, unknown>,
  key: string,
  ask: () => Promise<T>,
  isStillTrue = (): boolean => true,
): Promise<T> {
  const known = answers.get(key) as T | undefined
  const answer = known ?? (await ask())
  if (answer === undefined || !isStillTrue()) return answer
  answers.delete(key)
  answers.set(key, answer)
  for (const oldest of answers.keys()) {
    if (answers.size <= MOST_ANSWERS) break
    answers.delete(oldest)
  }
  return answer
}
