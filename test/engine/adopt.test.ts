import { afterAll, describe, expect, it } from 'vitest'
import { TokenBucket } from '../../controller/adapters/aws/client/token-bucket.ts'
import { createAws } from '../../controller/adapters/aws/create-aws.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import type { Adoption, AdoptionWishes, Move } from '../../controller/core/adopt.ts'
import { describeMove } from '../../controller/core/adopt.ts'
import { adopt, planned } from '../../controller/engine/adopt/adopt.ts'
import type { Adopting } from '../../controller/engine/adopt/adopt.ts'
import type { AdoptionConnections } from '../../controller/engine/adopt/look.ts'
import { lookAt } from '../../controller/engine/adopt/look.ts'
import { PortError } from '../../controller/ports/error.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import { makeExistingService } from '../support/existing-service.ts'
import { REGION } from '../support/machine/shape.ts'
import { seededRandom } from '../support/seeded-random.ts'

const sandbox = await startSandbox({ port: 0, speed: 50 })
const unlimited = new TokenBucket({ burst: 1_000_000, perSecond: 1_000_000 }, systemClock)
const aws = createAws({
  region: REGION,
  environment: 'demo',
  endpoint: sandbox.url,
  credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
  clock: systemClock,
  random: seededRandom(1),
  telemetry: { emit: () => undefined },
  // The sandbox has no limits here, so that none are kept to.
  limits: { of: () => () => unlimited, fifthOf: () => () => unlimited },
})
await makeExistingService(sandbox.url)
const before = structuredClone(sandbox.world.dump())
afterAll(async () => {
  aws.close()
  await sandbox.close()
})

const wishes: AdoptionWishes = {
  cluster: 'demo',
  service: 'web',
  environment: 'demo',
  release: undefined,
  testPort: 8081,
  isAutoscaled: false,
  greenService: undefined,
  greenTargetGroup: undefined,
}

const adopting = (connections: AdoptionConnections = aws): Adopting => ({
  connections,
  clock: systemClock,
  wishes,
  rules: { path: 'deploy', policy: { allow: undefined }, requiredGates: [] },
})

const signal = new AbortController().signal
const always = { agrees: async () => true, made: () => undefined, signal }

type Write = (...given: never[]) => Promise<unknown>

/** The same connections, told of each write, which may not get there or not be answered. */
function watched(around: (write: () => Promise<unknown>) => Promise<unknown>): AdoptionConnections {
  const watch = <Port extends object>(port: Port, names: readonly (keyof Port)[]): Port => ({
    ...port,
    ...Object.fromEntries(
      names.map((name) => [name, (...given: never[]) => around(() => (port[name] as Write)(...given))]),
    ),
  })
  return {
    adoption: watch(aws.adoption, [
      'createTargetGroup',
      'setTargetGroupAttributes',
      'createListener',
      'createRule',
    ]),
    platform: watch(aws.platform, ['createService', 'tagService']),
    traffic: watch(aws.traffic, ['setWeights']),
    registry: aws.registry,
    codeDeploy: aws.codeDeploy,
  }
}

/** What is left in AWS, without what differs from run to run. */
async function seen(): Promise<unknown> {
  const { targetGroup, second, listeners, service } = await lookAt(aws, wishes)
  const nameOf = (arn: string): string | undefined =>
    [targetGroup, second.targetGroup].find((group) => group?.arn === arn)?.name
  return {
    tags: [service?.tags, second.service?.tags, second.targetGroup?.tags],
    second: { ...second.targetGroup?.settings, ...second.targetGroup?.attributes },
    count: second.service?.desiredCount,
    settings: second.service?.settings,
    rules: listeners.map(({ port, rules }) => [
      port,
      rules.map(({ rule }) =>
        rule.weights.map(({ targetGroupArn, weight }) => [nameOf(targetGroupArn), weight]),
      ),
    ]),
    targetGroups: sandbox.world.elb.tables.targetGroups.list().length,
  }
}

async function adoptAnew(connections: AdoptionConnections): Promise<Adoption> {
  for (let time = 0; time < 2; time += 1) {
    try {
      return await adopt(adopting(connections), always)
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'crash') throw error
    }
  }
  throw new Error('it crashed twice')
}

/** What an adoption comes to that nothing ends. */
const undisturbed = await (async () => {
  let writes = 0
  const counting = watched((write) => {
    writes += 1
    return write()
  })
  await adopt(adopting(counting), always)
  return { writes, end: await seen() }
})()

const crashes = Array.from({ length: undisturbed.writes }, (_, index) => index + 1).flatMap((crashAt) =>
  [true, false].map((isWritten) => [crashAt, isWritten] as const),
)

describe('an adoption', () => {
  it('takes six writes', () => {
    expect(undisturbed.writes).toBe(6)
  })

  it('makes the second side like the first one, at weight 0 and with no task', async () => {
    sandbox.world.load(structuredClone(before))
    const made: Move[] = []
    const { moves } = await planned(adopting())
    const adoption = await adopt(adopting(), { ...always, made: (move) => void made.push(move) })
    expect(adoption.moves).toEqual([])
    expect(made.map(describeMove)).toEqual(moves.map(describeMove))
    const { targetGroup, second, listeners, service } = await lookAt(aws, wishes)
    expect(second.targetGroup).toMatchObject({
      name: 'web-green',
      settings: targetGroup?.settings,
      attributes: targetGroup?.attributes,
    })
    expect(second.service).toMatchObject({ name: 'web-green', desiredCount: 0 })
    expect(second.service?.settings).toMatchObject({
      enableExecuteCommand: true,
      healthCheckGracePeriodSeconds: 30,
      networkConfiguration: service?.settings['networkConfiguration'],
    })
    const weights = listeners.map(({ port, rules }) => [
      port,
      rules[0]?.rule.weights.map(({ weight }) => weight),
    ])
    expect(weights).toEqual([
      [80, [100, 0]],
      [8081, [100]],
    ])
  })

  it.each(crashes)(
    'comes to the same end with the same writes where it is ended at write %i, which is made: %s',
    async (crashAt, isWritten) => {
      sandbox.world.load(structuredClone(before))
      let [writes, count] = [0, 0]
      const crashing = watched(async (write) => {
        count += 1
        if (count === crashAt && !isWritten) throw new Error('crash')
        writes += 1
        const answer = await write()
        if (count === crashAt) throw new Error('crash')
        return answer
      })
      expect((await adoptAnew(crashing)).moves).toEqual([])
      expect({ writes, end: await seen() }).toEqual(undisturbed)
    },
  )

  it('ends where a person says no, and goes on from there', async () => {
    sandbox.world.load(structuredClone(before))
    let asked = 0
    const twice = { ...always, agrees: async () => (asked += 1) <= 2 }
    const left = await adopt(adopting(), twice)
    expect(left.moves.map(({ kind }) => kind)).toEqual([
      'SetRuleWeights',
      'CreateService',
      'CreateTestListener',
      'TagService',
    ])
    expect((await adopt(adopting(), always)).moves).toEqual([])
  })

  it('asks anew where the world was changed while a person thought', async () => {
    sandbox.world.load(structuredClone(before))
    const asked: string[] = []
    await adopt(adopting(), {
      ...always,
      agrees: async (move) => {
        asked.push(move.kind)
        if (asked.length === 1) await adopt(adopting(), always)
        return true
      },
    })
    expect(asked).toEqual(['CreateTargetGroup'])
  })
})

describe('a service that autoscaling knows', () => {
  it('is adopted without a count', async () => {
    sandbox.world.load(structuredClone(before))
    const { cluster, service } = wishes
    await aws.platform.setScaling({
      service: { cluster, name: service },
      minimum: 1,
      maximum: 4,
      suspended: 'None',
    })
    const { scaling } = await lookAt(aws, wishes)
    expect(scaling).toEqual({ minimum: 1, maximum: 4, suspended: 'None' })
    const { files, notes } = await planned(adopting())
    expect(files.find(({ path }) => path.includes('releases/'))?.text).not.toContain('desiredCount')
    expect(notes.join()).toContain('scalable target')
  })

  it('is adopted with the count that it has where nobody may ask autoscaling', async () => {
    sandbox.world.load(structuredClone(before))
    const scaling = async (): Promise<never> => {
      throw new PortError('not allowed', { code: 'AccessDenied', handling: 'stall' })
    }
    const denied = { ...aws, platform: { ...aws.platform, scaling } }
    const { files, notes } = await planned(adopting(denied))
    expect(files.find(({ path }) => path.includes('releases/'))?.text).toContain('desiredCount: 2')
    expect(notes.join()).toContain('give --autoscaled')
  })
})
