import { afterAll, beforeAll } from 'vitest'
import { startSandbox, type Sandbox } from '../../../../controller/sandbox/server.ts'
import { reach } from './bench.ts'
import { describeTable } from './contract.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())

describeTable("the sandbox's DynamoDB", () => reach(sandbox.url))
