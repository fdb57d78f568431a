import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import type { Aws } from '../../../controller/adapters/aws/create-aws.ts'
import { createGateRunner } from '../../../controller/adapters/gates/runner.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { GateAttempt } from '../../../controller/ports/gate.ts'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import type { Sandbox } from '../../../controller/sandbox/server.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { runnerOptions, unstopped } from './servers.ts'

let sandbox: Sandbox
let aws: Aws
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  aws = createAws({
    region: 'eu-central-1',
    environment: 'prod',
    endpoint: sandbox.url,
    clock: systemClock,
    random: seededRandom(1),
    telemetry: { emit: () => undefined },
    credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
  })
})
afterAll(async () => {
  aws.close()
  await sandbox.close()
})

const admin = (what: string, body: unknown): Promise<Response> =>
  fetch(`${sandbox.url}/_sandbox/${what}`, { method: 'POST', body: JSON.stringify(body) })

const ask = (name: string): Promise<GateAttempt> =>
  createGateRunner(runnerOptions({ functions: aws.functions })).probe(
    {
      kind: 'lambda',
      gate: 'hook',
      function: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
      payload: '{"executionId":"prod-web-1/hook"}',
    },
    unstopped,
  )

describe('a gate of a function', () => {
  it('gives it its payload, and follows what it answers', async () => {
    const answers = ['IN_PROGRESS', 'FAILED', 'SUCCEEDED'].map((hookStatus) => ({
      payload: { hookStatus, callBackDelay: 7 },
    }))
    await admin('functions', { function: 'hook', answers })
    expect(await ask('hook')).toEqual({
      result: 'Inconclusive',
      message: 'function hook says IN_PROGRESS: it has not decided yet',
      pauseMs: 7_000,
    })
    expect(await ask('hook:live')).toEqual({ result: 'Failure', message: 'function hook:live says FAILED' })
    expect(await ask('hook')).toEqual({ result: 'Success', message: 'function hook says SUCCEEDED' })
    const seen: unknown = await (await fetch(`${sandbox.url}/_sandbox/functions`)).json()
    expect(seen).toMatchObject([{ lastPayload: { executionId: 'prod-web-1/hook' } }])
  })

  it('says nothing of the version where the function fails, and repeats nothing of it', async () => {
    await admin('functions', {
      function: 'broken',
      answers: [{ functionError: 'Unhandled', payload: 'hush' }],
    })
    expect(await ask('broken')).toEqual({
      result: 'Inconclusive',
      message: 'function broken failed (Unhandled); its log says why',
    })
  })

  it('asks once, and says nothing, where Lambda refuses', async () => {
    await admin('faults', {
      service: 'lambda',
      operation: 'Invoke',
      error: 'TooManyRequestsException',
      count: 1,
    })
    const attempt = await ask('broken')
    expect(attempt.result).toBe('Inconclusive')
    expect(attempt.message).toContain('TooManyRequestsException')
    expect((await ask('nobody')).message).toContain('Function not found')
  })
})
