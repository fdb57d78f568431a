import type { Aws, AwsOptions } from '../adapters/aws/create-aws.ts'
import { createAws } from '../adapters/aws/create-aws.ts'
import { createAwsLimits } from '../adapters/aws/client/limits.ts'
import { createGateRunner } from '../adapters/gates/runner.ts'
import { mirrorPath } from '../adapters/git/source.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import type { Connect, Infrastructure } from '../engine/connections.ts'
import type { Clock } from '../ports/clock.ts'
import type { GateRunner } from '../ports/gate.ts'
import type { Scripts } from '../ports/scripts.ts'
import type { Random } from '../ports/random.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Terraform } from '../ports/terraform.ts'
import type { Secrets } from './secrets.ts'
import { sourceOf } from './source.ts'

/** Another AWS than the one that the environment variables say: the demo's sandbox. */
export type AwsPlace = Required<Pick<AwsOptions, 'endpoint' | 'credentials'>>

/** Timeout of one write to AWS; the lease is longer. */
export const CALL_TIMEOUT_MS = 5_000

/** Of one git command: a first fetch of a large repository takes minutes. */
const GIT_TIMEOUT_MS = 300_000

interface ConnectOptions {
  readonly clock: Clock
  readonly random: Random
  readonly telemetry: Telemetry
  readonly secrets: Secrets
  /** Mirrors lie below; nobody else may use it meanwhile. */
  readonly gitDir: string
  readonly listenersUrl: string | undefined
  /** Programs that gates run. */
  readonly scripts: Scripts
  /** Each program once, so that all environments take turns. */
  readonly terraform: (binary: 'terraform' | 'tofu') => Terraform
  readonly aws?: AwsPlace | undefined
}

/** Makes the connections of an environment to its repository, its account and its gates. Nothing is opened before it is used. */
export function createConnect({
  clock,
  random,
  telemetry,
  secrets,
  gitDir,
  listenersUrl,
  scripts,
  terraform: terraforms,
  aws: place,
}: ConnectOptions): Connect {
  const limits = createAwsLimits(clock)
  return ({ metadata, spec }) => {
    const { source, aws: account, terraform } = spec
    const closing = new AbortController()
    const mirrorDir = mirrorPath(gitDir, source.repository)
    const awsAs = (roleArn: string | undefined): Aws =>
      createAws({
        ...place,
        ...accountOf(metadata.name, { ...account, roleArn }),
        clock,
        random,
        telemetry,
        limits,
        callTimeoutMs: CALL_TIMEOUT_MS,
      })
    const aws = awsAs(account.roleArn)
    const terraformAws = terraform === undefined ? undefined : awsAs(terraform.roleArn ?? account.roleArn)
    return {
      source: sourceOf(source, secrets, {
        mirrorDir,
        clock,
        timeoutMs: GIT_TIMEOUT_MS,
        signal: closing.signal,
      }),
      ...portsOf(aws),
      events: account.events && aws.events(account.events.queueUrl),
      gates: gatesOf(spec, { clock, listenersUrl, secrets, scripts, aws }),
      infrastructure:
        terraformAws &&
        infrastructureOf(terraforms(terraform?.binary ?? 'terraform'), {
          aws,
          terraformAws,
          closing: closing.signal,
        }),
      /** Read when it is needed: a missing key is this environment's trouble, not everybody's. */
      get signingKeyFile() {
        return source.signingKeyFrom === undefined ? undefined : secrets.file(source.signingKeyFrom)
      },
      async close() {
        closing.abort(new Error('the environment is closed'))
        aws.close()
        terraformAws?.close()
      },
    }
  }
}

/** What the engine asks of an account as it is. */
const portsOf = ({ platform, traffic, schedules, codeDeploy, registry, deepLooks, trail }: Aws) => ({
  platform,
  traffic,
  schedules,
  codeDeploy,
  registry,
  deepLooks,
  trail,
})

function gatesOf(
  { allow, webhookSecretFrom }: DefaultedEnvironment['spec'],
  {
    secrets,
    aws: { metrics, functions },
    ...parts
  }: Pick<ConnectOptions, 'clock' | 'listenersUrl' | 'scripts' | 'secrets'> & {
    readonly aws: Pick<Aws, 'metrics' | 'functions'>
  },
): GateRunner {
  return createGateRunner({
    ...parts,
    metrics,
    functions,
    // Of listeners the engine asks the release's own and nothing else.
    policy: { allowHosts: gateHosts(allow), isListenerOfRelease: () => true },
    webhookSecret: () => webhookSecretFrom && secrets.read(webhookSecretFrom),
  })
}

/** Without `spec.allow` nothing is limited; with it, a list left out allows none. */
const gateHosts = (allow: DefaultedEnvironment['spec']['allow']): readonly string[] =>
  allow === undefined ? ['*'] : (allow.gateHosts ?? [])

/** Terraform has its own role's keys; the account is looked at with the environment's role. */
function infrastructureOf(
  terraform: Terraform,
  {
    aws,
    terraformAws,
    closing,
  }: { readonly aws: Aws; readonly terraformAws: Aws; readonly closing: AbortSignal },
): Infrastructure {
  return { terraform, credentials: () => terraformAws.variables(), inventory: aws.inventory, closing }
}

/** Who is asked where, and as whom. */
function accountOf(
  environment: string,
  {
    region,
    accountId,
    roleArn,
    externalId,
    via,
    sessionTags,
  }: Omit<DefaultedEnvironment['spec']['aws'], 'roleArn'> & { readonly roleArn: string | undefined },
): Pick<
  AwsOptions,
  'region' | 'environment' | 'accountId' | 'roleArn' | 'externalId' | 'via' | 'sessionTags'
> {
  return {
    region,
    environment,
    ...(accountId === undefined ? {} : { accountId }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(via === undefined ? {} : { via }),
    ...(sessionTags === undefined ? {} : { sessionTags }),
  }
}
