import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { ACCOUNT, REGION } from './shape.ts'
import type { SimulatedAws } from './simulated-aws.ts'

/** Names of a release's schedules, in the order of its manifest. */
export const schedulesOf = (
  release: string,
): readonly { readonly name: string; readonly group: string }[] => [
  { name: `${release}-report`, group: 'default' },
  { name: `${release}-clean-up`, group: 'shop' },
]

const DESCRIPTION = 'made by Terraform'

/** What Terraform makes for each release: two schedules, which run a task definition that no version has. */
export function makeSchedules(aws: SimulatedAws, releases: readonly string[]): void {
  aws.byHand('scheduler', 'CreateScheduleGroup', { Name: 'shop' })
  for (const { name, group } of releases.flatMap(schedulesOf))
    aws.byHand('scheduler', 'CreateSchedule', {
      Name: name,
      GroupName: group,
      Description: DESCRIPTION,
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/demo`,
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
        EcsParameters: { TaskDefinitionArn: revisionArn('placeholder', 1), LaunchType: 'FARGATE' },
      },
    })
}

/** A revision that a person may have in mind. */
export const revisionArn = (family: string, revision: number): string =>
  `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${family}:${revision}`

/** What a schedule runs, and whether all else of it is as Terraform made it. */
export function seeSchedule(
  aws: SimulatedAws,
  { name, group }: { readonly name: string; readonly group: string },
): { readonly taskDefinition: string; readonly isWhole: boolean } {
  const shown = aws.byHand('scheduler', 'GetSchedule', { Name: name, GroupName: group })
  const parameters = (shown['Target'] as Members)['EcsParameters'] as Members
  return {
    taskDefinition: String(parameters['TaskDefinitionArn']),
    isWhole: shown['Description'] === DESCRIPTION && parameters['LaunchType'] === 'FARGATE',
  }
}

/** A person points a schedule elsewhere. */
export function pointByHand(
  aws: SimulatedAws,
  { name, group }: { readonly name: string; readonly group: string },
  taskDefinition: string,
): void {
  const {
    Arn: _arn,
    CreationDate: _created,
    LastModificationDate: _changed,
    ...shown
  } = aws.byHand('scheduler', 'GetSchedule', { Name: name, GroupName: group })
  const target = shown['Target'] as Members
  const parameters = { ...(target['EcsParameters'] as Members), TaskDefinitionArn: taskDefinition }
  const Target = { ...target, EcsParameters: parameters }
  aws.byHand('scheduler', 'UpdateSchedule', { ...shown, Target })
}
