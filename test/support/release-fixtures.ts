import type { DesiredRelease } from '../../controller/core/desired.ts'
import type { DefaultedGate, DefaultedStrategy } from '../../controller/resources/types.ts'
import { taskDefinitionArn } from './release-world.ts'

const strategy: DefaultedStrategy = {
  type: 'BlueGreen',
  bake: '10s',
  keepPrevious: '1m',
  deadline: '5m',
  supersede: 'BeforeShift',
}

/** A smoke gate: two good answers in a row, a second apart. */
export const smokeGate: DefaultedGate = {
  name: 'smoke',
  when: 'Verify',
  http: {
    path: '/healthz',
    method: 'GET',
    expect: { status: 200 },
    successes: 2,
    interval: '1s',
    requestTimeout: '5s',
  },
  timeout: '1m',
  failureLimit: 0,
  onFailure: 'Rollback',
  dryRun: false,
}

export interface DesiredOptions {
  readonly version?: string
  readonly desiredCount?: number | undefined
  readonly gates?: readonly DefaultedGate[]
  readonly test?: boolean
  readonly rules?: readonly string[]
  readonly strategy?: Partial<DefaultedStrategy>
}

/** A release as its commit describes it; the version names task definition, commit and content alike. */
export function desiredRelease(options: DesiredOptions = {}): DesiredRelease {
  const { version = '1', gates = [], test = true, rules = ['arn:rule/1'] } = options
  const desiredCount = 'desiredCount' in options ? options.desiredCount : 2
  return {
    environment: 'prod',
    name: 'web',
    spec: {
      engine: 'TargetGroupSwap',
      taskDefinition: { file: 'taskdefs/web.json' },
      service: { cluster: 'shop', ...(desiredCount === undefined ? {} : { desiredCount }) },
      traffic: {
        loadBalancer: 'shop',
        rules: rules.map((ruleArn) => ({ ruleArn })),
        targetGroups: { blue: 'web-blue', green: 'web-green' },
        ...(test ? { test: { port: 8443 } } : {}),
      },
      strategy: { ...strategy, ...options.strategy },
      gates: [...gates],
    },
    commit: `commit-${version}`,
    revision: `prod@sha1:commit-${version}`,
    who: 'ada',
    why: 'Commit',
    reason: undefined,
    image: undefined,
    container: 'web',
    containerPort: 8080,
    version: { taskDefinition: taskDefinitionArn(version), document: undefined },
    digest: `content-${version}`,
    recorded: undefined,
  }
}
