import type { Condition, EnvironmentStatus } from '../../../controller/resources/types.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { storedEnvironment } from '../checkers/stored.ts'
import type { Machine } from '../process/machine.ts'
import { rootShape } from '../run/documents.ts'
import type { Simulation } from '../run/simulation.ts'
import { isAsWanted, makePlan, typeOf } from './plan.ts'
import type { SavedPlan } from './plan.ts'
import type { WantedRoot } from './root.ts'
import { evaluateRoot, ROOT, ROOT_FILE, rootText } from './root.ts'

type Town = Pick<Simulation, 'story' | 'branch' | 'aws' | 'terraform'>

interface Wanted {
  readonly root: WantedRoot
  /** Task definitions of releases that are pinned, or whose image is missing: any will do. */
  readonly open: ReadonlySet<string>
}

/** What a commit wants Terraform to make; undefined where it says nothing of it. */
function wantedOf({ story, branch, aws }: Town, commit: string): Wanted | undefined {
  const { root, releases } = branch.saidBy(commit)
  if (root === undefined) return undefined
  const text = rootText(root, rootShape(story, releases))
  const images: Record<string, string> = {}
  const open = new Set<string>()
  for (const [release, { version, pin }] of releases) {
    const found = aws.images.find(`${IMAGE_REPOSITORY}:${version}`)
    images[release] = found === undefined ? 'missing' : `${IMAGE_REPOSITORY}@${found.digest}`
    if (found === undefined || pin !== undefined) open.add(`aws_ecs_task_definition.${release}`)
  }
  const evaluated = evaluateRoot({ files: [{ path: ROOT_FILE, text }], root: ROOT, variables: { images } })
  return evaluated === undefined ? undefined : { root: evaluated, open }
}

/** Whether Terraform's state is as the commit wants it, whatever became of the objects since; weights are moved all the time. */
export function isApplied(
  town: Town,
  commit: string,
  { withWeights }: { readonly withWeights: boolean },
): boolean {
  const { terraform } = town
  const wanted = wantedOf(town, commit)
  if (terraform === undefined || wanted === undefined) return true
  const { root, open } = wanted
  const counts = (address: string): boolean =>
    !open.has(address) && (withWeights || typeOf(address) !== 'aws_lb_listener')
  const objects = new Map([...terraform.backend.state.objects].filter(([address]) => counts(address)))
  return isAsWanted(objects, { ...root, resources: root.resources.filter(({ address }) => counts(address)) })
}

/** What a commit wants of Terraform, as a text that another one has if it wants the same. */
export const wishOf = (town: Town, commit: string): string => JSON.stringify(wantedOf(town, commit)?.root)

/** Whether some release of the commit is pinned, or has no image, or may have had none when Terraform was started: then it can't be told which one it is given. */
export const isOpen = (town: Town, commit: string): boolean =>
  (wantedOf(town, commit)?.open.size ?? 0) > 0 || hasLateImage(town, commit)

function hasLateImage({ story, branch }: Town, commit: string): boolean {
  const versions = new Set([...branch.saidBy(commit).releases.values()].map(({ version }) => version))
  return story.happenings.some(
    ({ kind, with: given }) => kind === 'late image' && versions.has(String(given['version'])),
  )
}

/** What Terraform would do now for the commit; undefined where it has nothing to do with it. */
export function planNow(town: Town, commit: string): SavedPlan | undefined {
  const { terraform } = town
  const wanted = wantedOf(town, commit)
  if (terraform === undefined || wanted === undefined) return undefined
  return makePlan(terraform.backend.state, terraform.cloud, wanted.root)
}

/** What the Environment says of its infrastructure. */
export function readiness(machine: Machine): Condition | undefined {
  const { conditions = [] } = (storedEnvironment(machine)?.status ?? {}) as EnvironmentStatus
  return conditions.find(({ type }) => type === 'InfrastructureReady')
}

/** Where nothing comes by itself any more: a person, a commit or an image is waited for. */
const RESTING: ReadonlySet<string> = new Set([
  'AwaitingApproval',
  'PlanRefused',
  'RootRefused',
  'OlderThanApplied',
  'ImageNotFound',
])

/** Whether Terraform is at work, or will try again by itself. */
export function isInfrastructureDue({
  terraform,
  machine,
}: Pick<Simulation, 'terraform' | 'machine'>): boolean {
  if (terraform === undefined) return false
  if (terraform.runs.some(({ isApplying }) => isApplying)) return true
  const { status, reason = '' } = readiness(machine) ?? {}
  if (status === undefined || status === 'True' || RESTING.has(reason)) return false
  return reason !== 'StateLocked' || terraform.backend.lock === undefined
}
