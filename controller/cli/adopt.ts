import type { Adoption, Move } from '../core/adopt.ts'
import type { CodeDeployReference } from '../core/code-deploy.ts'
import type { Engine } from '../resources/types.ts'
import { describeMove, operationOf } from '../core/adopt.ts'
import { assertUnclaimed } from './adopt/claimed.ts'
import { adoptionText, adoptionValue } from './adopt/told.ts'
import type { CommandContext } from './context.ts'
import { CommandError, printable } from './errors.ts'
import { formatOf, print } from './output.ts'
import type { Verb } from './verb.ts'
import { configured } from './verb.ts'

interface Options {
  readonly config?: string
  readonly environment?: string
  readonly region?: string
  readonly release?: string
  readonly testPort?: string
  readonly autoscaled?: boolean
  readonly greenService?: string
  readonly greenTargetGroup?: string
  readonly engine?: string
  readonly deploymentGroup?: string
  readonly apply?: boolean
  readonly yes?: boolean
  readonly write?: string
  readonly server?: string
  readonly output?: string
}

/** `steersman adopt CLUSTER SERVICE`: takes a service that exists under Steersman's care, as it runs. */
export const adoptVerb: Verb = {
  name: 'adopt',
  summary:
    'bring an ECS service that exists under Steersman’s care, as it runs. Exit code 0 all is done, 2 moves are left, 1 refused',
  examples: [
    'steersman adopt shop-prod web --config /etc/steersman --environment prod',
    'steersman adopt shop-prod web --environment prod --test-port 8443 --write . --apply',
  ],
  define(command, context, finish) {
    configured(command)
      .argument('<cluster>', 'name of the cluster')
      .argument('<service>', 'name of the service: it becomes the blue side')
      .option('--environment <name>', 'that gets the release; left out, the only one of the config')
      .option('--region <name>', 'left out, the environment’s, or AWS_REGION')
      .option('--release <name>', 'name of the release; left out, the service’s')
      .option('--test-port <number>', 'port of the listener by which gates reach the idle side')
      .option('--autoscaled', 'Application Auto Scaling decides the count of tasks')
      .option('--green-service <name>', 'name of the second service')
      .option('--green-target-group <name>', 'name of the second target group')
      .option('--engine <engine>', `${ENGINES.join(', ')}; left out, the one that moves its traffic now`)
      .option(
        '--deployment-group <application/group>',
        'of CodeDeploy; left out, the one that made its tasks',
      )
      .option('--server <url>', 'a controller whose releases must not have the service already')
      .option('--apply', 'make the second side, step by step; without it nothing is written to AWS')
      .option('--yes', 'with --apply: do not ask before each step')
      .option('--write <folder>', 'write the files below this folder, the top of a clone')
      .option('-o, --output <format>', 'json')
      .action(async (cluster: string, service: string, options: Options) =>
        finish(await adopt(context, { cluster, service }, options)),
      )
  },
}

async function adopt(
  context: CommandContext,
  target: { readonly cluster: string; readonly service: string },
  options: Options,
): Promise<number> {
  const { terminal, starters, variables, signal } = context
  const format = formatOf(options.output, ['table', 'json'])
  if (options.server !== undefined) await assertUnclaimed(context.client(options.server), target)
  const done: Move[] = []
  const { environment, branch, adoption } = await starters.adopt({
    ...target,
    config: options.config ?? variables['STEERSMAN_CONFIG'],
    environment: options.environment,
    region: options.region,
    release: options.release,
    testPort: portOf(options.testPort),
    engine: engineOf(options.engine),
    deploymentGroup: deploymentGroupOf(options.deploymentGroup),
    isAutoscaled: options.autoscaled === true,
    greenService: options.greenService,
    greenTargetGroup: options.greenTargetGroup,
    making: options.apply === true ? making(context, options, done) : undefined,
    signal,
  })
  if (options.write !== undefined && adoption.files.length > 0)
    await starters.writeFiles(options.write, adoption.files)
  const told = { ...target, environment, branch, adoption, done, written: options.write }
  print(terminal, format, { value: adoptionValue(told), text: () => adoptionText(told) })
  return exitCode(adoption)
}

const exitCode = ({ refusals, moves }: Adoption): number =>
  refusals.length > 0 ? 1 : moves.length > 0 ? 2 : 0

function making({ terminal }: CommandContext, { yes }: Options, done: Move[]) {
  const ask = terminal.ask?.bind(terminal)
  if (yes !== true && ask === undefined)
    throw new CommandError('nobody is at the terminal to be asked before each step', {
      remedy: 'give --yes, or call it from a terminal',
    })
  return {
    agrees: async (move: Move) =>
      yes === true || /^y(es)?$/i.test(((await ask?.(`${lineOf(move)}? [y/N] `)) ?? '').trim()),
    made(move: Move) {
      done.push(move)
      terminal.error(`done: ${lineOf(move)}\n`)
    },
  }
}

const lineOf = (move: Move): string => printable(`${describeMove(move)} (${operationOf(move)})`)

const ENGINES = ['TargetGroupSwap', 'Native', 'CodeDeploy'] as const

function engineOf(given: string | undefined): Engine | undefined {
  const engine = ENGINES.find((one) => one === given)
  if (given === undefined || engine !== undefined) return engine
  throw new CommandError(`--engine is ${JSON.stringify(given)}`, { remedy: `give ${ENGINES.join(' or ')}` })
}

function deploymentGroupOf(given: string | undefined): CodeDeployReference | undefined {
  if (given === undefined) return undefined
  const [, application, deploymentGroup] = /^([^/]+)\/(.+)$/.exec(given) ?? []
  if (application !== undefined && deploymentGroup !== undefined) return { application, deploymentGroup }
  throw new CommandError(`--deployment-group is ${JSON.stringify(given)}`, {
    remedy: 'give APPLICATION/GROUP',
  })
}

function portOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const port = Number(given)
  if (/^\d{1,5}$/.test(given) && port >= 1 && port <= 65_535) return port
  throw new CommandError(`--test-port is ${JSON.stringify(given)}`, {
    remedy: 'give a number from 1 to 65535',
  })
}
