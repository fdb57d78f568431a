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
    ...list(document, 'containerDefinitions').flatMap(containerUses),
  ]
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
  const log = isRecord(container['logConfiguration']) ? container['logConfiguration'] : {}
  const credentials = isRecord(container['repositoryCredentials']) ? container['repositoryCredentials'] : {}
  const found = [
    ...list(container, 'secrets', path).flatMap((secret) => texts(secret.value, 'valueFrom', secret.path)),
    ...list(log, 'secretOptions', `${path}/logConfiguration`).flatMap((secret) =>
      texts(secret.value, 'valueFrom', secret.path),
    ),
    ...texts(credentials, 'credentialsParameter', `${path}/repositoryCredentials`),
    ...list(container, 'environmentFiles', path).flatMap((file) => texts(file.value, 'value', file.path)),
  ]
  return found.map((secret) => ({ kind: 'secrets', ...secret }))
}

function containerPrivileges(container: Record<string, unknown>, path: string): TaskDefinitionUse[] {
  const uses: TaskDefinitionUse[] = []
  if (container['privileged'] !== undefined && container['privileged'] !== false) {
    uses.push({ kind: 'privilege', path: `${path}/privileged`, value: 'a privileged container' })
  }
  const linux = isRecord(container['linuxParameters']) ? container['linuxParameters'] : {}
  const capabilities = isRecord(linux['capabilities']) ? linux['capabilities'] : {}
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

function texts(parent: Record<string, unknown>, field: string, path = ''): { path: string; value: string }[] {
  const value = parent[field]
  return typeof value === 'string' && value !== '' ? [{ path: pointerTo(path, field), value }] : []
}
