import { isRecord, pointerTo } from '../../resources/problem.ts'

/** One thing outside itself that a task definition reaches for, or one privilege that it takes. */
export type TaskDefinitionUse =
  | { kind: 'taskRoles' | 'executionRoles' | 'secrets' | 'privilege'; path: string; value: string }
  | { kind: 'image'; path: string; value: string; container: unknown }

/** Lists what a task definition uses, as written or as ECS describes it. */
export function taskDefinitionUses(document: Record<string, unknown>): TaskDefinitionUse[] {
  return [
    ...texts(document, 'taskRoleArn').map(({ path, value }) => ({ kind: 'taskRoles' as const, path, value })),
    ...texts(document, 'executionRoleArn').map(({ path, value }) => ({
      kind: 'executionRoles' as const,
      path,
      value,
    })),
    ...hostPrivileges(document),
    ...list(document, 'volumes').flatMap(volumeUses),
    ...list(document, 'containerDefinitions').flatMap(containerUses),
  ]
}

function volumeUses({ value: volume, path }: Located): TaskDefinitionUse[] {
  const share = record(record(volume['fsxWindowsFileServerVolumeConfiguration'])['authorizationConfig'])
  const where = `${path}/fsxWindowsFileServerVolumeConfiguration/authorizationConfig`
  const secrets = texts(share, 'credentialsParameter', where).map((found): TaskDefinitionUse => ({
    kind: 'secrets',
    ...found,
  }))
  // Docker's local driver mounts whatever its options name, folders of the host too.
  const options = record(record(volume['dockerVolumeConfiguration'])['driverOpts'])
  if (options['device'] === undefined) return secrets
  const at = `${path}/dockerVolumeConfiguration/driverOpts`
  return [...secrets, { kind: 'privilege', path: at, value: 'a device or folder of the host' }]
}

function hostPrivileges(document: Record<string, unknown>): TaskDefinitionUse[] {
  const modes = ['networkMode', 'pidMode', 'ipcMode']
    .flatMap((field) => texts(document, field).map((found) => ({ field, ...found })))
    .filter(({ value }) => value === 'host')
    .map(({ field, path }): TaskDefinitionUse => ({ kind: 'privilege', path, value: `${field} host` }))
  const volumes = list(document, 'volumes').flatMap(({ value, path }): TaskDefinitionUse[] => {
    const { host } = value
    if (!isRecord(host) || typeof host['sourcePath'] !== 'string') return []
    return [{ kind: 'privilege', path: `${path}/host/sourcePath`, value: 'a folder of the host' }]
  })
  return [...modes, ...volumes]
}

function containerUses({ value: container, path }: Located): TaskDefinitionUse[] {
  return [
    ...texts(container, 'image', path).map((found) => ({ kind: 'image' as const, ...found, container })),
    ...containerSecrets(container, path),
    ...containerPrivileges(container, path),
  ]
}

function containerSecrets(container: Record<string, unknown>, path: string): TaskDefinitionUse[] {
  const log = record(container['logConfiguration'])
  const credentials = record(container['repositoryCredentials'])
  const found = [
    ...list(container, 'secrets', path).flatMap((secret) => texts(secret.value, 'valueFrom', secret.path)),
    ...list(log, 'secretOptions', `${path}/logConfiguration`).flatMap((secret) =>
      texts(secret.value, 'valueFrom', secret.path),
    ),
    ...texts(credentials, 'credentialsParameter', `${path}/repositoryCredentials`),
    ...credentialSpecs(container, path),
    ...list(container, 'environmentFiles', path).flatMap((file) => texts(file.value, 'value', file.path)),
  ]
  return found.map((secret) => ({ kind: 'secrets', ...secret }))
}

/** Each is the ARN of a file, parameter or secret after a prefix that says how it is used. */
function credentialSpecs(
  container: Record<string, unknown>,
  path: string,
): { path: string; value: string }[] {
  return items(container['credentialSpecs']).map((spec, index) => ({
    path: `${path}/credentialSpecs/${index}`,
    value: String(spec).replace(/^credentialspec(?:domainless)?:/, ''),
  }))
}

/** Options of docker's that loosen what holds a container; this one tightens it. */
function securityOptions(container: Record<string, unknown>, path: string): TaskDefinitionUse[] {
  return items(container['dockerSecurityOptions']).flatMap((option, index): TaskDefinitionUse[] =>
    option === 'no-new-privileges'
      ? []
      : [{ kind: 'privilege', path: `${path}/dockerSecurityOptions/${index}`, value: 'another confinement' }],
  )
}

function containerPrivileges(container: Record<string, unknown>, path: string): TaskDefinitionUse[] {
  const uses = securityOptions(container, path)
  if (container['privileged'] !== undefined && container['privileged'] !== false) {
    uses.push({ kind: 'privilege', path: `${path}/privileged`, value: 'a privileged container' })
  }
  const linux = record(container['linuxParameters'])
  const capabilities = record(linux['capabilities'])
  const added = capabilities['add']
  if (Array.isArray(added) && added.length > 0) {
    const where = `${path}/linuxParameters/capabilities/add`
    uses.push({ kind: 'privilege', path: where, value: 'an added kernel capability' })
  }
  if (Array.isArray(linux['devices']) && linux['devices'].length > 0) {
    uses.push({ kind: 'privilege', path: `${path}/linuxParameters/devices`, value: 'a device of the host' })
  }
  return uses
}

interface Located {
  value: Record<string, unknown>
  path: string
}

function list(parent: Record<string, unknown>, field: string, path = ''): Located[] {
  const items = parent[field]
  if (!Array.isArray(items)) return []
  return items.flatMap((value: unknown, index) =>
    isRecord(value) ? [{ value, path: pointerTo(pointerTo(path, field), index) }] : [],
  )
}

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function texts(parent: Record<string, unknown>, field: string, path = ''): { path: string; value: string }[] {
  const value = parent[field]
  return typeof value === 'string' && value !== '' ? [{ path: pointerTo(path, field), value }] : []
}
