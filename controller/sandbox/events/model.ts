import type { Clock } from '../kernel/clock.ts'
import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation, ServiceModel } from '../kernel/operation.ts'
import { optionalRecords, optionalText, present, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { matches } from './pattern.ts'

/** What a service tells the default event bus. */
export interface Told {
  readonly source: string
  readonly detailType: string
  readonly region: string
  readonly accountId: string
  readonly resources: readonly string[]
  readonly detail: Members
}

interface RuleState {
  readonly name: string
  readonly region: string
  readonly accountId: string
  readonly pattern: string
  readonly state: string
  readonly members: Members
  readonly targets: readonly Members[]
  readonly tags: readonly Members[]
}

/** EventBridge: rules of the default bus, whose targets are queues. */
export interface EventsModel extends ServiceModel {
  /** Gives an event to each rule that it matches, a moment later. */
  publish(told: () => Told): void
  /** Whether any rule listens: nobody makes an event for nobody. */
  listens(): boolean
}

/** How long EventBridge takes to deliver. */
const DELIVERY_MS = 200

interface EventsWorld {
  readonly clock: Clock
  readonly rules: Map<string, RuleState>
}

/** No rule yet; `deliver` puts a text into the queue of an ARN. */
export function createEventsModel(parts: {
  readonly clock: Clock
  readonly deliver: (arn: string, body: string) => void
}): EventsModel {
  let told = 0
  const world: EventsWorld = { clock: parts.clock, rules: new Map() }
  const publish = (of: Told): void => {
    told += 1
    const event = eventOf(of, { id: eventId(told), at: parts.clock.now() })
    for (const rule of world.rules.values()) {
      if (rule.region !== of.region || rule.state !== 'ENABLED') continue
      if (!matches(JSON.parse(rule.pattern), event)) continue
      const body = JSON.stringify(event)
      for (const target of rule.targets)
        parts.clock.setTimer(DELIVERY_MS, () => parts.deliver(text(target, 'Arn'), body))
    }
  }
  return {
    service: 'events',
    operations: { ...ruleOperations(world), PutEvents: putEvents(publish) },
    listens: () => world.rules.size > 0,
    publish: (make) => {
      if (world.rules.size > 0) publish(make())
    },
    dump: () => ({ told, rules: [...world.rules] }),
    load(state) {
      const dumped = (state ?? { told: 0, rules: [] }) as { told: number; rules: [string, RuleState][] }
      told = dumped.told
      world.rules.clear()
      for (const [key, rule] of dumped.rules) world.rules.set(key, rule)
    },
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const eventOf = (told: Told, { id, at }: { readonly id: string; readonly at: number }): Members => ({
  version: '0',
  id,
  'detail-type': told.detailType,
  source: told.source,
  account: told.accountId,
  time: new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z'),
  region: told.region,
  resources: told.resources,
  detail: told.detail,
})

const eventId = (count: number): string => `00000000-0000-4000-9000-${count.toString(16).padStart(12, '0')}`

/** Events of somebody's own; a source of AWS's own is refused, as there. */
const putEvents = (publish: (told: Told) => void): Operation => ({
  writes: true,
  bucket: 'other',
  handle(input, { region, accountId }) {
    const entries = optionalRecords(input, 'Entries') ?? []
    const results = entries.map((entry, index) => {
      const source = text(entry, 'Source')
      if (source.startsWith('aws.'))
        return {
          ErrorCode: 'NotAuthorizedForSourceException',
          ErrorMessage: 'Not authorized for the source.',
        }
      publish({
        source,
        detailType: text(entry, 'DetailType'),
        region,
        accountId,
        resources: texts(entry, 'Resources'),
        detail: JSON.parse(text(entry, 'Detail')) as Members,
      })
      return { EventId: `entry-${index}` }
    })
    return { FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length, Entries: results }
  },
})

const read = { writes: false, bucket: 'other' } as const
const write = { writes: true, bucket: 'other' } as const

function ruleOperations(world: EventsWorld): Record<string, Operation> {
  const bound = (handler: (world: EventsWorld, input: Members, context: CallContext) => Members) => ({
    handle: (input: Members, context: CallContext) => handler(world, input, context),
  })
  return {
    PutRule: { ...write, ...bound(putRule) },
    DeleteRule: { ...write, ...bound(deleteRule) },
    DescribeRule: { ...read, ...bound(describeRule) },
    ListRules: { ...read, ...bound(listRules) },
    PutTargets: { ...write, ...bound(putTargets) },
    RemoveTargets: { ...write, ...bound(removeTargets) },
    ListTargetsByRule: { ...read, ...bound(listTargets) },
    ListTagsForResource: { ...read, ...bound(listTags) },
    TagResource: { ...write, ...bound(tagRule) },
    UntagResource: { ...write, ...bound(untagRule) },
  }
}

function putRule({ rules }: EventsWorld, input: Members, { region, accountId }: CallContext): Members {
  const name = text(input, 'Name')
  const pattern = text(input, 'EventPattern')
  if (!isPattern(pattern))
    throw new AwsError(
      'InvalidEventPatternException',
      'Event pattern is not valid. Reason: Filter is not an object',
    )
  const key = `${region}/${name}`
  const known = rules.get(key)
  rules.set(key, {
    name,
    region,
    accountId,
    pattern,
    state: optionalText(input, 'State') ?? 'ENABLED',
    members: present({
      Description: optionalText(input, 'Description'),
      RoleArn: optionalText(input, 'RoleArn'),
    }),
    targets: known?.targets ?? [],
    tags: optionalRecords(input, 'Tags') ?? known?.tags ?? [],
  })
  return { RuleArn: arnOf({ name, region, accountId }) }
}

function isPattern(pattern: string): boolean {
  try {
    const parsed: unknown = JSON.parse(pattern)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  } catch {
    return false
  }
}

function deleteRule({ rules }: EventsWorld, input: Members, { region }: CallContext): Members {
  const key = `${region}/${text(input, 'Name')}`
  if ((rules.get(key)?.targets.length ?? 0) > 0)
    throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.")
  rules.delete(key)
  return {}
}

const describeRule = (world: EventsWorld, input: Members, context: CallContext): Members =>
  ruleView(ruleOf(world, text(input, 'Name'), context))

function listRules({ rules }: EventsWorld, input: Members, { region }: CallContext): Members {
  const prefix = optionalText(input, 'NamePrefix') ?? ''
  const found = [...rules.values()].filter((rule) => rule.region === region && rule.name.startsWith(prefix))
  return { Rules: found.map(ruleView) }
}

const ruleView = (rule: RuleState): Members => ({
  Name: rule.name,
  Arn: arnOf(rule),
  EventPattern: rule.pattern,
  State: rule.state,
  EventBusName: 'default',
  ...rule.members,
})

function putTargets(world: EventsWorld, input: Members, context: CallContext): Members {
  const rule = ruleOf(world, text(input, 'Rule'), context)
  const given = optionalRecords(input, 'Targets') ?? []
  const ids = new Set(given.map((target) => text(target, 'Id')))
  const others = rule.targets.filter((target) => !ids.has(text(target, 'Id')))
  world.rules.set(`${rule.region}/${rule.name}`, { ...rule, targets: [...others, ...given] })
  return { FailedEntryCount: 0, FailedEntries: [] }
}

function removeTargets(world: EventsWorld, input: Members, context: CallContext): Members {
  const rule = ruleOf(world, text(input, 'Rule'), context)
  const ids = new Set(texts(input, 'Ids'))
  const targets = rule.targets.filter((target) => !ids.has(text(target, 'Id')))
  world.rules.set(`${rule.region}/${rule.name}`, { ...rule, targets })
  return { FailedEntryCount: 0, FailedEntries: [] }
}

function listTargets(world: EventsWorld, input: Members, context: CallContext): Members {
  const { items, ...rest } = pageOf([...ruleOf(world, text(input, 'Rule'), context).targets], input, 100)
  return { Targets: items, ...rest }
}

const listTags = (world: EventsWorld, input: Members, context: CallContext): Members => ({
  Tags: ruleOf(world, nameOf(text(input, 'ResourceARN')), context).tags,
})

function tagRule(world: EventsWorld, input: Members, context: CallContext): Members {
  const rule = ruleOf(world, nameOf(text(input, 'ResourceARN')), context)
  const given = optionalRecords(input, 'Tags') ?? []
  const keys = new Set(given.map((tag) => text(tag, 'Key')))
  const others = rule.tags.filter((tag) => !keys.has(text(tag, 'Key')))
  world.rules.set(`${rule.region}/${rule.name}`, { ...rule, tags: [...others, ...given] })
  return {}
}

function untagRule(world: EventsWorld, input: Members, context: CallContext): Members {
  const rule = ruleOf(world, nameOf(text(input, 'ResourceARN')), context)
  const gone = new Set(texts(input, 'TagKeys'))
  const tags = rule.tags.filter((tag) => !gone.has(text(tag, 'Key')))
  world.rules.set(`${rule.region}/${rule.name}`, { ...rule, tags })
  return {}
}

function ruleOf({ rules }: EventsWorld, name: string, { region }: CallContext): RuleState {
  const rule = rules.get(`${region}/${name}`)
  if (rule !== undefined) return rule
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`)
}

const arnOf = ({ region, accountId, name }: Pick<RuleState, 'region' | 'accountId' | 'name'>): string =>
  `arn:aws:events:${region}:${accountId}:rule/${name}`

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
