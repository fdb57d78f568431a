import type { Clock } from '../../ports/clock.ts'
import type { GateAttempt, GateRunner } from '../../ports/gate.ts'
import type { Functions } from '../../ports/functions.ts'
import type { Scripts } from '../../ports/scripts.ts'
import type { Metrics } from '../../ports/metrics.ts'
import { probeAlarms } from './alarms.ts'
import { probeCloudWatch } from './cloudwatch.ts'
import { createHttpGateRunner } from './http.ts'
import type { HttpGateOptions } from './http.ts'
import { probeLambda } from './lambda.ts'
import { probeScript } from './script.ts'
import { probeWarming } from './warming.ts'
import { probePrometheus } from './prometheus.ts'
import { probeWebhook } from './webhook.ts'

export interface GateRunnerOptions extends HttpGateOptions {
  readonly clock: Clock
  /** The monitoring of the environment's account. */
  readonly metrics: Metrics
  /** Programs beside the configuration. */
  readonly scripts: Scripts
  /** The Lambda functions of the environment's account. */
  readonly functions: Functions
  /** What webhooks are signed with, read at each use; undefined where the environment names none. Throws PortErrors. */
  readonly webhookSecret: () => string | undefined
}

/** Asks gates of every kind, each by its own means. */
export function createGateRunner(options: GateRunnerOptions): GateRunner {
  const http = createHttpGateRunner(options)
  return {
    async probe(probe, signal): Promise<GateAttempt> {
      switch (probe.kind) {
        case 'http':
          return http.probe(probe, signal)
        case 'warming':
          return probeWarming(probe, options, signal)
        case 'lambda':
          return probeLambda(probe, options.functions)
        case 'script':
          return probeScript(probe, options.scripts, signal)
        case 'alarms':
          return probeAlarms(probe, options.metrics)
        case 'cloudwatch':
          return probeCloudWatch(probe, options)
        case 'prometheus':
          return probePrometheus(probe, options, signal)
        case 'webhook':
          return probeWebhook(probe, options, signal)
      }
    },
  }
}
