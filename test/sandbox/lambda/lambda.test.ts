import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Sandbox } from '../../../controller/sandbox/server.ts'
import { startSandbox } from '../../../controller/sandbox/server.ts'

let sandbox: Sandbox
let client: LambdaClient
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  client = new LambdaClient({
    region: 'eu-central-1',
    endpoint: sandbox.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
})
afterAll(() => sandbox.close())

const admin = (body?: unknown): Promise<Response> =>
  fetch(
    `${sandbox.url}/_sandbox/functions`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  )

async function invoke(name: string, payload: unknown = {}) {
  const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)) })
  const { FunctionError, ExecutedVersion, Payload, StatusCode } = await client.send(command)
  return {
    FunctionError,
    ExecutedVersion,
    StatusCode,
    payload: JSON.parse(Buffer.from(Payload ?? []).toString()) as unknown,
  }
}

describe('the sandbox’s Lambda', () => {
  it('answers as it was told to, one answer after the other, to the SDK’s own client', async () => {
    await admin({
      function: 'smoke',
      answers: [{ payload: { hookStatus: 'IN_PROGRESS' } }, { payload: 'ü' }],
    })
    const first = { StatusCode: 200, FunctionError: undefined, ExecutedVersion: '$LATEST' }
    expect(await invoke('smoke', { of: 'web' })).toEqual({ ...first, payload: { hookStatus: 'IN_PROGRESS' } })
    expect(
      (await invoke('arn:aws:lambda:eu-central-1:123456789012:function:smoke:live')).ExecutedVersion,
    ).toBe('live')
    expect(await invoke('smoke', { of: 'api' })).toMatchObject({ payload: 'ü' })
    expect(await (await admin()).json()).toMatchObject([
      { function: 'smoke', invocations: 3, lastPayload: { of: 'api' } },
    ])
  })

  it('fails as a function does, in a header', async () => {
    await admin({ function: 'broken', answers: [{ functionError: 'Unhandled' }] })
    expect(await invoke('broken')).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
  })

  it('knows no other function, and no other operation', async () => {
    await expect(invoke('other')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    })
    await expect(client.send(new InvokeCommand({ FunctionName: 'a b' }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    })
  })

  it('is throttled as Lambda is', async () => {
    const fault = { service: 'lambda', operation: 'Invoke', error: 'TooManyRequestsException', count: 1 }
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) })
    await expect(invoke('smoke')).rejects.toMatchObject({ name: 'TooManyRequestsException' })
  })

  it.each([
    [{ function: 'a b', answers: [{ payload: 1 }] }, 'function'],
    [{ function: 'a', answers: [] }, 'answers'],
    [{ function: 'a', answers: [{}] }, 'payload'],
    [{ function: 'a', answers: [{ functionError: 'Odd' }] }, 'functionError'],
  ])('refuses the behaviour %j', async (body, says) => {
    const answer = await admin(body)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(says)
  })

  it('is kept with the sandbox’s state', async () => {
    await admin({ function: 'kept', answers: [{ payload: 1 }, { payload: 2 }] })
    await invoke('kept')
    const state = JSON.stringify(sandbox.world.dump())
    await admin({ function: 'kept', answers: [{ payload: 3 }] })
    sandbox.world.load(JSON.parse(state))
    expect(await invoke('kept')).toMatchObject({ payload: 2 })
  })
})
