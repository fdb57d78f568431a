import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const

/** Mistakes with the table that several controllers share. */
export const tableBugs: readonly PlantedBug[] = [
  {
    name: 'renew-whatever-lease-is-there',
    breaks: 'I4',
    story:
      'A lease is written over whatever became of it since it was read, also over that of its next holder.',
    file: 'controller/adapters/store/dynamodb/table-leases.ts',
    find: `unchanged(before, ['epoch', 'instance', 'renewals', 'released'])`,
    replace: `unchanged(before, ['pk'])`,
    depths,
    scenario: 'shared-table',
  },
  {
    name: 'trust-the-wall-clock-for-rows',
    breaks: 'I4',
    story:
      "Another controller's lease in the table counts as run out when the wall clock of this machine says so.",
    file: 'controller/adapters/store/dynamodb/table-leases.ts',
    find: `if (known.released || isSilent || this.#isOurs(known)) return true`,
    replace: `if (known.released || isSilent || this.#isOurs(known) || this.#options.clock.now() >= known.lease.expiresAt)
      return true`,
    depths,
    scenario: 'shared-table',
  },
  {
    name: 'store-without-the-fence',
    breaks: 'I4',
    story:
      'A write to the table does not demand that the lease is still of the epoch under which it was decided.',
    file: 'controller/adapters/store/dynamodb/table-store.ts',
    find: `...(fence === undefined ? [] : [fenceCheck(table.name, fence)]),`,
    replace: ``,
    depths,
    scenario: 'shared-table',
  },
  {
    name: 'overwrite-newer-rows',
    breaks: 'I7',
    story:
      'The version of an object in the table is not compared when it is written, so what a person asked for meanwhile is undone.',
    file: 'controller/adapters/store/dynamodb/table-store.ts',
    find: `if (stored.metadata.resourceVersion !== resourceVersion || stored.metadata.uid !== uid)`,
    replace: `if (resourceVersion === '' || stored.metadata.uid !== uid)`,
    depths,
    scenario: 'asked-by-table',
  },
  {
    name: 'step-over-changes-not-seen-yet',
    breaks: 'store',
    story: 'Changes of the table that are not readable yet are passed over, and never looked at again.',
    file: 'controller/adapters/store/dynamodb/replica.ts',
    find: `if (changes.length < to - this.#head) return false`,
    replace: `if (to < this.#head) return false`,
    depths,
    scenario: 'shared-table',
  },
  {
    name: 'take-rows-as-they-come',
    breaks: 'store',
    story:
      'A change of the table is readable before its object is, and the object is taken as it was before.',
    file: 'controller/adapters/store/dynamodb/replica.ts',
    find: `return type === 'DELETED' ? versionIn(found) > version : versionIn(found) >= version`,
    replace: `return version >= 0 && type !== undefined`,
    depths,
    scenario: 'shared-table',
  },
  {
    name: 'look-at-leases-only-when-wanted',
    breaks: 'I5',
    story:
      'Since when a shard is silent is counted from the first look of whoever shall have it after its holder has gone.',
    file: 'controller/adapters/store/dynamodb/table-leases.ts',
    find: `const ALL_LEASES = { after: '-', to: '~' }`,
    replace: `const ALL_LEASES = { after: MEMBER_LEASE, to: \`\${MEMBER_LEASE}~\` }`,
    depths,
    scenario: 'sharded-table',
  },
  {
    name: 'count-silence-from-the-question',
    breaks: 'I4',
    story:
      'How long a lease in the table was not renewed counts from when it was asked for, however late its answer came.',
    file: 'controller/adapters/store/dynamodb/table-leases.ts',
    find: `{ renewal, atMs: this.#options.clock.monotonic() }`,
    replace: `{ renewal, atMs: askedAtMs }`,
    depths,
    scenario: 'shared-table',
  },
  {
    name: 'lead-on-what-was-known',
    breaks: 'I4',
    story: 'Whoever takes the lease in the table does not read what earlier holders have written.',
    file: 'controller/adapters/store/dynamodb/table-leases.ts',
    find: `    await this.#options.onTaken()\n`,
    replace: ``,
    depths,
    scenario: 'shared-table',
  },
]
