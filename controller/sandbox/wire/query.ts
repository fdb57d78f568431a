import { validationError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'

/** How deep a Query key may nest, and how many parameters a request may have: a bound, far beyond any real request. */
const DEEPEST = 12
const MOST_PARAMETERS = 20_000

type Branch = Map<string, Branch | string>

/**
 * Reads the body of an AWS Query request: `A.B=x` nests, `A.member.1` makes lists and `A.entry.1.key` maps
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html). Every scalar stays text.
 */
export function readQuery(body: string): { action: string; version: string; input: Members } {
  const root: Branch = new Map()
  let count = 0
  for (const [key, value] of new URLSearchParams(body)) {
    count += 1
    if (count > MOST_PARAMETERS) throw validationError('The request has too many parameters')
    plant(root, key.split('.'), value)
  }
  const action = root.get('Action')
  const version = root.get('Version')
  root.delete('Action')
  root.delete('Version')
  return {
    action: typeof action === 'string' ? action : '',
    version: typeof version === 'string' ? version : '',
    input: members(root),
  }
}

/**
 * The same for EC2, whose lists are flat (`GroupId.1`): every branch whose keys are all numbers is a list. Members keep the
 * names that EC2 has on the wire, which are not always the SDK's (`Filter` for `Filters`, `GroupDescription` for `Description`).
 */
export function ec2Members(input: Members): Members {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, withLists(value)]))
}

function withLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLists)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, member]): [string, unknown] => [name, withLists(member)])
  if (entries.some(([name]) => !/^\d{1,6}$/.test(name))) return Object.fromEntries(entries)
  return entries.toSorted(([left], [right]) => Number(left) - Number(right)).map(([, member]) => member)
}

function plant(root: Branch, path: string[], value: string): void {
  if (path.length > DEEPEST) throw validationError('The request nests too deeply')
  let branch = root
  for (const step of path.slice(0, -1)) {
    const next = branch.get(step)
    const child: Branch = next instanceof Map ? next : new Map()
    branch.set(step, child)
    branch = child
  }
  branch.set(path.at(-1) ?? '', value)
}

function members(branch: Branch): Members {
  return Object.fromEntries([...branch].map(([name, value]) => [name, plain(value)]))
}

function plain(node: Branch | string): unknown {
  if (typeof node === 'string') return node
  const list = node.get('member')
  if (node.size === 1 && list instanceof Map && isNumbered(list)) return inOrder(list).map(plain)
  const entries = node.get('entry')
  if (node.size === 1 && entries instanceof Map && isNumbered(entries)) return entryMap(entries)
  return members(node)
}

function isNumbered(branch: Branch): boolean {
  return [...branch.keys()].every((key) => /^\d{1,6}$/.test(key))
}

function inOrder(branch: Branch): (Branch | string)[] {
  return [...branch].toSorted(([left], [right]) => Number(left) - Number(right)).map(([, value]) => value)
}

function entryMap(entries: Branch): Members {
  const pairs = inOrder(entries).flatMap((entry) => {
    if (!(entry instanceof Map)) return []
    const key = entry.get('key')
    return typeof key === 'string' ? [[key, plain(entry.get('value') ?? '')] as const] : []
  })
  return Object.fromEntries(pairs)
}
