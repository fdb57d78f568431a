import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import { optionalRecord, optionalRecords, optionalText, present } from '../members.ts'
import { nextDue, readExpression } from './expression.ts'
import { keyOf, type Schedule, type SchedulerWorld } from './state.ts'

/** Timers of a machine hold no longer than 24 days. */
const LONGEST_TIMER_MS = 86_400_000

/** Runs what is due when it is due, in true time. */
export class ScheduleRuns {
  readonly #world: SchedulerWorld
  readonly #timers = new Map<string, () => void>()

  constructor(world: SchedulerWorld) {
    this.#world = world
  }

  /** After a schedule was written, loaded or has run: waits for its next time. */
  arm(schedule: Schedule): void {
    this.disarm(schedule)
    const due = dueAfter(schedule, schedule.dueAt)
    if (due === undefined) return
    const { clock, settings } = this.#world
    const delayMs = Math.min(LONGEST_TIMER_MS, Math.max(0, due - clock.now()))
    const wake = (): void => this.#wake(schedule, due)
    this.#timers.set(idOf(schedule), clock.setTimer(delayMs * settings.speed, wake))
  }

  disarm(schedule: Schedule): void {
    this.#timers.get(idOf(schedule))?.()
    this.#timers.delete(idOf(schedule))
  }

  load(): void {
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    for (const schedule of this.#world.tables.schedules.list()) this.arm(schedule)
  }

  #wake({ region, group, name }: Schedule, due: number): void {
    const { tables, clock } = this.#world
    const schedule = tables.schedules.get(keyOf(region, group, name))
    if (schedule === undefined) return
    if (clock.now() < due) return this.arm(schedule)
    const refusal = schedule.members['State'] === 'ENABLED' ? this.#run(schedule, due) : undefined
    const { refusal: _before, ...rest } = schedule
    const ran: Schedule = { ...rest, dueAt: due, ...(refusal === undefined ? {} : { refusal }) }
    const isOver = dueAfter(ran, due) === undefined && schedule.members['ActionAfterCompletion'] === 'DELETE'
    if (isOver) tables.schedules.delete(idOf(schedule))
    else tables.schedules.put(idOf(schedule), ran)
    if (!isOver) this.arm(ran)
  }

  /** What ECS says where it refuses. */
  #run(schedule: Schedule, due: number): string | undefined {
    const target = optionalRecord(schedule.members, 'Target') ?? {}
    const parameters = optionalRecord(target, 'EcsParameters')
    if (parameters === undefined) return undefined
    const { region, accountId } = schedule
    const context: CallContext = { now: this.#world.clock.now(), region, accountId, read: (table) => table }
    try {
      this.#world.runTask(requestOf(schedule, { target, parameters, due }), context)
      return undefined
    } catch (thrown) {
      if (thrown instanceof AwsError) return `${thrown.code}: ${thrown.message}`
      throw thrown
    }
  }
}

const idOf = ({ region, group, name }: Schedule): string => keyOf(region, group, name)

/** The next time within the schedule's dates. */
function dueAfter({ members, createdAt }: Schedule, afterMs: number): number | undefined {
  const timeZone = optionalText(members, 'ScheduleExpressionTimezone') ?? 'UTC'
  const expression = readExpression(optionalText(members, 'ScheduleExpression') ?? '', timeZone)
  if (expression === undefined) return undefined
  const startMs = momentMs(members['StartDate'])
  const endMs = momentMs(members['EndDate']) ?? Infinity
  const due = nextDue(expression, {
    afterMs: Math.max(afterMs, (startMs ?? 0) - 1),
    anchorMs: startMs ?? createdAt,
    timeZone,
  })
  return due === undefined || due > endMs ? undefined : due
}

const momentMs = (seconds: unknown): number | undefined =>
  typeof seconds === 'number' ? seconds * 1000 : undefined

/** RunTask's input: the same members under ECS's own names. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html */
function requestOf(
  schedule: Schedule,
  {
    target,
    parameters,
    due,
  }: { readonly target: Members; readonly parameters: Members; readonly due: number },
): Members {
  const network = optionalRecord(
    optionalRecord(parameters, 'NetworkConfiguration') ?? {},
    'awsvpcConfiguration',
  )
  const input = optionalText(target, 'Input')
  const overrides: unknown = input === undefined ? undefined : parsed(input)
  return present({
    cluster: target['Arn'],
    taskDefinition: parameters['TaskDefinitionArn'],
    count: parameters['TaskCount'],
    launchType: parameters['LaunchType'],
    platformVersion: parameters['PlatformVersion'],
    group: parameters['Group'],
    capacityProviderStrategy: optionalRecords(parameters, 'CapacityProviderStrategy'),
    propagateTags: parameters['PropagateTags'],
    enableExecuteCommand: parameters['EnableExecuteCommand'],
    networkConfiguration:
      network === undefined
        ? undefined
        : {
            awsvpcConfiguration: present({
              subnets: network['Subnets'],
              securityGroups: network['SecurityGroups'],
              assignPublicIp: network['AssignPublicIp'],
            }),
          },
    overrides,
    startedBy: `chronos-schedule/${schedule.name}`.slice(0, 128),
    clientToken: `${schedule.name.slice(0, 40)}-${due}`,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
