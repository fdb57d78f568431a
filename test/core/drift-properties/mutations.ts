import type { Deployed } from './deployed.ts'

type Document = Readonly<Record<string, unknown>>

/** One field that somebody changes through the API. */
export interface Mutation {
  readonly name: string
  /** The place that has to come out, and no other. */
  readonly path: string
  readonly does: (deployed: Deployed) => void
  /** Sets it back. */
  readonly undo: (deployed: Deployed) => void
}

/** Whatever of the wanted documents can be changed, each alone. */
export function mutationsOf({ wanted: { settings, taskDefinition } }: Deployed): readonly Mutation[] {
  return [
    ...count,
    weights,
    ...ofSettings(settings),
    ...ofTags(settings),
    ...ofTaskDefinition(taskDefinition),
  ]
}

const count: readonly Mutation[] = [
  {
    name: 'the count',
    path: '/service/desiredCount',
    does: (deployed) => deployed.update({ desiredCount: 3 }),
    undo: (deployed) => deployed.update({ desiredCount: 1 }),
  },
]

const weights: Mutation = {
  name: 'the weights',
  path: '/listeners/*/DefaultActions/forward/ForwardConfig/TargetGroups/*/Weight',
  does: (deployed) => deployed.turn({ blue: 60, green: 40 }),
  undo: (deployed) => deployed.turn({ blue: 100, green: 0 }),
}

type Change = readonly [path: string, changed: (value: unknown) => unknown]

const flip = (value: unknown): unknown => value !== true
const other =
  (one: unknown, two: unknown) =>
  (value: unknown): unknown =>
    value === one ? two : one

const inNetwork =
  (change: Document) =>
  (value: unknown): Document => {
    const { awsvpcConfiguration } = value as { awsvpcConfiguration: Document }
    return { awsvpcConfiguration: { ...awsvpcConfiguration, ...change } }
  }

const isPublic = (value: unknown): boolean =>
  (value as { awsvpcConfiguration: Document }).awsvpcConfiguration['assignPublicIp'] === 'ENABLED'

const withFargate = (value: unknown, change: (provider: Document) => Document): Document[] =>
  (value as Document[]).map((each) => (each['capacityProvider'] === 'FARGATE' ? change(each) : each))

const percent =
  (name: string, fallback: number, highest: number) =>
  (value: unknown): Document => {
    const before = Number((value as Document)[name] ?? fallback)
    return { ...(value as Document), [name]: before < highest ? before + 1 : before - 1 }
  }

/** For each setting: places within it, and another value of the whole setting that differs there. */
const otherSettings: Readonly<Record<string, readonly Change[]>> = {
  networkConfiguration: [
    ['/awsvpcConfiguration/subnets', inNetwork({ subnets: ['subnet-z'] })],
    [
      '/awsvpcConfiguration/assignPublicIp',
      (value) => inNetwork({ assignPublicIp: isPublic(value) ? 'DISABLED' : 'ENABLED' })(value),
    ],
  ],
  capacityProviderStrategy: [
    ['/FARGATE/weight', (value) => withFargate(value, (fargate) => ({ ...fargate, weight: 7 }))],
    [
      '/FARGATE_SPOT',
      (value) => (value as Document[]).filter((each) => each['capacityProvider'] === 'FARGATE'),
    ],
  ],
  platformVersion: [['', () => '1.3.0']],
  healthCheckGracePeriodSeconds: [['', (value) => Number(value) + 1]],
  enableECSManagedTags: [['', flip]],
  enableExecuteCommand: [['', flip]],
  propagateTags: [['', other('SERVICE', 'NONE')]],
  availabilityZoneRebalancing: [['', other('ENABLED', 'DISABLED')]],
  deploymentConfiguration: [
    ['/minimumHealthyPercent', percent('minimumHealthyPercent', 100, 99)],
    ['/maximumPercent', percent('maximumPercent', 200, 199)],
  ],
}

function ofSettings(settings: Document): readonly Mutation[] {
  return Object.entries(otherSettings)
    .filter(([name]) => Object.hasOwn(settings, name))
    .flatMap(([name, changes]) =>
      changes.map(([below, changed]) => ({
        name: `${name}${below}`,
        path: `/service/${name}${below}`,
        does: (deployed) => deployed.update({ [name]: changed(settings[name]), ...forced(name) }),
        undo: (deployed) => deployed.correct(),
      })),
    )
}

/** ECS takes other providers only with a new deployment. */
const forced = (name: string): Document =>
  name === 'capacityProviderStrategy' ? { forceNewDeployment: true } : {}

function ofTags(settings: Document): readonly Mutation[] {
  const tags = (settings['tags'] ?? []) as readonly { readonly key: string }[]
  return tags.map((tag) => ({
    name: `the tag ${tag.key}`,
    path: `/service/tags/${tag.key.replaceAll('/', '~1')}/value`,
    does: (deployed) => deployed.tag([{ key: tag.key, value: 'by hand' }]),
    undo: (deployed) => deployed.correct(),
  }))
}

/** Fields of the task definition's first or only container `web`, and of the task. */
function ofTaskDefinition(document: Document): readonly Mutation[] {
  const registered =
    (changed: Document) =>
    (deployed: Deployed): void =>
      deployed.update({ taskDefinition: deployed.register(changed) })
  const containers = document['containerDefinitions'] as readonly Document[]
  const withWeb = (change: Document): Document => ({
    ...document,
    containerDefinitions: containers.map((each) => (each['name'] === 'web' ? { ...each, ...change } : each)),
  })
  const web = '/taskDefinition/containerDefinitions/web'
  const mutation = (name: string, path: string, changed: Document): Mutation => ({
    name,
    path,
    does: registered(changed),
    undo: registered(document),
  })
  const environment = containers.flatMap((each) =>
    each['name'] === 'web' ? ((each['environment'] ?? []) as Document[]) : [],
  )
  return [
    mutation('the image', `${web}/image`, withWeb({ image: 'envoy:1' })),
    mutation('the entry point', `${web}/entryPoint`, withWeb({ entryPoint: ['sh'] })),
    mutation('a working directory', `${web}/workingDirectory`, withWeb({ workingDirectory: '/elsewhere' })),
    mutation('more storage', '/taskDefinition/ephemeralStorage', {
      ...document,
      ephemeralStorage: { sizeInGiB: 50 },
    }),
    mutation('another role', '/taskDefinition/executionRoleArn', {
      ...document,
      executionRoleArn: 'arn:aws:iam::123456789012:role/other',
    }),
    ...environment.map(({ name }) =>
      mutation(
        `the variable ${String(name)}`,
        `${web}/environment/${String(name)}/value`,
        withWeb({
          environment: environment.map((each) => (each['name'] === name ? { ...each, value: 'x' } : each)),
        }),
      ),
    ),
  ]
}
