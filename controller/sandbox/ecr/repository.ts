import type { Images } from '../images.ts'
import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { text } from '../members.ts'

/** A repository that somebody created or deleted; all others exist as soon as they are named. */
export interface RepositoryState {
  readonly exists: boolean
  readonly createdAt: number
  readonly members: Members
}

/** What ECR is made of. */
export interface EcrWorld {
  readonly images: Images
  readonly repositories: Table<RepositoryState>
}

const NAME = /^(?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*\/)*[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/

/** Whether ECR takes the name for a repository. */
export function isRepositoryName(name: string): boolean {
  return NAME.test(name)
}

/** The repository that a request names; throws RepositoryNotFoundException for a deleted one or an impossible name. */
export function repositoryOf(ecr: EcrWorld, input: Members, context: CallContext): string {
  const name = text(input, 'repositoryName')
  if (!isRepositoryName(name) || context.read(ecr.repositories).get(keyOf(name, context))?.exists === false) {
    throw missingRepository(name, context)
  }
  return name
}

/** Repositories of two regions are two. */
export function keyOf(name: string, context: CallContext): string {
  return `${context.region}/${name}`
}

function missingRepository(name: string, context: CallContext): AwsError {
  return new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${context.accountId}'`,
  )
}
