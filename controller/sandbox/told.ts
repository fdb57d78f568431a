import { createTrailModel, type TrailModel } from './cloudtrail/model.ts'
import type { TrailRecord } from './cloudtrail/record.ts'
import { tellImages } from './ecr/image-events.ts'
import { tellStateChanges } from './ecs/state-changes.ts'
import type { EcsTables } from './ecs/state.ts'
import { createEventsModel, type Told } from './events/model.ts'
import type { Images } from './images.ts'
import type { Clock } from './kernel/clock.ts'
import type { DoneCall, ServiceModel } from './kernel/operation.ts'
import type { Settings } from './kernel/settings.ts'
import { createSqsModel } from './sqs/model.ts'
import type { StsModel } from './sts/model.ts'

/** Takes an event to its queue: `arrive` puts it in, each time that it is called, and says whether there is one. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html */
export type EventTravel = (event: string, arrive: () => boolean) => void

/** What tells of changes: the trail of calls, the rules that pick events, and the queues that they come to. */
export function createTelling({
  clock,
  settings,
  sts,
  tables,
  images,
  travel = (_event, arrive) => void arrive(),
}: {
  readonly clock: Clock
  readonly settings: Settings
  readonly sts: Pick<StsModel, 'caller'>
  readonly tables: EcsTables
  readonly images: Images
  readonly travel?: EventTravel | undefined
}): { readonly models: readonly ServiceModel[]; readonly written: (call: DoneCall) => void } {
  const sqs = createSqsModel({ clock })
  const deliver = (arn: string, body: string): void => travel(body, () => sqs.deliver(arn, body))
  const events = createEventsModel({ clock, deliver })
  const trail: TrailModel = createTrailModel({
    clock,
    settings,
    callerOf: ({ context }) => sts.caller(context.principal, context.accountId),
    isHeard: () => events.listens(),
    onRecord: (record) => events.publish(() => toldOfCall(record, settings.accountId)),
  })
  tellStateChanges(tables, (told) => events.publish(told))
  tellImages(images, settings, (told) => events.publish(told))
  return { models: [sqs, events, trail], written: (call) => trail.note(call) }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
const toldOfCall = ({ region, source, event }: TrailRecord, accountId: string): Told => ({
  source: `aws.${source.slice(0, source.indexOf('.'))}`,
  detailType: 'AWS API Call via CloudTrail',
  region,
  accountId,
  resources: [],
  detail: event,
})
