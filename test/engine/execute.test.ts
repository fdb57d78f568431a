import { describe, expect, it } from 'vitest'

import type { Action } from '../../controller/core/action.ts'
import type { ExecutionContext } from '../../controller/engine/execute.ts'
import { execute } from '../../controller/engine/execute.ts'
import { PortError } from '../../controller/ports/error.ts'

/** Connections whose reads take so long that the lease is over, and that count what is written all the same. */
function lateContext(): { readonly context: ExecutionContext; readonly written: string[] } {
  const written: string[] = []
  let isHeld = true
  const read = async (): Promise<object> => {
    isHeld = false
    const containerDefinitions = [{ name: 'web', portMappings: [{ containerPort: 8080 }] }]
    return { tags: {}, document: { containerDefinitions } }
  }
  const write = (name: string) => async (): Promise<object> => {
    written.push(name)
    return { taskDefinition: { revision: 1, arn: 'web:1' } }
  }
  const platform = {
    newestTaskDefinition: read,
    taskDefinition: read,
    registerTaskDefinition: write('RegisterTaskDefinition'),
    createService: write('CreateService'),
  }
  const targetGroup = { arn: 'group', name: 'web-blue' }
  const context = {
    connections: { platform },
    environment: 'prod',
    release: 'web',
    subject: { cluster: 'shop', serviceNames: { blue: 'web-blue', green: 'web-green' } },
    observation: { sides: { blue: { targetGroup } } },
    rendered: { document: {}, tags: {} },
    mayStillAppear: false,
    assertHeld: () => {
      if (!isHeld) throw new PortError('the lease may expire', { code: 'LeaseLost', handling: 'retry' })
    },
  }
  return { context: context as unknown as ExecutionContext, written }
}

describe('a write that is made after a read', () => {
  it.each<[kind: string, action: Action]>([
    ['a registration', { kind: 'RegisterTaskDefinition', family: 'prod-web', digest: 'sha256:1' }],
    ['a creation', { kind: 'CreateService', side: 'blue', taskDefinition: 'prod-web:1', desiredCount: 2 }],
  ])('is not begun when the read took the rest of the lease: %s', async (_kind, action) => {
    const { context, written } = lateContext()
    await expect(execute(action, context)).rejects.toMatchObject({ code: 'LeaseLost' })
    expect(written).toEqual([])
  })
})
