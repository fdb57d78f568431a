import { operations } from '../../../controller/adapters/aws/client/operations.ts'
import type { FileSystem } from '../../../controller/ports/file-system.ts'
import type { Source } from '../../../controller/ports/source.ts'
import type { TerraformSession } from '../../../controller/ports/terraform.ts'

/** Whether a method changes the repository at the forge. A method that the port gets later does not compile before it is listed. */
const gitWrites: Readonly<Record<keyof Source, boolean>> = {
  references: false,
  fetch: false,
  hasCommit: false,
  isAncestor: false,
  countAhead: false,
  files: false,
  commit: false,
  commitsBetween: false,
  newestTouching: false,
  tag: false,
  verify: false,
  prepareTags: false,
  hasObject: false,
  pushTags: true,
  commitFiles: true,
}

/** The same for files: whether a method changes the disk. */
const storeWrites: Readonly<Record<keyof FileSystem, boolean>> = {
  read: false,
  write: true,
  append: true,
  size: false,
  rename: true,
  link: true,
  remove: true,
  syncDirectory: true,
  list: false,
  makeDirectory: true,
}

/** The same for Terraform: a plan leaves nothing behind, and gives its lock back. */
const terraformWrites: Readonly<Record<keyof TerraformSession, boolean>> = {
  isolation: false,
  plan: false,
  apply: true,
  unlock: true,
  serial: false,
  outputs: false,
  close: false,
}

/** Kinds of write that no explored story makes, and why. One that occurs after all must be taken off here. */
export const exceptions: ReadonlyMap<string, string> = new Map([
  [
    'git commitFiles',
    'only the commands pin and unpin commit files, in a process of their own that ends with them',
  ],
  ['store append', 'only the history on disk is appended to, and the simulated controllers keep none'],
  ['aws TagResource', 'no explored story changes tags; the walker does'],
  ['aws UntagResource', 'no explored story changes tags; the walker does'],
  ['aws AddTags', 'no explored story changes tags; the walker does'],
  ...['CreateTargetGroup', 'ModifyTargetGroupAttributes', 'CreateListener', 'CreateRule'].map(
    (operation) =>
      [
        `aws ${operation}`,
        'only the command adopt makes it, in a process of its own; its own test ends it at each write',
      ] as const,
  ),
  ['aws ModifyRule', 'the simulated releases stand behind default rules, which ModifyListener changes'],
])

/** Every kind of write that the code can make, as explorers name them. */
export const knownWrites: readonly string[] = [
  ...Object.entries(operations)
    .filter(([, { writes }]) => writes)
    .map(([name]) => `aws ${name.slice(name.indexOf(':') + 1)}`),
  ...writing('git', gitWrites),
  ...writing('store', storeWrites),
  ...writing('terraform', terraformWrites),
]

/** What is wrong with the kinds of write that occurred: unknown ones, ones that never occurred, and exceptions that are none. */
export function unexplored(occurred: ReadonlySet<string>): string[] {
  const known = new Set(knownWrites)
  return [
    ...[...occurred].filter((kind) => !known.has(kind)).map((kind) => `${kind} is not known to the explorer`),
    ...knownWrites
      .filter((kind) => !occurred.has(kind) && !exceptions.has(kind))
      .map((kind) => `${kind} occurs in no explored story`),
    ...[...exceptions.keys()]
      .filter((kind) => occurred.has(kind))
      .map((kind) => `${kind} is an exception, and occurs`),
    ...[...exceptions.keys()]
      .filter((kind) => !known.has(kind))
      .map((kind) => `${kind} is an exception, and there is no such write`),
  ]
}

function writing(prefix: string, methods: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(methods)
    .filter(([, writes]) => writes)
    .map(([name]) => `${prefix} ${name}`)
}
