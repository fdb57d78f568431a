import { settle } from '../time/virtual-time.ts'
import { between, Randomness } from '../time/randomness.ts'
import { base } from './base.ts'
import type { Change, Documents } from './change.ts'
import { isValid } from './change.ts'
import { meantChanges, wrongOnes } from './changes.ts'
import { applyChange } from './document.ts'
import { taskContent } from './expectation.ts'
import { judge, lookBefore } from './oracle.ts'
import { Town } from './town.ts'
import { normalForm, seeWorld } from './world.ts'

/** One change of a walk and what came of it. */
export interface WalkedStep {
  /** The property. */
  readonly path: string
  /** What was done with it. */
  readonly kind: string
  readonly expected: Change['expected']
  /** What was not as expected; empty when all was. */
  readonly got: readonly string[]
}

export interface Walked {
  readonly violations: readonly WalkViolation[]
  readonly steps: readonly WalkedStep[]
}

/** Something that was not as expected, and the changes that lead there. */
export interface WalkViolation {
  readonly seed: number
  /** Which step of the walk. */
  readonly step: number
  readonly message: string
}

/** Walks so many changes, drawn by the seed: every other one is of those that mean something in the world. */
export function walk(seed: number, steps: number): Promise<Walked> {
  const half = Math.ceil(steps / 2)
  const drawn = [meantChanges, wrongOnes].flatMap((all) => shuffled(all, seed).slice(0, half))
  return walkThrough(seed, shuffled(drawn, seed).slice(0, steps))
}

/** Walks through these changes: each from what was served before, and those that are refused are undone again. */
export async function walkThrough(seed: number, path: readonly Change[]): Promise<Walked> {
  warm ??= walkCold(0, [])
  await warm
  return walkCold(seed, path)
}

/** The process's first walk loads modules of the SDK, which takes real time: it is walked for nothing, so that every other is the same each time. */
let warm: Promise<unknown> | undefined

async function walkCold(seed: number, path: readonly Change[]): Promise<Walked> {
  const town = new Town(seed)
  try {
    return await new Walk(town, seed).through(path)
  } finally {
    town.end()
    await settle()
  }
}

class Walk {
  readonly #town: Town
  readonly #seed: number
  readonly #steps: WalkedStep[] = []
  readonly #violations: WalkViolation[] = []
  /** By documents: how the world was when they served. */
  readonly #forms = new Map<string, string>()
  #documents: Documents = base
  #serving: Documents = base

  constructor(town: Town, seed: number) {
    this.#town = town
    this.#seed = seed
  }

  async through(path: readonly Change[]): Promise<Walked> {
    this.#town.simulation.start()
    this.#town.push(base)
    if (!(await this.#town.rest())) this.#tell(['the first deployment does not come to rest'])
    const { taskDefinitionArn } = seeWorld(this.#town)
    this.#town.contents.set(taskDefinitionArn, taskContent(this.#town, base))
    for (const change of path) await this.#step(change)
    await this.#directly()
    return { violations: this.#violations, steps: this.#steps }
  }

  async #step(change: Change): Promise<void> {
    const before = this.#documents
    const got = await this.#change(applyChange(before, change), change.expected)
    this.#steps.push({ path: change.property, kind: change.says, expected: change.expected, got })
    this.#tell(got, change)
    if (isValid(change) && change.isAlone !== true && got.length === 0) return
    this.#tell(await this.#change(before, { kind: 'Serves' }), change, 'undone: ')
  }

  async #change(documents: Documents, expected: Change['expected']): Promise<string[]> {
    const town = this.#town
    const before = lookBefore(town, this.#serving)
    const issues = town.push(documents)
    // A configuration that is refused is never handed to the controller.
    if (issues.length > 0) return [...judge(town, { expected, documents, before, issues })]
    this.#documents = documents
    if (!(await town.rest())) return ['it does not come to rest']
    const got = [...judge(town, { expected, documents, before, issues })]
    if (expected.kind !== 'Serves') return got
    this.#serving = documents
    const { taskDefinitionArn } = seeWorld(town)
    if (!town.contents.has(taskDefinitionArn) && got.length === 0)
      town.contents.set(taskDefinitionArn, taskContent(town, documents))
    return [...got, ...this.#sameAsBefore(documents)]
  }

  /** The same documents again are the same world again. */
  #sameAsBefore(documents: Documents): string[] {
    const key = JSON.stringify([documents.release, documents.taskDefinition])
    const form = normalForm(seeWorld(this.#town), documents)
    const known = this.#forms.get(key)
    this.#forms.set(key, form)
    return known === undefined || known === form ? [] : [`it was ${known} before and is ${form} now`]
  }

  /** Where the walk has led, a single push leads too. */
  async #directly(): Promise<void> {
    const documents = this.#documents
    const walked = normalForm(seeWorld(this.#town), documents)
    this.#town.end()
    await settle()
    const other = new Town(this.#seed)
    try {
      other.simulation.start()
      other.push(documents)
      if (!(await other.rest())) this.#tell(['pushed at once, it does not come to rest'])
      const direct = normalForm(seeWorld(other), documents)
      if (direct !== walked) this.#tell([`pushed at once it is ${direct}, step by step ${walked}`])
    } finally {
      other.end()
    }
  }

  #tell(got: readonly string[], change?: Change, prefix = ''): void {
    const what = change === undefined ? '' : `${change.property}, ${change.says}: `
    for (const message of got)
      this.#violations.push({
        seed: this.#seed,
        step: this.#steps.length,
        message: `${what}${prefix}${message}`,
      })
  }
}

/** The items in an order of the seed's. */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = new Randomness(seed).stream('walk')
  const left = [...items]
  for (let index = left.length - 1; index > 0; index -= 1) {
    const other = between(random, 0, index)
    const [one, two] = [left[index], left[other]]
    if (one === undefined || two === undefined) continue
    left[index] = two
    left[other] = one
  }
  return left
}
