import { createAws, type Aws } from '../../../controller/adapters/aws/create-aws.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { EcsDocument } from '../../../controller/ports/platform.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { ACCOUNT, awsRecording, HOST, REGION, REPOSITORY, WEB } from '../support/aws-recording.ts'
import type { Recording } from '../support/aws-recording.ts'
import { bodyOf, mutateAnswer, operationOf } from '../support/aws-wire.ts'
import type { WireRequest } from '../support/aws-wire.ts'
import { Choices } from '../support/choices.ts'
import { promise } from '../support/finding.ts'
import * as facts from '../support/port-facts.ts'
import type { FuzzTarget } from '../target.ts'

const SECRET = 'planted-secret-access-key'
const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: SECRET }

type Question = (aws: Aws, recording: Recording) => Promise<unknown>

const document: EcsDocument = { family: 'prod-web', containerDefinitions: [{ name: 'web', image: 'web:1' }] }
const tags = { 'steersman.dev/digest': 'sha256:1' }

/** Every method of the three ports, each with a check of what it promises. */
const QUESTIONS: readonly Question[] = [
  async ({ platform }) => (await platform.services([WEB])).forEach(facts.checkService),
  async ({ platform }) => (await platform.tasks(WEB)).forEach(facts.checkTask),
  async ({ platform }, { taskDefinition }) =>
    facts.checkTaskDefinition(await platform.taskDefinition(taskDefinition)),
  async ({ platform }) => facts.checkTaskDefinition(await platform.newestTaskDefinition('prod-web')),
  async ({ platform }) => {
    const { requestId, taskDefinition } = await platform.registerTaskDefinition({ document, tags })
    facts.checkRequestId(requestId)
    facts.checkTaskDefinition(taskDefinition)
  },
  async ({ platform }, { taskDefinition, targetGroupArn }) => {
    const container = { targetGroupArn, containerName: 'web', containerPort: 8080 }
    const request = {
      service: WEB,
      taskDefinition,
      desiredCount: 2,
      ...container,
      settings: {},
      clientToken: 't',
      tags,
    }
    const { requestId, service } = await platform.createService(request)
    facts.checkRequestId(requestId)
    facts.checkService(service)
  },
  async ({ platform }) => {
    const { requestId, service } = await platform.updateService({ service: WEB, desiredCount: 3 })
    facts.checkRequestId(requestId)
    facts.checkService(service)
  },
  async ({ traffic }) => facts.checkLoadBalancer(await traffic.loadBalancer('shop')),
  async ({ traffic }) =>
    (await traffic.targetGroups(['web-blue', 'web-green'])).forEach(facts.checkTargetGroup),
  async ({ traffic }) =>
    (await traffic.targetGroups(['a', 'b', 'c', 'd', 'web-blue'])).forEach(facts.checkTargetGroup),
  async ({ traffic }, { loadBalancerArn, ruleArn }) => {
    const references = [{ port: 80 }, { port: 80, host: HOST }, { ruleArn }]
    const rules = await traffic.rules(loadBalancerArn, references)
    promise(rules.length === references.length, 'one answer for each rule')
    rules.forEach(facts.checkRule)
  },
  async ({ traffic }, { targetGroupArn }) =>
    (await traffic.targets(targetGroupArn)).forEach(facts.checkTarget),
  async ({ traffic }, { rules, targetGroupArn }) => {
    for (const rule of rules) {
      const { requestId } = await traffic.setWeights({ rule, weights: [{ targetGroupArn, weight: 1 }] })
      facts.checkRequestId(requestId)
    }
  },
  async ({ registry }) => facts.checkDigest(await registry.resolve({ repository: REPOSITORY, tag: 'v1' })),
  async ({ registry }) => {
    const digest = `sha256:${'1'.repeat(64)}`
    promise((await registry.scan({ repository: REPOSITORY, digest })) !== undefined, 'ECR knows of scans')
  },
  async (aws) => promise((await aws.identity()).accountId === ACCOUNT, 'only the wanted account is served'),
]

/** Which of them ask AWS to change something. */
const WRITES: ReadonlySet<number> = new Set([4, 5, 6, 12])

/** Real answers of AWS's operations, changed: each method of the ports answers as promised, or refuses with a PortError. */
export const awsAnswers: FuzzTarget = {
  name: 'aws-answers',
  covers: ['controller/adapters/aws'],
  words: ['\u0000\u0001', '\u0001\u0001\u0001', '\u0003\u0005'],
  seeds: QUESTIONS.flatMap((_, question) =>
    Array.from({ length: 16 }, (__, change) =>
      Uint8Array.of(question, 0, 1, change, 7, change, 3, 1, 1, change),
    ),
  ),
  async run(input) {
    const recording = await awsRecording()
    const choices = new Choices(input)
    const question = choices.pick(QUESTIONS)
    const clock = new FakeClock()
    const events: unknown[] = []
    const aws = createAws({
      region: REGION,
      accountId: ACCOUNT,
      environment: 'prod',
      clock,
      random: { next: () => 0.5 },
      telemetry: { emit: (event) => events.push(event) },
      requestHandler: answering(recording, choices),
      credentials: async () => credentials,
    })
    const error = await endOf(question(aws, recording), clock)
    aws.close()
    promise(!JSON.stringify(events).includes(SECRET), 'no event tells a secret')
    if (error === undefined) return
    promise(error instanceof PortError, () => `only a PortError crosses a port: ${stackOf(error)}`)
    checkFailure(error, WRITES.has(QUESTIONS.indexOf(question)))
  },
}

/** Answers as the recording does; whether and how an answer is changed is what the bytes decide. */
function answering({ answers }: Recording, choices: Choices) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
    async handle(request: WireRequest) {
      const operation = operationOf(request)
      const answer = answers.get(operation)
      if (answer === undefined) throw new Error(`the recording has no answer for ${operation}`)
      const delivery = choices.chance(2)
        ? mutateAnswer(answer, choices, { secret: SECRET })
        : ({ how: 'whole', answer } as const)
      if (delivery.how === 'never') return new Promise<never>(() => undefined)
      if (delivery.how === 'reset') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
      const { statusCode, headers, body } = delivery.answer
      return {
        response: { statusCode, headers: { ...headers }, body: bodyOf(body, delivery.how === 'broken') },
      }
    },
  }
}

const MAX_TURNS = 2_000
const TICKS_A_TURN = 12
/** Time goes slowly at first, for what follows at once, and then in strides. */
const MAX_TURN_MS = 4_000

/** What the work rejected with, if it did; time goes on only when nothing else does. Work that never ends is a finding. */
async function endOf(work: Promise<unknown>, clock: FakeClock): Promise<unknown> {
  let ended = false
  const error = work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const mark = (): void => {
    ended = true
  }
  error.then(mark, mark)
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    for (let tick = 0; tick < TICKS_A_TURN && !ended; tick += 1) await nextTick()
    if (ended) return error
    await clock.advance(Math.min(MAX_TURN_MS, 2 ** turn))
  }
  throw new Error('broken promise: every call ends')
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? '') : String(error))

function checkFailure(
  { message, code, handling, remedy = '', cause, ambiguous }: PortError,
  writes: boolean,
): void {
  promise(/^[A-Z][A-Za-z]+$/.test(code), () => `a code is a word: ${code}`)
  promise(['retry', 'wait', 'stall'].includes(handling), () => `a handling is known: ${handling}`)
  promise(message !== '', 'a message says something')
  const isAnswered = writes && message.startsWith('AWS answered without')
  promise(!isAnswered || ambiguous, () => `a write whose answer can't be read may have been made: ${message}`)
  const told = `${message} ${remedy} ${cause instanceof Error ? (cause.stack ?? '') : String(cause)}`
  promise(!told.includes(SECRET), () => `no secret is told: ${told}`)
}
