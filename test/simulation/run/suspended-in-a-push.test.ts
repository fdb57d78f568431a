import { expect, it, vi } from 'vitest'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { storedEnvironment } from '../checkers/stored.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Depth, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const story: Story = {
  scenario: 'suspended in a push',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 1,
  happenings: [{ atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } }],
}

const SUSPENDED_MS = 120_000

/** The tags that the controller has pushed. */
const pushed = ({ remote }: Simulation): readonly string[] =>
  remote.log.filter(({ by }) => by === 'steersman').map(({ ref }) => ref)

const intended = ({ machine }: Simulation): boolean =>
  ((storedEnvironment(machine)?.status ?? {}) as EnvironmentStatus).intent !== undefined

it.each<Depth>(['full', 'core'])(
  'at depth %s, tags that a crash left unpushed are pushed only once the environment is suspended no more',
  async (depth) => {
    let whileSuspended: readonly string[] = ['not looked at']
    let played: Simulation | undefined
    const { violations, crashes } = await play({ ...story, depth }, (simulation) => {
      played = simulation
      const { time } = simulation
      const inner = simulation.onWrite
      simulation.onWrite = (write) => {
        inner(write)
        if (simulation.seat(0).crashes > 0 || write.moment !== 'before' || !intended(simulation)) return
        simulation.seat(0).kill(2_000)
        simulation.configure({ suspend: true })
        time.after(SUSPENDED_MS, () => {
          whileSuspended = pushed(simulation)
          simulation.configure({ suspend: false })
        })
        simulation.later(SUSPENDED_MS, () => undefined)
      }
    })
    expect({ violations, crashes, whileSuspended }).toEqual({
      violations: [],
      crashes: 1,
      whileSuspended: [],
    })
    if (played === undefined) throw new Error('nothing was played')
    expect(pushed(played)).toEqual(['refs/tags/deploy/demo/current', 'refs/tags/deploy/demo/1'])
  },
)
