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
  /** Resolves when a person or the system asks the program to end. */
  readonly untilAsked: () => Promise<void>
}

/** How much faster than AWS the sandbox waits for health checks and draining. */
const SPEED = 20

/** Plays the demo; resolves to the exit code: 0 when everything promised was seen. */
export async function runDemo(options: DemoOptions, parts: DemoParts): Promise<number> {
  const startedAt = performance.now()
  const terraform = (options.terraform ?? !options.once) ? await findTerraform(parts.variables) : undefined
  if (terraform !== undefined && 'lacking' in terraform)
    parts.print(`Without Terraform: ${terraform.lacking}. What it would make is there from the start.`)
  const lockFile = terraform !== undefined && 'lockFile' in terraform ? terraform.lockFile : undefined
  const isTerraform = lockFile !== undefined
  const shop = await createShop({ port: options.port, lockFile })
  const sandbox = await parts.startSandbox({ port: 0, speed: SPEED })
  const endings: (() => Promise<void>)[] = [() => sandbox.close()]
  try {
    const cloud: Cloud = layCloud(sandbox, { isTerraform })
    const controller = await parts.startController({
      configDirectory: shop.configDirectory,
      awsEndpoint: sandbox.url,
      listenersUrl: `${sandbox.url}/_sandbox/listeners`,
    })
    endings.unshift(() => controller.stop())
    const load = startLoad(await cloud.productionUrl())
    endings.unshift(() => load.stop())
    const stage: Stage = {
      shop,
      cloud,
      load,
      client: createClient({ server: controller.url, timeoutMs: 5_000 }),
      controllerUrl: controller.url,
      isTerraform,
      say: parts.print,
    }
    const told = await tell(stage, options)
    const summary = await summarize(stage, { told, startedAt })
    parts.printResult(options.json ? JSON.stringify(summary) : sentence(summary))
    if (options.once) return summary.ok ? 0 : 1
    thingsToTry(stage)
    const before = load.counts()
    await parts.untilAsked()
    const after = load.counts()
    stage.say(
      `\nWhile you played: ${after.requests - before.requests} requests, ${after.failed - before.failed} failed.`,
    )
    return summary.ok ? 0 : 1
  } finally {
    for (const end of endings) await end()
    if (options.once) rmSync(shop.directory, { recursive: true, force: true })
  }
}

/** Plays the chapters in order; the first that does not go as promised ends the story. */
async function tell(
  stage: Stage,
  { version, once }: DemoOptions,
): Promise<{ readonly ok: boolean; readonly driftCorrected: number }> {
  stage.say(`Steersman ${version}: a deploy, a refused version, a drift and a rollback under live traffic.`)
  stage.say(
    `Everything lives in ${stage.shop.directory}${once ? ' and is removed afterwards' : ''}. Status page: ${stage.controllerUrl}`,
  )
  if (stage.isTerraform)
    stage.say(
      'Target groups, rules, services and task definitions are made by Terraform, from infra/ of the same commit.',
    )
  let driftCorrected = 0
  for (const [index, chapter] of story.entries()) {
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
