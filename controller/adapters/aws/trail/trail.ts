import { LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail'
import type { Trail, TrailEvent } from '../../../ports/trail.ts'
import { objectsIn, requiredText, textOrEmpty, timeOrZero } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { USER_AGENT } from '../client/user-agent.ts'

/** The most of one page. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const MOST_EVENTS = 50

/** AWS CloudTrail's event history behind the trail port. `identity` gives the ARN that our own calls are known by. */
export function createTrail(
  { clients, send }: Pick<AwsTools, 'clients' | 'send'>,
  identity: () => Promise<{ readonly arn: string | undefined }>,
): Trail {
  return {
    async lookup({ by, value, since }) {
      const command = new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: by, AttributeValue: value }],
        StartTime: new Date(since),
        MaxResults: MOST_EVENTS,
      })
      const { arn } = await identity()
      const { Events } = await send('cloudtrail:LookupEvents', (options) =>
        clients.cloudtrail.send(command, options),
      )
      return objectsIn(Events, 'a list of events')
        .filter(({ ReadOnly }) => ReadOnly !== 'true')
        .map((event) => trailEvent(event, arn))
    },
  }
}

function trailEvent(event: Event, own: string | undefined): TrailEvent {
  const record = recordOf(event.CloudTrailEvent)
  const identity = membersIn(record, 'userIdentity')
  const agent = textIn(record, 'userAgent') ?? ''
  return {
    id: requiredText(event.EventId, "an event's id"),
    at: timeOrZero(event.EventTime, "an event's time"),
    name: requiredText(event.EventName, "an event's name"),
    user: textOrEmpty(event.Username, "an event's user"),
    isOwn: own !== undefined && textIn(identity, 'arn') === own && agent.includes(USER_AGENT),
    invokedBy: textIn(identity, 'invokedBy'),
    failed: textIn(record, 'errorCode') !== undefined,
    request: membersIn(record, 'requestParameters'),
  }
}

type Members = Readonly<Record<string, unknown>>

/** CloudTrail's own JSON; what can't be read of it says nothing. */
function recordOf(text: string | undefined): Members {
  try {
    return asMembers(JSON.parse(text ?? ''))
  } catch {
    return {}
  }
}

const asMembers = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

const membersIn = (members: Members, name: string): Members => asMembers(members[name])

function textIn(members: Members, name: string): string | undefined {
  const value = members[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
