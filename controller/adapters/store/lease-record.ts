import type { FileSystem } from '../../ports/file-system.ts'
import type { Lease, LeaseHolder } from '../../ports/store.ts'

/**
 * What the newest epoch's file of a lease says; epoch 0 when there was never one. A torn file is Free: a running system only ever shows whole
 * files, so its writer went down with the machine.
 */
export type LeaseRecord = {
  readonly epoch: number
  /** Files of older epochs, and of attempts that were cut short. */
  readonly leftovers: readonly string[]
} & ({ readonly state: 'Free' } | { readonly state: 'Held'; readonly lease: Lease })

const recordLimitBytes = 64 * 1024
/** A newer epoch may take the place of the one that was listed; each time means that another holder got through. */
const readsLimit = 16

export function recordFile(name: string, epoch: number): string {
  return `${name}.${epoch}.lease`
}

export async function newestRecord({
  directory,
  fileSystem,
  name,
}: {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly name: string
}): Promise<LeaseRecord> {
  let epoch = 0
  let leftovers: readonly string[] = []
  for (let read = 0; read < readsLimit; read += 1) {
    const files = await fileSystem.list(directory)
    const epochs = epochsOf(name, files)
    epoch = Math.max(epoch, epochs.at(-1) ?? 0)
    leftovers = leftoversOf(name, epoch, files)
    if (epoch === 0) break
    const text = await fileSystem.read(`${directory}/${recordFile(name, epoch)}`, recordLimitBytes)
    if (text === undefined) continue
    const lease = leaseIn(text, { name, epoch })
    return lease === undefined
      ? { epoch, leftovers, state: 'Free' }
      : { epoch, leftovers, state: 'Held', lease }
  }
  return { epoch, leftovers, state: 'Free' }
}

function leftoversOf(name: string, epoch: number, files: readonly string[]): readonly string[] {
  const older = new Set(epochsOf(name, files).map((other) => recordFile(name, other)))
  older.delete(recordFile(name, epoch))
  return files.filter(
    (file) =>
      older.has(file) ||
      (file.startsWith(`${name}.`) && /^[0-9a-f]{16}\.tmp$/.test(file.slice(name.length + 1))),
  )
}

function epochsOf(name: string, files: readonly string[]): readonly number[] {
  const epochs: number[] = []
  for (const file of files) {
    if (!file.startsWith(`${name}.`)) continue
    const digits = /^(\d{1,15})\.lease$/.exec(file.slice(name.length + 1))?.[1]
    if (digits !== undefined) epochs.push(Number(digits))
  }
  return epochs.toSorted((one, other) => one - other)
}

function leaseIn(
  text: string,
  { name, epoch }: { readonly name: string; readonly epoch: number },
): Lease | undefined {
  try {
    const record: unknown = JSON.parse(text)
    if (!isRecord(record) || record['released'] === true || !isHolder(record['holder'])) return undefined
    const { holder, renewedAt, expiresAt } = record
    if (typeof renewedAt !== 'number' || typeof expiresAt !== 'number') return undefined
    return { name, epoch, holder, renewedAt, expiresAt }
  } catch {
    return undefined
  }
}

function isHolder(value: unknown): value is LeaseHolder {
  return (
    isRecord(value) &&
    typeof value['host'] === 'string' &&
    typeof value['bootId'] === 'string' &&
    typeof value['instance'] === 'string' &&
    typeof value['pid'] === 'number' &&
    typeof value['processStartedAt'] === 'number'
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
