import { isRecord } from '../../../resources/problem.ts'
import { bodies, labelledBlocks } from './parsed.ts'
import type { ParsedModule, RootIssue, RootPolicy } from './parsed.ts'

/** It is part of Terraform: `terraform_data`, `terraform_remote_state`. */
const BUILT_IN = 'terraform'

/** Providers that are not allowed. A provider is a program that runs with the role of Terraform. */
export function providerIssues(modules: readonly ParsedModule[], policy: RootPolicy): RootIssue[] {
  return modules.flatMap((module) => {
    const required = requiredProviders(module)
    const known = new Map(required.map(({ name, source }) => [name, source]))
    const implied = usedProviders(module)
      .filter(({ name }) => !known.has(name) && name !== BUILT_IN)
      .map(({ name, file }) => ({ name, file, source: `hashicorp/${name}` }))
    const refused = [...required, ...implied].filter(
      ({ source }) => !policy.providers.includes(withoutHost(source)),
    )
    return [
      ...new Map(refused.map((provider) => [`${provider.file}\0${provider.name}`, provider])).values(),
    ].map(({ file, name, source }) => ({
      file,
      rule: 'ProviderNotAllowed',
      message: `provider ${name} (${source}) is not allowed; expected one that spec.terraform.providers lists: ${policy.providers.join(', ')}`,
    }))
  })
}

interface UsedProvider {
  readonly file: string
  /** As the module calls it. */
  readonly name: string
}

function requiredProviders({ files }: ParsedModule): (UsedProvider & { readonly source: string })[] {
  return files.flatMap(({ path, blocks }) =>
    bodies(blocks['terraform'])
      .flatMap((body) => bodies(body['required_providers']))
      .flatMap((providers) =>
        Object.entries(providers).map(([name, required]) => ({
          file: path,
          name,
          source: sourceOf(name, required),
        })),
      ),
  )
}

/** A requirement without a source, or only with a version, means HashiCorp's own. */
function sourceOf(name: string, required: unknown): string {
  const source = isRecord(required) ? required['source'] : undefined
  if (source === undefined && (isRecord(required) || !isExpression(required))) return `hashicorp/${name}`
  return typeof source === 'string' ? source : 'a source that is computed'
}

function isExpression(value: unknown): boolean {
  return typeof value === 'string' && value.includes('${')
}

/** What resources, data sources and provider blocks name: the first word of a type, or the argument `provider`. */
function usedProviders({ files }: ParsedModule): UsedProvider[] {
  return files.flatMap(({ path, blocks }) => {
    const inChecks = labelledBlocks(blocks['check'], 1).flatMap(({ body }) => labelledBlocks(body['data'], 2))
    const objects = ['resource', 'data', 'ephemeral'].flatMap((kind) => labelledBlocks(blocks[kind], 2))
    const named = labelledBlocks(blocks['provider'], 1).map(({ labels: [name = ''] }) => name)
    const used = [...objects, ...inChecks].map(({ labels: [type = ''], body }) => {
      const { provider } = body
      const [, name] = typeof provider === 'string' ? (/^\$\{\s*([\w-]+)/.exec(provider) ?? []) : []
      return name ?? type.split('_')[0] ?? type
    })
    return [...new Set([...named, ...used])].map((name) => ({ file: path, name }))
  })
}

function withoutHost(source: string): string {
  return source.toLowerCase().replace(/^registry\.(?:terraform\.io|opentofu\.org)\//, '')
}
