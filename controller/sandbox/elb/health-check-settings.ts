import { validationError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { flag, given, integer, oneOf, structure, text } from './input.ts'
import type { HealthCheck, TargetGroup } from './state.ts'

const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP'] as const

/**
 * A group's health check after a Create or Modify: members that the request leaves out keep the present value, or get
 * AWS's default (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html).
 */
export function readHealthCheck(
  input: Members,
  group: Pick<TargetGroup, 'protocol' | 'targetType' | 'protocolVersion'> & { healthCheck?: HealthCheck },
): HealthCheck {
  const base = group.healthCheck ?? defaults(group)
  const protocol = oneOf(input, 'HealthCheckProtocol', PROTOCOLS) ?? base.protocol
  const http = protocol !== 'TCP'
  const check: HealthCheck = {
    enabled: flag(input, 'HealthCheckEnabled') ?? base.enabled,
    protocol,
    port: text(input, 'HealthCheckPort') ?? base.port,
    path: http ? (text(input, 'HealthCheckPath') ?? base.path ?? '/') : undefined,
    intervalSeconds:
      integer(input, 'HealthCheckIntervalSeconds', { min: 5, max: 300 }) ?? base.intervalSeconds,
    timeoutSeconds: integer(input, 'HealthCheckTimeoutSeconds', { min: 2, max: 120 }) ?? base.timeoutSeconds,
    healthyThreshold: integer(input, 'HealthyThresholdCount', { min: 2, max: 10 }) ?? base.healthyThreshold,
    unhealthyThreshold:
      integer(input, 'UnhealthyThresholdCount', { min: 2, max: 10 }) ?? base.unhealthyThreshold,
    matcher: http ? (readMatcher(input) ?? base.matcher ?? { HttpCode: '200' }) : undefined,
  }
  checkTogether(check)
  return check
}

/** The members of a target group that describe its health check. */
export function showHealthCheck(check: HealthCheck): Members {
  return {
    HealthCheckProtocol: check.protocol,
    HealthCheckPort: check.port,
    HealthCheckEnabled: check.enabled,
    HealthCheckIntervalSeconds: check.intervalSeconds,
    HealthCheckTimeoutSeconds: check.timeoutSeconds,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    HealthCheckPath: check.path,
    Matcher: check.matcher,
  }
}

function defaults(group: Pick<TargetGroup, 'protocol' | 'targetType' | 'protocolVersion'>): HealthCheck {
  const lambda = group.targetType === 'lambda'
  const http = lambda || group.protocol === 'HTTP' || group.protocol === 'HTTPS'
  const grpc = group.protocolVersion === 'GRPC'
  return {
    enabled: !lambda,
    protocol: http ? (group.protocol ?? 'HTTP') : 'TCP',
    port: 'traffic-port',
    path: http ? (grpc ? '/AWS.ALB/healthcheck' : '/') : undefined,
    intervalSeconds: lambda ? 35 : 30,
    timeoutSeconds: lambda ? 30 : http ? 5 : 10,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
    matcher: http ? (grpc ? { GrpcCode: '12' } : { HttpCode: '200' }) : undefined,
  }
}

function readMatcher(input: Members): HealthCheck['matcher'] {
  if (!given(input, 'Matcher')) return undefined
  const matcher = structure(input, 'Matcher') ?? {}
  const http = text(matcher, 'HttpCode')
  const grpc = text(matcher, 'GrpcCode')
  if (http !== undefined && !/^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/.test(http)) {
    throw validationError(`Health check matcher HTTP code '${http}' must be within '200-499' inclusive`)
  }
  if (http !== undefined) return { HttpCode: http }
  return grpc === undefined ? undefined : { GrpcCode: grpc }
}

function checkTogether(check: HealthCheck): void {
  if (check.intervalSeconds <= check.timeoutSeconds) {
    throw validationError(
      `Health check interval '${check.intervalSeconds}' must be greater than the timeout '${check.timeoutSeconds}'`,
    )
  }
  if (check.path !== undefined && !check.path.startsWith('/')) {
    throw validationError(`Health check path '${check.path}' must begin with a '/' character`)
  }
  if (check.port !== 'traffic-port' && !/^[1-9]\d{0,4}$/.test(check.port)) {
    throw validationError(`Health check port '${check.port}' must be 'traffic-port' or a port number`)
  }
}
