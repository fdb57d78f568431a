import { describe, expect, it } from 'vitest'

import { sha256 } from '../../../controller/core/canonical-json.ts'
import {
  actionsShape,
  defaultsReadAt,
  defaultsVersion,
  normalize,
  serviceShape,
  targetGroupAttributesShape,
  targetGroupShape,
  taskDefinitionShape,
  trackedTargetShape,
} from '../../../controller/core/defaults.ts'
import type { DefaultRow, Shape } from '../../../controller/core/defaults/shape.ts'

const tables: readonly Shape[] = [
  serviceShape,
  taskDefinitionShape,
  actionsShape,
  targetGroupShape,
  targetGroupAttributesShape,
  trackedTargetShape,
]

function rowsOf(shape: Shape): readonly DefaultRow[] {
  const own = shape.defaults ?? []
  if (shape.kind === 'object') return [...own, ...Object.values(shape.members).flatMap(rowsOf)]
  return shape.kind === 'set' || shape.kind === 'list' ? [...own, ...rowsOf(shape.of)] : own
}

describe('the tables of what AWS fills in', () => {
  it('name an AWS page for each row, and the day when they were read', () => {
    const rows = tables.flatMap(rowsOf)
    expect(rows.length).toBeGreaterThan(70)
    expect(rows.filter(({ source }) => !source.startsWith('https://docs.aws.amazon.com/'))).toEqual([])
    expect(defaultsReadAt).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('have another version when they have other rows: raise defaultsVersion with the digest here', () => {
    expect({ version: defaultsVersion, digest: sha256(tables) }).toEqual({
      version: 3,
      digest: 'sha256:4c87f3b5f164bd807f2f8abc722443c6f416aa5704bcb3bf1103747aa95ebd29',
    })
  })

  it.each([
    ['awsvpc', 8080],
    ['HOST', 8080],
    ['bridge', 0],
    [undefined, 0],
  ])('give a port in network mode %s the host port %s', (networkMode, hostPort) => {
    const document = {
      networkMode,
      containerDefinitions: [{ name: 'web', portMappings: [{ containerPort: 8080 }] }],
    }
    expect(normalize(taskDefinitionShape, document, 'fill')).toMatchObject({
      containerDefinitions: [{ portMappings: [{ containerPort: 8080, hostPort, protocol: 'tcp' }] }],
    })
  })

  it.each([
    ['lambda', { HealthCheckIntervalSeconds: 35, HealthCheckTimeoutSeconds: 30, HealthCheckEnabled: false }],
    ['ip', { HealthCheckIntervalSeconds: 30, HealthCheckTimeoutSeconds: 5, HealthCheckEnabled: true }],
  ])('give a target group of type %s its health check', (TargetType, expected) => {
    expect(normalize(targetGroupShape, { TargetType }, 'fill')).toMatchObject(expected)
  })

  it.each([
    ['GRPC', { HealthCheckPath: '/AWS.ALB/healthcheck' }],
    ['HTTP2', { HealthCheckPath: '/' }],
  ])('give a target group of protocol version %s its path', (ProtocolVersion, expected) => {
    expect(normalize(targetGroupShape, { ProtocolVersion }, 'fill')).toMatchObject(expected)
  })

  it.each([
    ['1 vCPU', '1024'],
    ['.25 vCPU', '256'],
    ['0.5 vcpu', '512'],
    [2048, '2048'],
    ['2048', '2048'],
    ['a lot', 'a lot'],
  ])('read %s as %s CPU units', (cpu, expected) => {
    expect(normalize(taskDefinitionShape, { cpu }, 'strip')).toEqual({ cpu: expected })
  })
})
