import { describe, expect, it } from 'vitest'

import { offlineDiff } from '../../../controller/core/offline-diff.ts'

describe('a service that runs another revision than the saved one', () => {
  const arn = (revision: number): string => `arn:aws:ecs:eu-west-1:1:task-definition/prod-web:${revision}`
  const inline = { containerDefinitions: [{ name: 'web', image: 'x' }] }
  const paths = (live: Record<string, unknown>, spec: object = {}) =>
    offlineDiff({
      release: { name: 'web', spec: { taskDefinition: { inline }, service: { cluster: 'shop' }, ...spec } },
      live,
    }).map(({ path, wanted: is, live: was }) => `${path} ${String(is)} ${String(was)}`)
  const service = { serviceName: 'web-blue', taskDefinition: arn(8) }
  const taskDefinition = { taskDefinitionArn: arn(7), family: 'prod-web', ...inline }

  it.each<readonly [what: string, live: Record<string, unknown>, expected: readonly string[]]>([
    ['is told', { service, taskDefinition }, [`/service/taskDefinition ${arn(7)} ${arn(8)}`]],
    [
      'is not, where it is the same',
      {
        service: { ...service, taskDefinition: 'prod-web:7' },
        taskDefinition: { ...taskDefinition, taskDefinitionArn: 'prod-web:7' },
      },
      [],
    ],
    ['is not, where no service was saved', { taskDefinition }, []],
    ['is not, where no revision was saved', { service }, []],
    [
      'is not, where the revision has no ARN',
      { service, taskDefinition: { ...taskDefinition, taskDefinitionArn: undefined } },
      [],
    ],
    ['is not, where the service has none', { service: { serviceName: 'web-blue' }, taskDefinition }, []],
    [
      'is not, where the saved one is not the wanted one either',
      { service, taskDefinition: { ...taskDefinition, cpu: '512' } },
      ['/taskDefinition/cpu null 512'],
    ],
  ])('%s', (_what, live, expected) => {
    expect(paths(live)).toEqual(expected)
  })

  it('is told of a pin instead', () => {
    expect(paths({ service, taskDefinition }, { pin: { taskDefinition: arn(7), reason: 'r' } })).toEqual([
      `/service/taskDefinition ${arn(7)} ${arn(8)}`,
    ])
  })
})
