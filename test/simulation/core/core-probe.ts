import { alarmFacts } from '../../../controller/adapters/aws/metrics/alarms.ts'
import { pointsInput, pointsOf } from '../../../controller/adapters/aws/metrics/points.ts'
import { judgePoints, nameOf, tooSoon, wholePeriods } from '../../../controller/adapters/gates/cloudwatch.ts'
import { judgeFunction, notInvoked } from '../../../controller/adapters/gates/lambda.ts'
import { notRead } from '../../../controller/adapters/gates/not-read.ts'
import { judgeAlarms } from '../../../controller/core/gate/judge-alarms.ts'
import { gateProbe } from '../../../controller/engine/gate-probe.ts'
import type { ReleaseSubject } from '../../../controller/engine/observe.ts'
import type {
  AlarmsProbe,
  CloudWatchProbe,
  GateAttempt,
  LambdaProbe,
} from '../../../controller/ports/gate.ts'
import type { MetricPoint } from '../../../controller/ports/metrics.ts'
import type { Members, Timestamp } from '../../../controller/sandbox/kernel/operation.ts'
import { answerOf, lostAnswer } from '../process/gates.ts'
import { between } from '../time/randomness.ts'
import type { Core } from './core.ts'
import type { CoreTurn } from './core-turn.ts'
import type { Steps } from './steps.ts'
import { pause } from './steps.ts'

/** Asks a gate's question as the adapters do. */
export function* probe(turn: CoreTurn, name: string, subject: ReleaseSubject): Steps<GateAttempt> {
  const { core, observation, active } = turn
  const asked = gateProbe(name, { rollout: active?.state, observation, subject })
  if (asked.kind === 'alarms') return yield* probeAlarms(core, asked)
  if (asked.kind === 'lambda') return yield* invoke(core, asked)
  if (asked.kind === 'cloudwatch') return yield* probeCloudWatch(core, asked)
  const { process, random } = core
  yield* pause(process, between(random, 2, 30))
  if (process.isCutOff) {
    yield* pause(process, asked.timeoutMs)
    return lostAnswer(core.world, asked)
  }
  const attempt = answerOf(core.world, asked)
  yield* pause(process, between(random, 2, 30))
  return attempt
}

function* invoke(core: Core, asked: LambdaProbe): Steps<GateAttempt> {
  try {
    const output = yield* core.aws.read('lambda:Invoke', {
      FunctionName: asked.function,
      InvocationType: 'RequestResponse',
      Payload: asked.payload,
    })
    const functionError = output['FunctionError'] as string | undefined
    return judgeFunction(asked, { payload: String(output['Payload']), functionError })
  } catch (error) {
    return notInvoked(asked, error)
  }
}

function* probeCloudWatch(core: Core, asked: CloudWatchProbe): Steps<GateAttempt> {
  const range = wholePeriods(asked, core.process.clock.now())
  if (range === undefined) return tooSoon(asked)
  const { series, comparison } = asked
  try {
    const points = yield* pointsIn(core, series, range)
    const live = comparison === undefined ? undefined : yield* pointsIn(core, comparison.series, range)
    return judgePoints(asked, points, live)
  } catch (error) {
    return notRead(nameOf(asked), error)
  }
}

function* pointsIn(
  core: Core,
  asked: CloudWatchProbe['series'],
  range: { readonly from: number; readonly to: number },
): Steps<readonly MetricPoint[]> {
  const { StartTime, EndTime, ...input } = pointsInput(asked, range)
  const times = { StartTime: StartTime?.toISOString(), EndTime: EndTime?.toISOString() }
  const output = yield* core.aws.read('cloudwatch:GetMetricData', { ...input, ...times })
  const results = (output['MetricDataResults'] as Members[]).map((result) => ({
    ...result,
    Timestamps: (result['Timestamps'] as Timestamp[]).map(({ epochMs }) => new Date(epochMs)),
  }))
  return pointsOf({ MetricDataResults: results })
}

function* probeAlarms(core: Core, asked: AlarmsProbe): Steps<GateAttempt> {
  try {
    const output = yield* core.aws.read('cloudwatch:DescribeAlarms', {
      AlarmNames: [...asked.names],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
    })
    const found = (output['MetricAlarms'] as Members[]).map((alarm) => {
      const changedAt = alarm['StateTransitionedTimestamp'] as Timestamp
      return alarmFacts({ ...alarm, StateTransitionedTimestamp: new Date(changedAt.epochMs) })
    })
    return judgeAlarms(asked, found)
  } catch (error) {
    return notRead('the alarms', error)
  }
}
