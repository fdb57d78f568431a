import {
  DescribeServicesCommand,
  type DescribeServicesCommandInput,
  type DescribeServicesCommandOutput,
  type Service,
} from '@aws-sdk/client-ecs'
import type { ServiceFacts } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { Platform, ServiceReference } from '../../../ports/platform.ts'
import { createBatcher } from '../client/batcher.ts'
import { createKnownAnswers } from '../client/known-answers.ts'
import { objectsIn, optionalText, textOrEmpty } from '../client/members.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { serviceFacts } from './service-facts.ts'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const servicesPerCall = 10

/** DescribeServices for all callers together: ten services of a cluster to a call, one read of a service at a time. */
export function createServiceReads({ clients, send, clock, epoch }: AwsTools): Platform['services'] {
  const shared = createSharedReads<ServiceFacts | null>(epoch)
  const known = createKnownAnswers<DescribeServicesCommandOutput, readonly (ServiceFacts | null)[]>({
    clock,
    send,
    operation: 'ecs:DescribeServices',
  })
  const batcher = createBatcher<ServiceReference, ServiceFacts | null>({
    clock,
    maxSize: servicesPerCall,
    groupOf: ({ cluster }) => cluster,
    identityOf: ({ name }) => name,
    read: (references, hurry) => {
      const input: DescribeServicesCommandInput = {
        cluster: references[0]?.cluster,
        services: references.map(({ name }) => name),
        include: ['TAGS'],
      }
      const command = new DescribeServicesCommand(input)
      return known.ask({
        text: JSON.stringify(input),
        asked: { hurry },
        attempt: (options) => clients.ecs.send(command, options),
        read: (answer) => references.map((reference) => find(reference, answer)),
      })
    },
  })
  return (references, asked) =>
    Promise.all(
      references.map((reference) =>
        shared.share(
          `${reference.cluster} ${reference.name}`,
          (hurry) => batcher.load(reference, hurry),
          asked?.hurry,
        ),
      ),
    )
}

function find({ name }: ServiceReference, answer: DescribeServicesCommandOutput): ServiceFacts | null {
  const isWanted = ({ serviceName, serviceArn }: Service): boolean =>
    serviceName === name || serviceArn === name
  const service = objectsIn(answer.services, 'a list of services').find(isWanted)
  if (service !== undefined) return service.status === 'INACTIVE' ? null : serviceFacts(service)
  const failure = objectsIn(answer.failures, 'a list of failures').find(
    ({ arn }) => arn === name || optionalText(arn, "a failure's ARN")?.endsWith(`/${name}`) === true,
  )
  if (failure?.reason === 'MISSING') return null
  throw new PortError(
    `ECS did not describe the service ${name}: ${textOrEmpty(failure?.reason, "a failure's reason") || 'no reason given'}`,
    {
      code: 'ServiceUnreadable',
      handling: 'retry',
    },
  )
}
