import { createImages } from '../../../controller/sandbox/images.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { forwardTo, writeByHand } from './listeners.ts'
import { ACCOUNT, REGION, serviceName } from './shape.ts'
import type { Pair } from './shape.ts'
import type { SimulatedAws } from './simulated-aws.ts'

/** The version that served before Steersman came, and is wanted first. */
export const ADOPTED_VERSION = 'v1-good'

/** Its revision. */
export const adoptedRevision = ({ release }: Pick<Pair, 'release'>): string =>
  `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/before-${release}:1`

const IMAGE = `${IMAGE_REPOSITORY}:${ADOPTED_VERSION}`

/** The digest of the image that its tasks run. */
export const ADOPTED_IMAGE = createImages().find(IMAGE)?.digest ?? ''

/** Services as `steersman adopt` leaves them: blue runs what it always ran, green has no task, and tests go to green. */
export function makeAdopted(aws: SimulatedAws, pairs: readonly Pair[], desiredCount: number): void {
  for (const pair of pairs) {
    register(aws, pair)
    for (const side of ['blue', 'green'] as const)
      aws.byHand('ecs', 'CreateService', {
        cluster: 'demo',
        serviceName: serviceName(pair, side),
        taskDefinition: adoptedRevision(pair),
        desiredCount: side === 'blue' ? desiredCount : 0,
        launchType: 'FARGATE',
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ['subnet-demo'], securityGroups: ['sg-demo'] },
        },
        loadBalancers: [
          { targetGroupArn: pair.targetGroups[side], containerName: pair.release, containerPort: 8080 },
        ],
      })
    writeByHand(aws, pair.test, forwardTo(pair.targetGroups, { blue: 0, green: 100 }))
  }
}

/** The very content that the release's file has, in a family of another name and with the image by its tag. */
function register(aws: SimulatedAws, { release }: Pair): void {
  const files = releaseFiles({ release }) as Readonly<Record<string, string>>
  const document = JSON.parse(files[`deploy/taskdefs/${release}.json`] ?? '{}') as Members
  const containers = document['containerDefinitions'] as Members[]
  aws.byHand('ecs', 'RegisterTaskDefinition', {
    ...document,
    family: `before-${release}`,
    containerDefinitions: containers.map((container) => ({
      ...container,
      image: IMAGE,
    })),
  })
}
