import type { Members } from '../kernel/operation.ts'
import { optionalInteger, optionalRecord, optionalText, present } from '../members.ts'
import { readExpression } from './expression.ts'
import { isTimeZone } from './local-time.ts'
import { required, validation } from './state.ts'

/** What a request says of a schedule, with AWS's defaults for all that it leaves out: an update keeps nothing of what stood there before. */
export function definitionOf(input: Members): Members {
  const timeZone = optionalText(input, 'ScheduleExpressionTimezone') ?? 'UTC'
  if (!isTimeZone(timeZone)) throw validation(`Invalid ScheduleExpressionTimezone ${timeZone}.`)
  const expression = required(input, 'ScheduleExpression')
  if (readExpression(expression, timeZone) === undefined)
    throw validation(`Invalid Schedule Expression ${expression}.`)
  return present({
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timeZone,
    FlexibleTimeWindow: windowOf(input),
    State: oneOf(input, 'State', ['ENABLED', 'DISABLED']),
    ActionAfterCompletion: oneOf(input, 'ActionAfterCompletion', ['NONE', 'DELETE']),
    Description: optionalText(input, 'Description'),
    KmsKeyArn: optionalText(input, 'KmsKeyArn'),
    StartDate: momentOf(input, 'StartDate'),
    EndDate: momentOf(input, 'EndDate'),
    Target: targetOf(optionalRecord(input, 'Target')),
  })
}

function windowOf(input: Members): Members {
  const window = optionalRecord(input, 'FlexibleTimeWindow') ?? {}
  const mode = required(window, 'Mode')
  const minutes = optionalInteger(window, 'MaximumWindowInMinutes')
  if ((mode !== 'OFF' && mode !== 'FLEXIBLE') || (mode === 'FLEXIBLE') !== (minutes !== undefined))
    throw validation('MaximumWindowInMinutes belongs to FlexibleTimeWindow Mode FLEXIBLE.')
  return present({ Mode: mode, MaximumWindowInMinutes: minutes })
}

/** The first value is what AWS takes where none is given. */
function oneOf(input: Members, name: string, values: readonly [string, ...string[]]): string {
  const value = optionalText(input, name) ?? values[0]
  if (values.includes(value)) return value
  throw validation(`Value '${value}' at '${name}' must be one of ${values.join(', ')}.`)
}

/** Epoch seconds, as the wire has them. */
function momentOf(input: Members, name: string): number | undefined {
  const value = input[name] ?? undefined
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value
  throw validation(`${name} must be a time.`)
}

const RETRIES = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }

/** A schedule may have any target; what is one of ECS must be one that RunTask can be called with. */
function targetOf(target: Members | undefined): Members {
  if (target === undefined)
    throw validation("Value at 'target' failed to satisfy constraint: Member must not be null")
  const arn = required(target, 'Arn')
  required(target, 'RoleArn')
  const parameters = optionalRecord(target, 'EcsParameters')
  const isCluster = /^arn:aws[a-z-]*:ecs:[^:]+:\d{12}:cluster\//.test(arn)
  if (isCluster !== (parameters !== undefined))
    throw validation('EcsParameters belong to the ARN of an ECS cluster.')
  return {
    ...target,
    RetryPolicy: { ...RETRIES, ...optionalRecord(target, 'RetryPolicy') },
    ...(parameters === undefined ? {} : { EcsParameters: checkedParameters(parameters) }),
  }
}

function checkedParameters(parameters: Members): Members {
  required(parameters, 'TaskDefinitionArn')
  const count = optionalInteger(parameters, 'TaskCount') ?? 1
  if (count < 1 || count > 10) throw validation('TaskCount must be between 1 and 10.')
  return { ...parameters, TaskCount: count }
}
