import { probeAlarms } from '../../../controller/adapters/gates/alarms.ts'
import { probeLambda } from '../../../controller/adapters/gates/lambda.ts'
import { probeCloudWatch } from '../../../controller/adapters/gates/cloudwatch.ts'
import { judgeScript } from '../../../controller/adapters/gates/script.ts'
import type { ScriptEnd } from '../../../controller/ports/scripts.ts'
import { judgeWebhook } from '../../../controller/adapters/gates/webhook.ts'
import { judgeWarming } from '../../../controller/adapters/gates/warming.ts'
import { judgeValue } from '../../../controller/core/gate/judge-value.ts'
import type {
  GateAttempt,
  GateRunner,
  HttpProbe,
  ListenerProbe,
  PrometheusProbe,
  ScriptProbe,
  WarmingProbe,
  WebhookProbe,
} from '../../../controller/ports/gate.ts'
import type { Functions } from '../../../controller/ports/functions.ts'
import type { Metrics } from '../../../controller/ports/metrics.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { Routed } from '../../../controller/sandbox/data-plane/routed.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import { between } from '../time/randomness.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** Asks gates of the world's own listeners, of a Prometheus beside it, and of CloudWatch through the real adapters. */
export function gatesOf(
  process: SimulatedProcess,
  {
    aws,
    random,
    metrics,
    functions,
  }: {
    readonly aws: SimulatedAws
    readonly random: Random
    readonly metrics: Metrics
    readonly functions: Functions
  },
): GateRunner {
  return {
    async probe(probe) {
      if (probe.kind === 'alarms') return probeAlarms(probe, metrics)
      if (probe.kind === 'cloudwatch') return probeCloudWatch(probe, { metrics, clock: process.clock })
      if (probe.kind === 'lambda') return probeLambda(probe, functions)
      await process.wait(between(random, 2, 30))
      if (process.isCutOff) {
        await process.wait(probe.timeoutMs)
        return lostAnswer(aws, probe)
      }
      const attempt = answerOf(aws, probe)
      await process.wait(between(random, 2, 30))
      return attempt
    },
  }
}

type ListenerOrServer = HttpProbe | WarmingProbe | PrometheusProbe | ScriptProbe | WebhookProbe

/** What comes of a question that does not get through. */
export function lostAnswer(
  { gates }: SimulatedAws,
  { timeoutMs }: Pick<ListenerOrServer, 'timeoutMs'>,
): GateAttempt {
  gates.lost()
  return { result: 'Inconclusive', message: `no whole answer within ${timeoutMs} ms` }
}

/** What a gate that asks at this moment is told. */
export function answerOf(aws: SimulatedAws, probe: ListenerOrServer): GateAttempt {
  if (!aws.gates.areAnswered) {
    aws.gates.struck()
    return { result: 'Inconclusive', message: 'it could not be asked: no route to the host' }
  }
  if (probe.kind === 'prometheus') return judgeValue(aws.gates.measured, probe.bounds)
  if (probe.kind === 'script') return judgeScript(probe, runScript(aws, probe))
  if (probe.kind === 'webhook') {
    if (probe.callback !== undefined) aws.gates.posted(probe.callback)
    return judgeWebhook('the receiver', probe.callback === undefined ? 200 : 202, true)
  }
  if (probe.kind === 'warming') return warm(aws, probe)
  const routed = route(aws, probe, probe)
  const attempt = judge(probe, routed)
  if (attempt.result === 'Success' && routed.kind === 'target') aws.gates.passed.add(routed.task.version)
  return attempt
}

/** A program that asks the hooks' opinion, and says so by how it ends. */
function runScript({ gates }: SimulatedAws, { facts, gate }: ScriptProbe): ScriptEnd {
  const { hook } = gates
  gates.hookAnswered(`${facts['STEERSMAN_ROLLOUT'] ?? ''}/${gate}`, hook)
  if (hook === 'error') return { kind: 'Signalled', signal: 'SIGSEGV', output: '' }
  if (hook === 'IN_PROGRESS') return { kind: 'TimedOut', output: '' }
  return { kind: 'Exited', exitCode: hook === 'SUCCEEDED' ? 0 : 1, output: '' }
}

/** A batch of requests at this moment. */
function warm(aws: SimulatedAws, probe: WarmingProbe): GateAttempt {
  const tally = new Map<number | string, number>()
  for (let index = 0; index < probe.requests; index += 1) {
    const path = probe.paths[index % probe.paths.length] ?? '/'
    const routed = route(aws, probe, { path, method: 'GET' })
    const status = routed.kind === 'target' ? routed.task.answer(path).status : routed.status
    tally.set(status, (tally.get(status) ?? 0) + 1)
    if (routed.kind === 'target' && status < 400) aws.gates.warmed(routed.task.version)
  }
  return judgeWarming(probe, tally)
}

/** Where a request to the listener of the probe's load balancer and port ends up at this moment. */
function route(
  { world }: SimulatedAws,
  { loadBalancer, port, host }: ListenerProbe,
  { path, method }: Pick<HttpProbe, 'path' | 'method'>,
): Routed {
  const { loadBalancers, listeners } = world.elb.tables
  const balancer = loadBalancers.list().find(({ dnsName }) => dnsName === loadBalancer.dnsName)
  const listener = listeners
    .list()
    .find((candidate) => candidate.loadBalancerArn === balancer?.arn && candidate.port === port)
  return world.route({
    listenerArn: listener?.arn ?? '',
    method,
    host: host ?? 'localhost',
    path,
    headers: {},
    query: [],
    sourceIp: '192.0.2.1',
    cookies: {},
  })
}

/** What a gate makes of it. */
function judge({ path, expect }: HttpProbe, routed: Routed): GateAttempt {
  if (routed.kind !== 'target') {
    const status = routed.kind === 'redirect' ? routed.status : routed.status
    return { result: 'Failure', message: `answered ${status}` }
  }
  const { status, body } = routed.task.answer(path)
  if (status !== expect.status) return { result: 'Failure', message: `answered ${status}` }
  const isWanted = expect.body === undefined || body.includes(expect.body)
  return isWanted
    ? { result: 'Success', message: `answered ${status}` }
    : { result: 'Failure', message: 'the body lacks the wanted text' }
}
