import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished } from 'vitest'

import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { watchConfig } from '../../../controller/adapters/system/config-watcher.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

/** Counts the calls, and lets a test await the next one. */
async function watched(path: string, work: () => Promise<void> = () => Promise.resolve()) {
  let calls = 0
  let next = Promise.withResolvers<void>()
  const watcher = await watchConfig({
    path,
    clock: systemClock,
    onMaybeChanged: async () => {
      calls += 1
      const current = next
      next = Promise.withResolvers<void>()
      try {
        await work()
      } finally {
        current.resolve()
      }
    },
  })
  onTestFinished(() => watcher.close())
  return { watcher, next: () => next.promise, calls: () => calls }
}

describe('a watched configuration', () => {
  it.each<[string, (directory: string) => void]>([
    ['a file is written', (directory) => writeFileSync(join(directory, 'a.yaml'), 'b')],
    ['a file is added', (directory) => writeFileSync(join(directory, 'new.yaml'), 'b')],
    ['a file is taken away', (directory) => rmSync(join(directory, 'a.yaml'))],
    [
      'an editor puts a new file in the place of the old one',
      (directory) => {
        writeFileSync(join(directory, '.a.yaml.swp'), 'b')
        renameSync(join(directory, '.a.yaml.swp'), join(directory, 'a.yaml'))
      },
    ],
  ])('is looked at when %s', async (_, change) => {
    const directory = await temporaryDirectory()
    writeFileSync(join(directory, 'a.yaml'), 'a')
    const { next } = await watched(directory)
    const called = next()
    change(directory)
    await expect(called).resolves.toBeUndefined()
  })

  it('may be one file', async () => {
    const file = join(await temporaryDirectory(), 'config.yaml')
    writeFileSync(file, 'a')
    const { next } = await watched(file)
    const called = next()
    writeFileSync(file, 'b')
    await expect(called).resolves.toBeUndefined()
  })

  it('may be mounted as Kubernetes mounts a ConfigMap', async () => {
    const directory = await temporaryDirectory()
    for (const version of ['1', '2']) {
      mkdirSync(join(directory, `..${version}`))
      writeFileSync(join(directory, `..${version}`, 'a.yaml'), version)
    }
    symlinkSync('..1', join(directory, '..data'))
    symlinkSync('..data/a.yaml', join(directory, 'a.yaml'))
    const { next } = await watched(directory)
    const called = next()
    symlinkSync('..2', join(directory, '..new'))
    renameSync(join(directory, '..new'), join(directory, '..data'))
    await expect(called).resolves.toBeUndefined()
  })

  it('is looked at again after a look that failed', async () => {
    const directory = await temporaryDirectory()
    const { next, calls } = await watched(directory, () => Promise.reject(new Error('bad')))
    const first = next()
    writeFileSync(join(directory, 'a.yaml'), '1')
    await first
    const second = next()
    writeFileSync(join(directory, 'a.yaml'), '2')
    await second
    expect(calls()).toBeGreaterThanOrEqual(2)
  })

  it('is not looked at any more once it was closed', async () => {
    const timers: (() => void)[] = []
    let calls = 0
    const watcher = await watchConfig({
      path: await temporaryDirectory(),
      clock: {
        setTimer: (_, callback) => {
          timers.push(callback)
          return () => undefined
        },
      },
      onMaybeChanged: () => Promise.resolve(void (calls += 1)),
    })
    await watcher.close()
    for (const timer of timers) timer()
    expect({ timers: timers.length > 0, calls }).toEqual({ timers: true, calls: 0 })
  })
})
