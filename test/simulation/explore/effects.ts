import { canonicalJson } from '../../../controller/core/canonical-json.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { descriptionOf } from '../aws/code-deploy.ts'
import type { Simulation } from '../run/simulation.ts'
import type { SimulatedTerraform } from '../terraform/simulated-terraform.ts'

/** A write of a controller that AWS took, or an apply that it started. */
export interface Effect {
  /** The release that it is for. Its task definitions are apart: a registration touches nothing else, so that its order among the others means nothing. */
  readonly release: string
  readonly operation: string
  /** The operation and what was asked for, but for the token that only tells repetitions apart. */
  readonly text: string
  /** The life of the controller that wrote. */
  readonly who: string
}

/** Writes that ask for an absolute state: a second one changes nothing. */
const IDEMPOTENT: ReadonlySet<string> = new Set([
  'UpdateService',
  'ModifyListener',
  'ModifyRule',
  'RegisterScalableTarget',
  'ContinueDeployment',
])

/** Collects what controllers do to AWS, and have Terraform do, from now on, in order. */
export function collectEffects(
  { aws, terraform }: Pick<Simulation, 'aws' | 'terraform'>,
  releases: readonly string[],
): readonly Effect[] {
  const effects: Effect[] = []
  if (terraform !== undefined) collectApplies(terraform, effects)
  aws.listen({
    afterCall({ who, writes, operation, input }, _reply, happened) {
      if (!writes || !happened || who === 'people') return
      const { clientToken: _token, ...rest } = input
      const asked = withDescription(aws, rest)
      const release = releaseOf(asked, releases)
      effects.push({
        release: operation === 'RegisterTaskDefinition' ? `task definitions of ${release}` : release,
        operation,
        text: `${operation} ${canonicalJson(asked)}`,
        who,
      })
    },
  })
  return effects
}

/** Ids of deployments are random: each is told by what it was described as. */
function withDescription({ codeDeploy }: Simulation['aws'], { deploymentId, ...asked }: Members): Members {
  if (typeof deploymentId !== 'string') return asked
  const deployment = codeDeploy.tables.deployments.get(deploymentId)
  return { ...asked, deployment: deployment === undefined ? 'unknown' : descriptionOf(deployment) }
}

/** An apply is of a state of its own number: the same one twice would be another. */
function collectApplies(terraform: SimulatedTerraform, effects: Effect[]): void {
  const inner = terraform.onAct
  terraform.onAct = (act) => {
    inner(act)
    if (act.type !== 'ApplyBegins') return
    const text = `terraform apply ${act.plan.effect}`
    effects.push({ release: 'infrastructure', operation: 'terraform apply', text, who: act.run.request.by })
  }
}

/**
 * I10: what was done for each release is what the undisturbed run did, one after the other. Only a write of an absolute state may be there twice, when
 * nothing else was written for the release in between and the first one's answer was lost: another life of the controller than the first one's wrote again.
 */
export function compareEffects(undisturbed: readonly Effect[], crashed: readonly Effect[]): string[] {
  const releases = new Set([...undisturbed, ...crashed].map(({ release }) => release))
  return [...releases].flatMap((release) => {
    const isOfRelease = (effect: Effect): boolean => effect.release === release
    const problem = compareOne(undisturbed.filter(isOfRelease), crashed.filter(isOfRelease))
    return problem === undefined ? [] : [`${release}: ${problem}`]
  })
}

function compareOne(undisturbed: readonly Effect[], crashed: readonly Effect[]): string | undefined {
  let done = 0
  let previous: Effect | undefined
  for (const effect of crashed) {
    if (effect.text === undisturbed[done]?.text) done += 1
    else if (previous === undefined || !mayRepeat(previous, effect))
      return `write ${done + 1} is ${effect.text}, without the crash it is ${undisturbed[done]?.text ?? 'none'}`
    previous = effect
  }
  const missing = undisturbed[done]
  return missing === undefined ? undefined : `write ${done + 1} is missing: ${missing.text}`
}

const mayRepeat = (previous: Effect, effect: Effect): boolean =>
  IDEMPOTENT.has(effect.operation) && effect.text === previous.text && effect.who !== previous.who

/** The names of a release are in all that is written for it. */
function releaseOf(input: Members, releases: readonly string[]): string {
  const text = canonicalJson(input)
  const found = releases.find((release) =>
    [`${release}-blue`, `${release}-green`, `demo-${release}"`, `steersman demo-${release}-`].some((name) =>
      text.includes(name),
    ),
  )
  return found ?? 'none'
}
