import { describe, expect, it } from 'vitest'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { callSandbox } from '../../support/machine/shape.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'

const DELAY = 'deregistration_delay.timeout_seconds'

/** The demo's release, which names how long the targets of its groups drain. */
function filesNaming(seconds: string | undefined): Record<string, string> {
  const attributes = seconds === undefined ? '' : `\n    targetGroupAttributes: { ${DELAY}: '${seconds}' }`
  return Object.fromEntries(
    Object.entries(releaseFiles({})).map(([path, text]) => [
      path,
      (typeof text === 'string' ? text : '').replace(/^ {2}traffic:$/m, (line) => line + attributes),
    ]),
  )
}

function setDelay(machine: Machine, name: string, seconds: string): void {
  const described = callSandbox(machine.sandbox, {
    service: 'elasticloadbalancing',
    operation: 'DescribeTargetGroups',
    input: { Names: [name] },
  }) as { TargetGroups: { TargetGroupArn: string }[] }
  machine.byHand({
    service: 'elasticloadbalancing',
    operation: 'ModifyTargetGroupAttributes',
    input: {
      TargetGroupArn: described.TargetGroups[0]?.TargetGroupArn,
      Attributes: [{ Key: DELAY, Value: seconds }],
    },
  })
}

describe('what only a deep look shows', STORY, () => {
  it('is told with its tier and the time of the look, never written, and no drift any more once it is put back', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '1s' } } })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesNaming('10')))
    setDelay(machine, 'web-green', '5')
    const { drift } = await machine.untilRelease((status) => status.drift !== undefined)
    expect(drift).toMatchObject([
      { wanted: '10', live: '5', owner: 'Terraform', class: 'infrastructure', tier: 'Deep' },
    ])
    expect(drift?.[0]).toMatchObject({ path: expect.stringContaining(DELAY) as string })
    expect(drift?.[0]?.observedAt).toBeDefined()
    setDelay(machine, 'web-green', '10')
    await machine.untilRelease((status) => status.drift === undefined)
    expect(machine.events.filter(({ type }) => type === 'DriftCorrected')).toEqual([])
  })

  it('is looked at anew where somebody asks and where git names another value, and not at all where it names none', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '10h' } } })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesNaming('10')))
    setDelay(machine, 'web-green', '5')
    // Its turn is hours away, unless somebody asks.
    await machine.nextReconcile()
    await machine.untilRelease(({ drift }) => drift?.length === 1)
    setDelay(machine, 'web-green', '10')
    machine.pushFiles(filesNaming('60'))
    const { drift: told } = await machine.untilRelease(({ drift }) => drift?.length === 2)
    expect(told?.map(({ wanted, live }) => [wanted, live])).toEqual([
      ['60', '10'],
      ['60', '10'],
    ])
    machine.pushFiles(filesNaming(undefined))
    await machine.untilRelease(({ drift }) => drift === undefined)
  })

  it('is told of a tag that was pushed again, and neither rolled out nor told of a pin', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '1s' } } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const pushed = `sha256:${'9'.repeat(64)}`
    pushAgain(machine, pushed)
    machine.age()
    const { drift, lastRollout } = await machine.untilRelease((status) => status.drift !== undefined)
    expect(drift).toMatchObject([{ class: 'unmanaged', owner: 'Unmanaged', tier: 'Deep' }])
    expect(drift?.[0]?.wanted).toContain(`:v1@${pushed}`)
    expect(drift?.[0]?.live).toMatch(/:v1@sha256:(?!9{64})/)
    expect(lastRollout).toBe(1)
    machine.push({ version: 'v1', pin: '{ rollout: 1, reason: as it was }' })
    await machine.untilRelease((status) => status.drift === undefined)
    expect((await machine.release()).lastRollout).toBe(1)
  })
})

describe('a policy of autoscaling', STORY, () => {
  it('is told once it is not there or tracks another target, and no drift any more once it is put back', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '1s' } } })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesWithPolicy()))
    // The blue service is made when it is first needed: nothing is missing of it.
    const { drift: missing } = await machine.untilRelease((status) => status.drift !== undefined)
    expect(missing?.map(({ path }) => path)).toEqual(['/scalingPolicies/web-green/*-requests'])
    scale(machine, 'web-green', 1_000)
    await machine.untilRelease((status) => status.drift === undefined)
    scale(machine, 'web-green', 500)
    const { drift } = await machine.untilRelease((status) => status.drift !== undefined)
    expect(drift).toMatchObject([
      {
        path: '/scalingPolicies/web-green/web-green-requests/TargetValue',
        wanted: '1000',
        live: '500',
        class: 'infrastructure',
        tier: 'Deep',
        mendedBy: ['terraform apply'],
      },
    ])
    scale(machine, 'web-green', 1_000)
    await machine.untilRelease((status) => status.drift === undefined)
  })
})

/** The demo's release, which names a policy of autoscaling. */
function filesWithPolicy(): Record<string, string> {
  const policy = `{ PolicyName: '*-requests', TargetTrackingScalingPolicyConfiguration: { TargetValue: 1000 } }`
  return Object.fromEntries(
    Object.entries(releaseFiles({})).map(([path, text]) => [
      path,
      (typeof text === 'string' ? text : '').replace(
        /^ {2}service:$/m,
        (line) => `${line}\n    scalingPolicies: [${policy}]`,
      ),
    ]),
  )
}

/** What Terraform does; AWS keeps a count within its bounds, so they leave room for any. */
function scale(machine: Machine, service: string, TargetValue: number): void {
  const target = {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: `service/demo/${service}`,
  }
  const autoscaling = 'application-autoscaling'
  machine.byHand({
    service: autoscaling,
    operation: 'RegisterScalableTarget',
    input: { ...target, MinCapacity: 0, MaxCapacity: 9 },
  })
  machine.byHand({
    service: autoscaling,
    operation: 'PutScalingPolicy',
    input: {
      ...target,
      PolicyName: `${service}-requests`,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: { TargetValue },
    },
  })
}

describe('an image that the task definition names by a tag', STORY, () => {
  it('is told with both digests once that tag was pushed again, until what runs is what the tag means', async (context) => {
    const machine = await startMachine(context, { spec: { sweep: { deepInterval: '1s' } } })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(filesWithSidecar('v1')))
    await machine.nextReconcile()
    const pushed = `sha256:${'9'.repeat(64)}`
    pushAgain(machine, pushed)
    machine.age()
    const { drift } = await machine.untilRelease((status) => status.drift?.length === 2)
    const sidecar = drift?.find(({ path }) => path === '/taskDefinition/containerDefinitions/proxy/image')
    expect(sidecar).toMatchObject({ class: 'unmanaged', owner: 'Unmanaged', tier: 'Deep' })
    expect(sidecar?.wanted).toMatch(/:v2@sha256:9{64}$/)
    expect(sidecar?.live).toMatch(/:v2@sha256:(?!9{64})[0-9a-f]{64}$/)
    expect((await machine.release()).lastRollout).toBe(1)
  })
})

const SIDECAR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v2'

/** The demo's release with one more container, whose image the task definition itself names. */
function filesWithSidecar(version: string): Record<string, string> {
  const files = Object.entries(releaseFiles({ version })).map(
    ([path, text]) => [path, typeof text === 'string' ? text : ''] as const,
  )
  return Object.fromEntries(
    files.map(([path, text]) => [path, path.endsWith('.json') ? withSidecar(text) : text]),
  )
}

function withSidecar(text: string): string {
  const document = JSON.parse(text) as { containerDefinitions: object[] }
  const proxy = { name: 'proxy', image: SIDECAR, essential: false }
  return JSON.stringify({ ...document, containerDefinitions: [...document.containerDefinitions, proxy] })
}

/** From now on the registry has another image under every tag. */
function pushAgain({ sandbox: { world } }: Machine, digest: string): void {
  const attempt = world.attempt.bind(world)
  Object.assign(world, {
    attempt(request: Parameters<typeof attempt>[0]) {
      const reply = attempt(request)
      if (request.operation !== 'BatchGetImage') return reply
      return { ...reply, output: { images: [{ imageId: { imageDigest: digest } }], failures: [] } }
    },
  })
}
