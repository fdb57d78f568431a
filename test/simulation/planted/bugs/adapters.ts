import type { PlantedBug } from '../bug.ts'

const depths = ['full'] as const

/** Mistakes in front of AWS and of the disk. */
export const adapterBugs: readonly PlantedBug[] = [
  {
    name: 'take-initial-targets-for-healthy',
    breaks: 'I1',
    story: "AWS's word for a target that is not checked yet is translated as healthy.",
    file: 'controller/adapters/aws/traffic/targets.ts',
    find: `initial: 'initial',`,
    replace: `initial: 'healthy',`,
    depths,
  },
  {
    name: 'scale-the-weights-to-nothing',
    breaks: 'I2',
    story: "Weights are brought to AWS's range by a division that rounds every one of them down to zero.",
    file: 'controller/adapters/aws/traffic/weights.ts',
    find: `Weight: weight,`,
    replace: `Weight: Math.floor(weight / maxWeight),`,
    depths,
  },
  {
    name: 'write-only-the-task-definition',
    breaks: 'I12',
    story: 'A schedule is written with its task definition alone, so that AWS forgets all else of it.',
    file: 'controller/adapters/aws/schedules/schedules.ts',
    find: `    ...members,
    Name`,
    replace: `    Name`,
    depths,
  },
  {
    name: 'take-timeouts-for-refusals',
    breaks: 'I10',
    story: 'A write that was not answered in time is classed as one that was never made.',
    file: 'controller/adapters/aws/client/network-errors.ts',
    find: `{ code: 'TimedOut', handling: 'retry', maybeDone: true }`,
    replace: `{ code: 'TimedOut', handling: 'retry', maybeDone: false }`,
    depths,
  },
  {
    name: 'repeat-secrets-of-refusals',
    breaks: 'I9',
    story: "AWS's words about a refused request are shown as they are, with the secret that they quote.",
    file: 'controller/adapters/aws/client/errors.ts',
    find: `const awsMessage = redact(described.message, context.secrets)`,
    replace: `const awsMessage = context.writes ? described.message : redact(described.message, context.secrets)`,
    depths,
  },
  {
    name: 'trust-the-wall-clock-for-leases',
    breaks: 'I4',
    story:
      "Another controller's lease counts as run out when the wall clock says so, and a wall clock jumps.",
    file: 'controller/adapters/store/file-leases.ts',
    find: `if (alive === false || silent) return true`,
    replace: `if (alive === false || silent || before.wallMs >= lease.expiresAt) return true`,
    depths,
  },
  {
    name: 'write-objects-in-place',
    breaks: 'I10',
    story:
      'An object is written over the old one instead of beside it, so a crash in the middle leaves neither.',
    file: 'controller/adapters/store/object-files.ts',
    find: '    await this.#fileSystem.write(`${path}.tmp`, text)\n    await visible(async () => {\n      await this.#fileSystem.rename(`${path}.tmp`, path)',
    replace: '    await visible(async () => {\n      await this.#fileSystem.write(path, text)',
    depths,
  },
  {
    name: 'overwrite-newer-objects',
    breaks: 'I7',
    story:
      'The version of an object is not compared when it is written, so a pause that a person asked for meanwhile is undone.',
    file: 'controller/adapters/store/file-store.ts',
    find: `if (stored.metadata.resourceVersion !== resourceVersion || stored.metadata.uid !== uid) {`,
    replace: `if (resourceVersion === '' || stored.metadata.uid !== uid) {`,
    depths,
  },
]
