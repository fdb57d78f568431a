/** A repository of Amazon ECR, as its host name tells. */
export interface EcrRepository {
  readonly accountId: string
  readonly region: string
  readonly name: string
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html, dual-stack and FIPS hosts included. */
const ecrHost =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.(?:aws|amazonwebservices\.com\.cn))$/

/** Undefined for a repository outside Amazon ECR's private registries. */
export function parseEcrRepository(repository: string): EcrRepository | undefined {
  const slash = repository.indexOf('/')
  if (slash < 0) return undefined
  const [, accountId, region] = ecrHost.exec(repository.slice(0, slash)) ?? []
  const name = repository.slice(slash + 1)
  return accountId === undefined || region === undefined || name === ''
    ? undefined
    : { accountId, region, name }
}
