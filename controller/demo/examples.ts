import { fileURLToPath } from 'node:url'

const DEMO = new URL('../../manifests/demo/', import.meta.url)

/** The application's repository, and the platform team's configuration. */
export const REPOSITORY_EXAMPLE = fileURLToPath(new URL('repository/', DEMO))
export const CONFIG_EXAMPLE = fileURLToPath(new URL('config/', DEMO))

/** What differs in the repository where Terraform makes the infrastructure, and the root in it. */
export const TERRAFORM_EXAMPLE = fileURLToPath(new URL('terraform/', DEMO))
export const ROOT_EXAMPLE = fileURLToPath(new URL('terraform/infra/', DEMO))
