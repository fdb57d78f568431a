import { beforeEach, describe, expect, it } from 'vitest'
import type { History } from '../../../controller/adapters/telemetry/history.ts'
import { createHistory } from '../../../controller/adapters/telemetry/history.ts'
import { createRedactor } from '../../../controller/adapters/telemetry/redactor.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { Crashed, MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const directory = '/data/history'
let fileSystem: MemoryFileSystem
let history: History
let errors: unknown[]

beforeEach(async () => {
  fileSystem = new MemoryFileSystem(seededRandom(1))
  await fileSystem.makeDirectory('/data')
  errors = []
  history = open()
})

function open(): History {
  return createHistory({
    directory,
    fileSystem,
    clock: new FakeClock(),
    redactor: createRedactor(),
    fileLimitBytes: 300,
    filesLimit: 3,
    onError: (error) => errors.push(error),
  })
}

function tagMoved(number: number): SteersmanEvent {
  return { type: 'TagMoved', environment: 'prod', tag: 'deploy/prod/current', commit: 'c0ffee', number }
}

async function numbers(from: History, limit = 100): Promise<readonly unknown[]> {
  return (await from.read({ limit })).map(({ number }) => number)
}

describe('the history', () => {
  it('keeps finished rollouts and moves of tags, and nothing else', async () => {
    history.telemetry.emit(tagMoved(1))
    history.telemetry.emit({ type: 'QueueSeen', depth: 1, longestRunningSeconds: 0 })
    await history.flush()
    expect(await history.read({ limit: 10 })).toEqual([{ time: '2026-01-01T00:00:00.000Z', ...tagMoved(1) }])
  })

  it('gives the newest entries first, over restarts and over files', async () => {
    for (let number = 1; number <= 5; number += 1) {
      history.telemetry.emit(tagMoved(number))
      await history.flush()
      history = open()
    }
    expect(await numbers(history)).toEqual([5, 4, 3, 2, 1])
    expect(await numbers(history, 2)).toEqual([5, 4])
    expect(await fileSystem.list(directory)).toEqual([
      'history-1.jsonl',
      'history-2.jsonl',
      'history-3.jsonl',
    ])
  })

  it('removes the oldest files', async () => {
    for (let number = 1; number <= 20; number += 1) history.telemetry.emit(tagMoved(number))
    await history.flush()
    expect(await fileSystem.list(directory)).toHaveLength(3)
    expect((await numbers(history))[0]).toBe(20)
    expect(errors).toEqual([])
  })

  it('is empty before anything happened', async () => {
    expect(await history.read({ limit: 10 })).toEqual([])
  })

  it('loses only the line that was cut short', async () => {
    history.telemetry.emit(tagMoved(1))
    await history.flush()
    await fileSystem.append(`${directory}/history-1.jsonl`, '{"time":"2026')
    history = open()
    history.telemetry.emit(tagMoved(2))
    await history.flush()
    expect(await numbers(history)).toEqual([2, 1])
  })

  it('goes on after the disk was full, and reports what was lost', async () => {
    history.telemetry.emit(tagMoved(1))
    await history.flush()
    fileSystem.setFull(true)
    history.telemetry.emit(tagMoved(2))
    await history.flush()
    fileSystem.setFull(false)
    history.telemetry.emit(tagMoved(3))
    await history.flush()
    expect(await numbers(history)).toEqual([3, 1])
    expect(errors).toMatchObject([{ code: 'StoreFull' }])
  })

  it('holds no secret', async () => {
    await history.record('Note', { message: 'password=hunter2', token: 'abc' })
    expect(await fileSystem.read(`${directory}/history-1.jsonl`, 1_000)).not.toMatch(/hunter2|abc/)
  })

  it('refuses more than it can write, and says so', async () => {
    for (let number = 0; number < 1_100; number += 1) history.telemetry.emit(tagMoved(number))
    await history.flush()
    expect(errors).toHaveLength(100)
  })

  it('has every entry that it acknowledged, whenever the machine goes down', async () => {
    for (let call = 1; call <= 30; call += 1) {
      fileSystem = new MemoryFileSystem(seededRandom(call))
      await fileSystem.makeDirectory('/data')
      fileSystem.crashAt(fileSystem.calls + call)
      history = open()
      const acknowledged: number[] = []
      try {
        for (let number = 1; number <= 6; number += 1) {
          await history.record('Note', { number, text: 'x'.repeat(60) })
          acknowledged.unshift(number)
        }
      } catch (error) {
        expect(error).toBeInstanceOf(Crashed)
      }
      fileSystem.restart()
      const found = await numbers(open())
      expect(found.slice(found.length - acknowledged.length)).toEqual(acknowledged)
      expect(found.length - acknowledged.length).toBeLessThanOrEqual(1)
    }
  })
})
