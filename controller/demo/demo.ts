import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createClient } from '../api/client.ts'
import { layCloud } from './cloud.ts'
import type { Cloud, SandboxHandle } from './cloud.ts'
import { findTerraform } from './find-terraform.ts'
import { startLoad } from './load.ts'
import { createShop } from './shop.ts'
import type { Stage } from './stage.ts'
import { now } from './stage.ts'
import { story } from './story.ts'
import { summarize } from './summary.ts'
import { thingsToTry } from './things-to-try.ts'

export interface DemoOptions {
  /** Play to the end and stop. */
  readonly once: boolean
  readonly port: number
  /** One JSON object on stdout at the end, and the story on stderr. */
  readonly json: boolean
  /** Whether Terraform makes the demo's infrastructure where it can; left out, unless it is played only once. */
  readonly terraform: boolean | undefined
  /** The version of the program, for the headline. */
  readonly version: string
}

/** A running controller. */
export interface ControllerHandle {
  readonly url: string
  stop(): Promise<void>
}

/** What the demo is given by main.ts, so that it runs exactly what `sandbox` and `run` run. */
export interface DemoParts {
  readonly startSandbox: (options: {
    readonly port: number
    readonly speed: number
  }) => Promise<SandboxHandle>
  readonly startController: (options: {
    readonly configDirectory: string
    readonly awsEndpoint: string
    readonly listenersUrl: string
  }) => Promise<ControllerHandle>
  /** Where Terraform and its providers are. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly print: (line: string) => void
  readonly printResult: (text: string) => void
  /** Aborted when a person or the system asks the program to end. */
  readonly signal: AbortSignal
}

/** How much faster than AWS the sandbox waits for health checks and draining. */
const SPEED = 20

/** Plays the demo; resolves to the exit code: 0 when everything promised was seen, or a person who watched has seen enough. */
export async function runDemo(options: DemoOptions, parts: DemoParts): Promise<number> {
  const { signal, print } = parts
  const endings: Endings = []
  try {
    return await play(options, parts, endings)
  } catch (error) {
    if (!signal.aborted) throw error
    print('\nEnded in the middle of the story, as asked.')
    return options.once ? 1 : 0
  } finally {
    await endAll(endings)
  }
}

/** What was started is ended in the opposite order. */
type Endings = (() => Promise<void> | void)[]

async function play(options: DemoOptions, parts: DemoParts, endings: Endings): Promise<number> {
  const startedAt = performance.now()
  const { signal } = parts
  const isTold = options.terraform ?? !options.once
  const terraform = isTold ? await findTerraform(parts.variables, signal) : undefined
  if (terraform !== undefined && 'lacking' in terraform)
    parts.print(`Without Terraform: ${terraform.lacking}. What it would make is there from the start.`)
  const lockFile = terraform !== undefined && 'lockFile' in terraform ? terraform.lockFile : undefined
  const stage = await setUp(options, { parts, lockFile, endings })
  const told = await tell(stage, options)
  const summary = await summarize(stage, { told, startedAt })
  parts.printResult(options.json ? JSON.stringify(summary) : sentence(summary))
  if (options.once) return summary.ok ? 0 : 1
  thingsToTry(stage)
  const { load } = stage
  const before = load.counts()
  if (!signal.aborted) await once(signal, 'abort')
  const after = load.counts()
  stage.say(
    `\nWhile you played: ${after.requests - before.requests} requests, ${after.failed - before.failed} failed.`,
  )
  return summary.ok ? 0 : 1
}

/** Starts repository, sandbox, controller and users; a person who wants the end has it between any two of them. */
async function setUp(
  { once: isOnce, port }: DemoOptions,
  {
    parts,
    lockFile,
    endings,
  }: { readonly parts: DemoParts; readonly lockFile: string | undefined; readonly endings: Endings },
): Promise<Stage> {
  const { signal } = parts
  const isTerraform = lockFile !== undefined
  const shop = await createShop({ port, lockFile })
  if (isOnce) endings.unshift(() => rmSync(shop.directory, { recursive: true, force: true }))
  signal.throwIfAborted()
  const sandbox = await parts.startSandbox({ port: 0, speed: SPEED })
  endings.unshift(() => sandbox.close())
  const cloud: Cloud = layCloud(sandbox, { isTerraform })
  signal.throwIfAborted()
  const controller = await parts.startController({
    configDirectory: shop.configDirectory,
    awsEndpoint: sandbox.url,
    listenersUrl: `${sandbox.url}/_sandbox/listeners`,
  })
  endings.unshift(() => controller.stop())
  const load = startLoad(await cloud.productionUrl())
  endings.unshift(() => load.stop())
  return {
    shop,
    cloud,
    load,
    client: createClient({ server: controller.url, timeoutMs: 5_000 }),
    controllerUrl: controller.url,
    isTerraform,
    say: parts.print,
    signal,
  }
}

/** Each is ended even where another one can't be. */
async function endAll(endings: Endings): Promise<void> {
  const failures: unknown[] = []
  for (const end of endings) {
    try {
      await end()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything could be ended')
}

/** Plays the chapters in order; the first that does not go as promised ends the story. */
async function tell(
  stage: Stage,
  { version, once: isOnce }: DemoOptions,
): Promise<{ readonly ok: boolean; readonly driftCorrected: number }> {
  stage.say(`Steersman ${version}: a deploy, a refused version, a drift and a rollback under live traffic.`)
  stage.say(
    `Everything lives in ${stage.shop.directory}${isOnce ? ' and is removed afterwards' : ''}. Status page: ${stage.controllerUrl}`,
  )
  if (stage.isTerraform)
    stage.say(
      'Target groups, rules, services and task definitions are made by Terraform, from infra/ of the same commit.',
    )
  let driftCorrected = 0
  for (const [index, chapter] of story.entries()) {
    stage.signal.throwIfAborted()
    stage.say('')
    stage.say(`(${'abcdefgh'[index] ?? '?'}) ${chapter.title}`)
    const result = await chapter.play(stage)
    driftCorrected += result.driftCorrected ?? 0
    for (const check of result.checks) stage.say(`    ${check.seen ? 'seen ' : 'NOT SEEN'} ${check.what}`)
    const { requests, failed } = stage.load.counts()
    stage.say(`    ${requests} requests so far, ${failed} failed`)
    if (result.checks.every((check) => check.seen)) continue
    await sayConditions(stage)
    return { ok: false, driftCorrected }
  }
  return { ok: true, driftCorrected }
}

/** What Steersman itself says of a promise that was not kept. */
async function sayConditions(stage: Stage): Promise<void> {
  const seen = await now(stage)
  stage.say(`    Steersman says${seen === undefined ? ' nothing: it does not answer' : ':'}`)
  for (const { kind, metadata, status } of seen === undefined ? [] : [seen.environment, seen.release])
    for (const { type, status: holds, reason, message } of status?.conditions ?? [])
      stage.say(`    ${kind} ${metadata.name}: ${type} is ${holds}, ${reason}: ${message}`)
}

function sentence(summary: Awaited<ReturnType<typeof summarize>>): string {
  const { ok, requests, failed, swaps, refused, driftCorrected, tag, seconds } = summary
  const verdict = ok ? 'All as promised' : 'NOT as promised'
  return `\n${verdict}: ${requests} requests, ${failed} failed, ${swaps} swaps, ${refused} version refused, ${driftCorrected} drifted fields corrected, ${tag} serves, ${seconds} s.`
}
