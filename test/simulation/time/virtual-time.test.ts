import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { START } from './time.ts'
import { VirtualTime } from './virtual-time.ts'

const real = { setTimeout, clearTimeout, setInterval, clearInterval, Date }
let time: VirtualTime
let told: string[]

const tell = (what: string): void => {
  told.push(`${time.elapsed()} ${what}`)
}

async function stepAll(most = 100): Promise<void> {
  for (let step = 0; step < most && time.hasNext(); step += 1) await time.step()
}

beforeEach(() => {
  time = new VirtualTime()
  told = []
})

afterEach(() => {
  time.end()
})

describe('virtual time', () => {
  it('runs timers of its own and of the process in one order, and those of the same time as they were made', async () => {
    setTimeout(tell, 20, 'third')
    time.after(20, () => tell('fourth'))
    time.after(10, () => tell('first'))
    setTimeout(() => tell('second'), 10.9)
    await stepAll()
    expect(told).toEqual(['10 first', '10 second', '20 third', '20 fourth'])
  })

  it('lets what a callback begins at once begin a millisecond later, and what a microtask begins at once begin at once', async () => {
    time.after(5, () => {
      time.after(0, () => tell('from the callback'))
      queueMicrotask(() => setTimeout(() => tell('from the microtask')))
    })
    await stepAll()
    expect(told).toEqual(['5 from the microtask', '6 from the callback'])
  })

  it('repeats an interval until it is cleared, by itself too', async () => {
    const interval = setInterval(() => {
      tell('again')
      if (told.length === 3) clearInterval(interval)
    }, 1_000)
    await stepAll()
    expect(told).toEqual(['1000 again', '2000 again', '3000 again'])
  })

  it('forgets timers that are cleared, and lets one that is refreshed wait anew', async () => {
    clearTimeout(setTimeout(() => tell('cleared'), 10))
    time.after(10, () => tell('cancelled'))()
    const late = setTimeout(() => tell('refreshed'), 10)
    time.after(5, () => void late.refresh())
    await stepAll()
    expect(told).toEqual(['15 refreshed'])
  })

  it('takes a delay that Node has no room for for the shortest, and what is no delay for none', async () => {
    setTimeout(() => tell('too long'), 2 ** 31)
    setTimeout(() => tell('none'), Number.NaN)
    await stepAll()
    expect(told).toEqual(['0 none', '1 too long'])
  })

  it('is the time of Date and performance', async () => {
    time.after(1_500, () => undefined)
    await stepAll()
    expect([Date.now(), new Date().getTime(), performance.now()]).toEqual([
      START + 1_500,
      START + 1_500,
      1_500,
    ])
    expect(Date()).toBe(new Date(START + 1_500).toString())
    expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z')
    expect(new Date(2026, 0, 1)).toBeInstanceOf(Date)
    expect(structuredClone(new Date(7))).toEqual(new Date(7))
  })

  it('gives the process its own time back, and runs nothing any more', async () => {
    setTimeout(() => tell('too late'), 10)
    time.end()
    const { setTimeout: timeout, clearTimeout: clear, setInterval: interval, Date: date } = globalThis
    expect([timeout, clear, interval, date]).toEqual([
      real.setTimeout,
      real.clearTimeout,
      real.setInterval,
      real.Date,
    ])
    expect(performance.now()).not.toBe(0)
    expect(time.hasNext()).toBe(false)
    expect(told).toEqual([])
  })
})
