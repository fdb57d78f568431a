import { describe, expect, it } from 'vitest'
import { openFailback, withFailback } from '../../controller/engine/failback.ts'
import type { Desire } from '../../controller/engine/engine.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import type { StoredObject } from '../../controller/ports/store.ts'
import { served } from '../support/release-controller.ts'
import { desiredRelease } from '../support/release-fixtures.ts'
import { environmentObject, releaseObject } from '../api/objects.ts'

const stored = (object: object, marks: Readonly<Record<string, string>>): StoredObject =>
  ({ ...object, metadata: { ...(object as StoredObject).metadata, annotations: marks } }) as StoredObject

const id = '2026-11-29T12:00:00Z'
const marks = {
  [annotations.failback]: id,
  [annotations.failbackBy]: 'ann',
  [annotations.failbackTo]: '1',
  [annotations.failbackReason]: 'errors',
  [annotations.failbackResume]: '2026-11-28T00:00:00Z',
}
const release = stored(releaseObject({ environment: 'prod', release: 'web' }), marks)
const environment = (resumed: string): StoredObject =>
  stored(environmentObject('prod', {}), { [annotations.resumed]: resumed })
const open = environment('2026-11-28T00:00:00Z')

describe('a wish to go back at once', () => {
  it('is open until somebody resumes, whatever the clocks said then, or the branch has said the same', () => {
    expect(openFailback(release, open, {})).toEqual({ id, by: 'ann', reason: 'errors', to: 1 })
    expect(openFailback(release, environment('2026-11-27T00:00:00Z'), {})).toBeUndefined()
    expect(openFailback(release, environment('2026-11-30T00:00:00Z'), {})).toBeUndefined()
    expect(openFailback(release, open, { lastHandledFailbackAt: id })).toBeUndefined()
    expect(openFailback(stored(release, {}), open, {})).toBeUndefined()
  })

  const controller = served()
  const [target] = controller.rollouts
  const failback = openFailback(release, open, {})
  const facts = { failback, release, target, newest: target, held: undefined }
  const nothing = { desire: undefined, active: undefined, status: {} }
  const ready = (wanted: ReturnType<typeof desiredRelease>): Desire => ({
    kind: 'Ready',
    release: wanted,
    rendered: undefined,
  })

  it('decides what is wanted also while nobody can read the branch', () => {
    const { desire, held } = withFailback(nothing, facts)
    expect(desire).toMatchObject({
      kind: 'Ready',
      release: { why: 'Failback', version: { taskDefinition: target?.spec.taskDefinition } },
    })
    expect(held).toEqual({
      by: 'ann',
      at: id,
      reason: 'back at once to what rollout 1 served: errors',
      rollout: 1,
    })
  })

  it('holds against what the branch wants', () => {
    const desire = ready(desiredRelease({ version: '2' }))
    expect(withFailback({ ...nothing, desire }, facts).desire).toMatchObject({ release: { why: 'Failback' } })
  })

  it('is over, and remembered so, once the branch says the same', () => {
    const desire = ready(controller.desired)
    const after = withFailback({ ...nothing, desire }, facts)
    expect(after).toEqual({
      desire,
      active: undefined,
      status: { lastHandledFailbackAt: id },
      held: undefined,
    })
  })

  it('says so where its rollout is forgotten', () => {
    expect(withFailback(nothing, { ...facts, target: undefined }).desire).toMatchObject({
      kind: 'Stalled',
      reason: 'PinMissing',
    })
  })

  it('leaves a release alone that left the branch', () => {
    const desire: Desire = { kind: 'Removed', release: controller.desired, prune: true }
    expect(withFailback({ ...nothing, desire }, facts)).toEqual({ ...nothing, desire, held: undefined })
  })
})
