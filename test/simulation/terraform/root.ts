import type { TerraformRequest } from '../../../controller/ports/terraform.ts'
import { readBlocks } from './hcl.ts'

/** Folder of the root, and its one file. */
export const ROOT = 'infra'
export const ROOT_FILE = `${ROOT}/main.tf`

/** What a commit wants Terraform to make, beside a task definition for each of its releases. */
export interface SaidRoot {
  /** Which of the usual sizes the bastion has: what changes without harm. */
  readonly size: number
  /** Whether there is the volume with the data, which only a person may destroy. */
  readonly hasVolume: boolean
  /** Whether the weights of the listeners are left to Steersman, as the modules do it. */
  readonly leavesWeights: boolean
}

export const USUAL_ROOT: SaidRoot = { size: 0, hasVolume: true, leavesWeights: true }

const SIZES = ['t3.nano', 't3.micro', 't3.small', 't3.medium', 't3.large']

/** What is around a root. */
export interface RootShape {
  /** Those whose listeners the root has. */
  readonly listeners: readonly string[]
  /** Those whose task definitions it registers. */
  readonly registered: readonly string[]
}

/** The file as developers write it. */
export function rootText(said: SaidRoot, { listeners, registered }: RootShape): string {
  return [
    'terraform {\n  backend "s3" {}\n}',
    'variable "environment" {\n  type = string\n}',
    'variable "images" {\n  type = map(string)\n}',
    `resource "aws_instance" "bastion" {\n  instance_type = "${SIZES[said.size % SIZES.length] ?? ''}"\n}`,
    ...(said.hasVolume ? ['resource "aws_ebs_volume" "data" {\n  size = 100\n}'] : []),
    ...listeners.map((release) => listenerText(release, said.leavesWeights)),
    ...registered.flatMap((release) => [
      `resource "aws_ecs_task_definition" "${release}" {\n  image        = var.images["${release}"]\n  skip_destroy = true\n}`,
      `output "${outputOf(release)}" {\n  value = aws_ecs_task_definition.${release}.arn\n}`,
    ]),
    '',
  ].join('\n\n')
}

/** The action is shortened to target groups and weights. */
function listenerText(release: string, leavesWeights: boolean): string {
  const lifecycle = leavesWeights ? '\n\n  lifecycle {\n    ignore_changes = [default_action]\n  }' : ''
  return `resource "aws_lb_listener" "${release}" {\n  default_action = ["${release}-blue:100", "${release}-green:0"]${lifecycle}\n}`
}

/** The output that holds the ARN of the release's task definition. */
export const outputOf = (release: string): string => `${release}_task_definition_arn`

export type Values = Readonly<Record<string, unknown>>

/** A resource as the root wants it. */
export interface WantedResource {
  /** `aws_instance.bastion`. */
  readonly address: string
  readonly type: string
  readonly name: string
  readonly values: Values
  /** Attributes under `ignore_changes`. */
  readonly ignored: readonly string[]
}

/** What the root's files come to. */
export interface WantedRoot {
  readonly resources: readonly WantedResource[]
  /** By output: whose ARN it is. */
  readonly outputs: Readonly<Record<string, string>>
}

/** Evaluates the root with its variables; undefined where a variable lacks what the root takes out of it. */
export function evaluateRoot({
  files,
  root,
  variables,
}: Pick<TerraformRequest, 'files' | 'root' | 'variables'>): WantedRoot | undefined {
  const images = (variables['images'] ?? {}) as Readonly<Record<string, string>>
  const resources: WantedResource[] = []
  const outputs: Record<string, string> = {}
  for (const file of files) {
    if (!file.path.startsWith(`${root}/`) || !file.path.endsWith('.tf')) continue
    const { resource = {}, output = {} } = readBlocks(file) as Blocks
    for (const [type, named] of Object.entries(resource))
      for (const [name, [body = {}]] of Object.entries(named))
        resources.push(wantedResource(type, name, body, images))
    for (const [name, [body = {}]] of Object.entries(output))
      outputs[name] = /^\$\{(.+)\.arn\}$/.exec(String(body['value']))?.[1] ?? ''
  }
  const isWhole = resources.every(({ values }) => Object.values(values).every((value) => value !== undefined))
  return isWhole ? { resources, outputs } : undefined
}

interface Blocks {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, readonly Values[]>>>>
  readonly output?: Readonly<Record<string, readonly Values[]>>
}

function wantedResource(
  type: string,
  name: string,
  body: Values,
  images: Readonly<Record<string, string>>,
): WantedResource {
  const { lifecycle, ...given } = body
  const [{ ignore_changes: ignoring = [] } = {}] = (lifecycle ?? []) as readonly {
    readonly ignore_changes?: readonly string[]
  }[]
  const values = Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const release = /^\$\{var\.images\["(.+)"\]\}$/.exec(String(value))?.[1]
      return [key, release === undefined ? value : images[release]]
    }),
  )
  const ignored = ignoring.map((text) => text.slice(2, -1))
  return { address: `${type}.${name}`, type, name, values, ignored }
}
