import { isRecord } from '../../../resources/problem.ts'
import { IDENTITY_SETTINGS } from './identity.ts'
import { bodies, labelledBlocks, settingNames } from './parsed.ts'
import type { LabelledBlock, ParsedFile, ParsedModule, RootIssue, RootPolicy } from './parsed.ts'

/** Top-level blocks that Terraform 1.11 and OpenTofu know and that are judged here. Another one may do what nobody looked at. */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  'check',
  'data',
  'ephemeral',
  'import',
  'locals',
  'module',
  'moved',
  'output',
  'provider',
  'removed',
  'resource',
  'terraform',
  'variable',
])

/** What a `terraform` block may hold; `backend` is judged apart, `cloud` would take the state elsewhere, and OpenTofu's `encryption` runs programs. */
const TERRAFORM_SETTINGS: ReadonlySet<string> = new Set(['backend', 'required_providers', 'required_version'])

/** Blocks that run code, take another identity or reach another place, file by file. */
export function blockIssues({ files }: ParsedModule, policy: RootPolicy): RootIssue[] {
  return files.flatMap((file) => [
    ...unknownBlocks(file),
    ...terraformBlocks(file),
    ...providerBlocks(file),
    ...resourceBlocks(file),
    ...dataBlocks(file, policy),
  ])
}

function unknownBlocks({ path, blocks }: ParsedFile): RootIssue[] {
  return Object.keys(blocks)
    .filter((name) => !TOP_LEVEL.has(name))
    .map((name) => issue(path, 'UnknownBlock', `block ${name} is not known; expected one that Terraform has`))
}

function terraformBlocks({ path, blocks }: ParsedFile): RootIssue[] {
  return bodies(blocks['terraform'])
    .flatMap(settingNames)
    .filter((name) => !TERRAFORM_SETTINGS.has(name))
    .map((name) =>
      name === 'cloud'
        ? issue(path, 'Cloud', 'terraform.cloud keeps the state elsewhere; expected a backend')
        : issue(
            path,
            'UnknownSetting',
            `terraform.${name} is not allowed; expected ${[...TERRAFORM_SETTINGS].join(', ')}`,
          ),
    )
}

function providerBlocks({ path, blocks }: ParsedFile): RootIssue[] {
  return labelledBlocks(blocks['provider'], 1).flatMap(({ labels: [name = ''], body }) =>
    settingNames(body)
      .filter((setting) => IDENTITY_SETTINGS.has(setting))
      .map((setting) =>
        issue(
          path,
          'ProviderIdentity',
          `provider ${name} sets ${setting}; expected none: Steersman says as whom and where Terraform acts`,
        ),
      ),
  )
}

function resourceBlocks({ path, blocks }: ParsedFile): RootIssue[] {
  return labelledBlocks(blocks['resource'], 2).flatMap(({ labels, body }) =>
    settingNames(body)
      .filter((setting) => setting === 'provisioner' || setting === 'connection')
      .map((setting) =>
        issue(
          path,
          'Provisioner',
          `${labels.join('.')} has a ${setting}, which runs programs; expected none`,
        ),
      ),
  )
}

/** Data sources stand at the top, or inside a `check`. */
function dataBlocks({ path, blocks }: ParsedFile, policy: RootPolicy): RootIssue[] {
  const inChecks = labelledBlocks(blocks['check'], 1).flatMap(({ body }) => labelledBlocks(body['data'], 2))
  return [...labelledBlocks(blocks['data'], 2), ...inChecks].flatMap((block) => {
    const [type = '', name = ''] = block.labels
    if (type === 'external')
      return [issue(path, 'ExternalData', `data.external.${name} runs a program; expected none`)]
    return type === 'terraform_remote_state' ? remoteState(path, block, policy) : []
  })
}

/** It reads a state with a backend of its own making. */
function remoteState(path: string, { labels, body }: LabelledBlock, policy: RootPolicy): RootIssue[] {
  const { backend, config } = body
  const name = `data.${labels.join('.')}`
  if (typeof backend !== 'string' || !policy.backends.includes(backend))
    return [
      issue(
        path,
        'OtherBackend',
        `${name} reads another kind of backend; expected ${policy.backends.join(', ')}`,
      ),
    ]
  if (config === undefined) return []
  if (!isRecord(config))
    return [issue(path, 'OtherBackend', `${name} computes its config; expected one that can be read`)]
  return settingNames(config)
    .filter((setting) => IDENTITY_SETTINGS.has(setting))
    .map((setting) => issue(path, 'ProviderIdentity', `${name} sets ${setting}; expected none`))
}

function issue(file: string, rule: string, message: string): RootIssue {
  return { file, rule, message }
}
