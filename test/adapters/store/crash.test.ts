import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../controller/adapters/store/file-store.ts'
import { createFileStore } from '../../../controller/adapters/store/file-store.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { Crashed, MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'

type Step =
  | { readonly verb: 'put'; readonly name: string; readonly size: number }
  | { readonly verb: 'report'; readonly name: string; readonly size: number }
  | { readonly verb: 'delete'; readonly name: string }

const name = fc.constantFrom('prod-web', 'prod-api', 'test-web')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ verb: fc.constant('put' as const), name, size: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ verb: fc.constant('report' as const), name, size: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ verb: fc.constant('delete' as const), name }),
)

/** What the callers were told: the objects whose write was acknowledged, and what the write under way would have led to. */
interface Told {
  readonly objects: Map<string, StoredObject>
  underWay: Step | undefined
  highestVersion: number
}

describe('a crash at any call on the disk', () => {
  it('loses no acknowledged write, shows no half one, and gives no version twice', async () => {
    const script = fc.array(step, { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(script, fc.nat(), async (steps, seed) => {
        const calls = await callsOf(steps, seed)
        for (let call = 1; call <= calls; call += 1) await crashAndCheck(steps, seed, call)
      }),
      { numRuns: 60 },
    )
  })

  it('survives a second crash while it recovers from the first', async () => {
    const script = fc.array(step, { minLength: 2, maxLength: 8 })
    const late = fc.integer({ min: 1, max: 12 })
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.nat(),
        fc.integer({ min: 1, max: 60 }),
        late,
        async (steps, seed, call, second) => {
          const fileSystem = await disk(seed)
          fileSystem.crashAt(call)
          const told = await run(steps, fileSystem)
          fileSystem.restart()
          fileSystem.crashAt(fileSystem.calls + second)
          await open(fileSystem).load().catch(expectCrash)
          fileSystem.restart()
          await check(fileSystem, told)
        },
      ),
      { numRuns: 300 },
    )
  })
})

async function callsOf(steps: readonly Step[], seed: number): Promise<number> {
  const fileSystem = await disk(seed)
  await run(steps, fileSystem)
  return fileSystem.calls
}

async function crashAndCheck(steps: readonly Step[], seed: number, call: number): Promise<void> {
  const fileSystem = await disk(seed)
  fileSystem.crashAt(call)
  const told = await run(steps, fileSystem)
  fileSystem.restart()
  await check(fileSystem, told)
}

async function disk(seed: number): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem(seededRandom(seed))
  await fileSystem.makeDirectory('/data')
  return fileSystem
}

function open(fileSystem: MemoryFileSystem): FileStore {
  return createFileStore({ directory: '/data/store', fileSystem, clock: new FakeClock(), uid: () => 'uid' })
}

/** Runs the steps until they end or the machine goes down. */
async function run(steps: readonly Step[], fileSystem: MemoryFileSystem): Promise<Told> {
  const store = open(fileSystem)
  const told: Told = { objects: new Map(), underWay: undefined, highestVersion: 0 }
  try {
    for (const next of steps) {
      told.underWay = next
      await take(store, next, told)
      told.underWay = undefined
    }
  } catch (error) {
    expectCrash(error)
  }
  return told
}

async function take(store: FileStore, next: Step, told: Told): Promise<void> {
  const known = told.objects.get(next.name)
  if (next.verb === 'delete') {
    if (known === undefined) return
    await store.delete('Release', next.name)
    told.objects.delete(next.name)
    return
  }
  const text = 'x'.repeat(next.size)
  const written = await write(store, next, known, text)
  if (written === undefined) return
  told.objects.set(next.name, written)
  told.highestVersion = Math.max(told.highestVersion, Number(written.metadata.resourceVersion))
}

function write(store: FileStore, next: Step, known: StoredObject | undefined, text: string) {
  if (next.verb === 'report') return known && store.updateStatus({ ...known, status: { text } })
  if (known !== undefined) return store.update({ ...known, spec: { text } })
  return store.create({ kind: 'Release', metadata: { name: next.name }, spec: { text } })
}

async function check(fileSystem: MemoryFileSystem, told: Told): Promise<void> {
  const store = open(fileSystem)
  expect(await store.load()).toEqual([])
  const { items } = await store.list('Release')
  const found = new Map(items.map((object) => [object.metadata.name, object]))
  for (const each of new Set([...found.keys(), ...told.objects.keys()])) {
    if (told.underWay?.name === each) expectOldOrNew(found.get(each), told.objects.get(each), told.underWay)
    else expect(found.get(each)).toEqual(told.objects.get(each))
  }
  const next = await store.create({ kind: 'Rollout', metadata: { name: 'next' }, spec: {} })
  expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(told.highestVersion)
  for (const { metadata } of items) {
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(Number(metadata.resourceVersion))
  }
}

/** A write that nobody was told about may have happened or not: nothing in between. */
function expectOldOrNew(
  found: StoredObject | undefined,
  old: StoredObject | undefined,
  underWay: Step,
): void {
  const text = underWay.verb === 'delete' ? undefined : 'x'.repeat(underWay.size)
  const isOld = JSON.stringify(found) === JSON.stringify(old)
  const written = underWay.verb === 'report' ? found?.status?.['text'] : found?.spec['text']
  expect(isOld || (underWay.verb === 'delete' ? found === undefined : written === text)).toBe(true)
}

function expectCrash(error: unknown): void {
  expect(wasCrash(error)).toBe(true)
}

function wasCrash(error: unknown): boolean {
  return error instanceof Crashed || (error instanceof Error && error.cause instanceof Crashed)
}
