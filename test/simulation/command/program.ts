import { availableParallelism } from 'node:os'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'

import { scenarios } from '../scenarios/all.ts'
import type { Depth, FaultLevel } from '../run/story.ts'
import type { Request } from './request.ts'
import { depths, faultLevels } from './request.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  npm run simulate -- --seeds 1000 --from 1 --faults harsh
  npm run simulate -- --faults harsh --minutes 60 --report docs/reference/quality.md
  npm run simulate -- --faults harsh --seeds 20000 --resume long-run.jsonl
  npm run simulate -- --seeds 100 --scenario two-controllers -o json
  npm run simulate -- --replay deploys/17/harsh -v
  npm run simulate -- --replay stories/deploys-17-harsh.json
  npm run simulate -- --check-determinism --seeds 20
  npm run simulate -- --planted
  npm run simulate -- --explore crashes

Scenarios:
${[...scenarios.values()].map(({ name, says }) => `  ${name.padEnd(20)}${says}`).join('\n')}
`

/** Seeds that are played when neither a number nor a time is given. */
const USUAL_SEEDS = { Seeds: 100, Determinism: 20, Planted: 1_000 } as const

interface Given {
  readonly seeds?: number
  readonly from: number
  readonly minutes?: number
  readonly scenario?: string
  readonly faults?: FaultLevel
  readonly depth: Depth
  readonly workers: number
  readonly output?: 'json'
  readonly shrink?: boolean
  readonly save?: string
  readonly report?: string
  readonly resume?: string
  readonly replay?: string
  readonly verbose?: true
  readonly checkDeterminism?: true
  readonly planted?: string | true
  readonly explore?: string
}

/** Reads the arguments; what there is nothing to do for (help was asked for, or they are wrong) is told, and its exit code given instead. */
export function readArguments(given: readonly string[], terminal: Terminal): Request | number {
  const program = define().configureOutput({
    writeOut: terminal.out,
    writeErr: terminal.error,
    outputError: (text) => terminal.error(text),
  })
  try {
    program.parse(given, { from: 'user' })
    return requestOf(program.opts<Given>())
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    throw error
  }
}

function define(): Command {
  return new Command('npm run simulate --')
    .description(
      'Plays the real controller in virtual time, each story from one seed, and judges what happens.',
    )
    .addOption(new Option('--seeds <count>', 'how many seeds to play').argParser(whole(1)))
    .addOption(new Option('--from <seed>', 'the first seed').argParser(whole(0)).default(1))
    .addOption(new Option('--minutes <minutes>', 'play as many seeds as fit').argParser(positive))
    .addOption(
      new Option('--scenario <name>', 'only this one; else each seed picks one').choices([
        ...scenarios.keys(),
      ]),
    )
    .addOption(new Option('--faults <level>', 'how much goes wrong (default: mild)').choices(faultLevels))
    .addOption(
      new Option('--depth <depth>', 'full: engine, adapters and SDK too; core: its decisions alone')
        .choices(depths)
        .default('full'),
    )
    .addOption(
      new Option('--workers <count>', 'how many processes')
        .argParser(whole(1))
        .default(availableParallelism()),
    )
    .addOption(new Option('-o, --output <format>', 'one JSON object on standard output').choices(['json']))
    .option('--shrink', 'shorten the story of a violation (usual for the first one of many seeds)')
    .option('--no-shrink', 'do not')
    .option('--save <directory>', 'write the stories that break a promise there')
    .option('--report <page>', 'put the figures between their markers in that page')
    .addOption(
      new Option(
        '--resume <file>',
        'keep there what is played; started again after Ctrl-C, the run goes on',
      ).conflicts(['replay', 'explore', 'planted', 'checkDeterminism']),
    )
    .addOption(
      new Option('--replay <what>', 'play one story, scenario/seed[/faults] or a file, with its timeline'),
    )
    .option('-v, --verbose', 'with --replay: every call')
    .option('--check-determinism', 'play the seeds twice, in different processes, and compare')
    .option('--planted [name]', 'play with each planted bug until a promise breaks')
    .option('--explore <what>', 'go everywhere instead of by chance (crashes, stale, walker)')
    .allowExcessArguments(false)
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES)
    .exitOverride()
}

function requestOf(given: Given): Request {
  const { scenario, depth, save, report, from, minutes, workers } = given
  const job = { scenario, level: given.faults ?? 'mild', depth }
  const play = {
    job,
    isJson: given.output === 'json',
    isShrunk: given.shrink ?? given.replay === undefined,
    save,
    report,
  }
  const seedsOf = (kind: keyof typeof USUAL_SEEDS) => ({
    from,
    minutes,
    workers,
    seeds: given.seeds ?? (minutes === undefined ? USUAL_SEEDS[kind] : undefined),
  })
  if (given.replay !== undefined)
    return { kind: 'Replay', what: given.replay, isVerbose: given.verbose === true, ...play }
  if (given.explore !== undefined) return { kind: 'Explore', name: given.explore, workers, ...play }
  if (given.planted !== undefined) {
    const name = given.planted === true ? undefined : given.planted
    const harsh = { ...play, job: { ...job, level: given.faults ?? 'harsh' } }
    return { kind: 'Planted', name, ...harsh, ...seedsOf('Planted') }
  }
  if (given.checkDeterminism === true) return { kind: 'Determinism', ...play, ...seedsOf('Determinism') }
  return { kind: 'Seeds', resume: given.resume, ...play, ...seedsOf('Seeds') }
}

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > 0xffff_ffff)
      throw new InvalidArgumentError(`It must be a whole number from ${least} on.`)
    return value
  }

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 10_000)) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}
