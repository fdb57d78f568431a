import { isRecord } from '../../../resources/problem.ts'

/** One `.tf` file as data: blocks by type and labels, bodies as lists; an expression is a text with `${…}`. */
export interface ParsedFile {
  /** From the repository's root. */
  readonly path: string
  readonly blocks: Readonly<Record<string, unknown>>
}

/** A folder that Terraform reads as one module. */
export interface ParsedModule {
  /** From the repository's root; empty for that root itself. */
  readonly folder: string
  readonly files: readonly ParsedFile[]
}

/** What a root may use. */
export interface RootPolicy {
  /** Types of backend, for example `s3`. */
  readonly backends: readonly string[]
  /** Sources of providers, for example `hashicorp/aws`. */
  readonly providers: readonly string[]
  /** Globs of module sources that are not folders of the repository. */
  readonly modules: readonly string[]
}

/** Why a root is not run. */
export interface RootIssue {
  readonly file: string
  /** Stable name of the rule, for example `Provisioner`. */
  readonly rule: string
  /** What is wrong; what was expected. */
  readonly message: string
}

type Body = Readonly<Record<string, unknown>>

export interface LabelledBlock {
  /** As `["aws_ecs_service", "web"]`. */
  readonly labels: readonly string[]
  readonly body: Body
}

/** The blocks of one type with so many labels, as `resource` with two. */
export function labelledBlocks(value: unknown, labels: number): LabelledBlock[] {
  if (labels === 0) return bodies(value).map((body) => ({ labels: [], body }))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([label, inner]) =>
    labelledBlocks(inner, labels - 1).map((block) => ({ ...block, labels: [label, ...block.labels] })),
  )
}

/** Bodies of a block without labels. */
export function bodies(value: unknown): Body[] {
  return Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : []
}

/** Names of the arguments and blocks of a body; blocks that `dynamic` makes are among them. */
export function settingNames(body: Body): string[] {
  const made = isRecord(body['dynamic']) ? Object.keys(body['dynamic']) : []
  return [...Object.keys(body).filter((name) => name !== 'dynamic'), ...made].toSorted()
}
