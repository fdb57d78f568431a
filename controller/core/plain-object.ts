/**
 * Plain objects that are kept in large numbers. V8 lets objects of the same members share a description of them (a hidden class), which it finds by way of the
 * description of `{}`; that one leads to at most 1,536 others. With a few thousand objects around whose members are named by digests, ARNs or releases it leads
 * no further: each object that is made member by member has a description of its own then, which is as large as the object and slows every access to it. So objects
 * are begun from other descriptions than that of `{}` here. https://v8.dev/docs/hidden-classes
 */

type Beginning = new () => object

/** Begins an object with nothing in it, whose description leads to others of its own. */
function beginning(): Beginning {
  const Begun = function Begun() {} as unknown as Beginning
  // What it makes is as plain as `{}`.
  Object.defineProperty(Begun, 'prototype', { value: Object.prototype })
  return Begun
}

/** Many more kinds of objects are not known. */
const MOST_KINDS = 2_000
/** What has more members than AWS or a manifest names is data, whoever made it: its names are not kept. */
const MOST_NAMES = 100
/** A member that has a name; others are data. */
const NAMED = /^[A-Za-z_$][\w$]{0,63}$/

const byNames = new Map<string, Beginning>()
const Keyed = beginning()

/** The same as `Object.fromEntries`. */
export function plainObject<Value>(
  members: readonly (readonly [name: string, value: Value])[],
): Record<string, Value> {
  const names = members.map(([name]) => name)
  // An assignment would make it the object's prototype.
  if (names.includes('__proto__')) return Object.fromEntries(members)
  const made = new (beginningOf(names))() as Record<string, Value>
  for (const [name, value] of members) made[name] = value
  return made
}

function beginningOf(names: readonly string[]): Beginning {
  if (names.length > MOST_NAMES) return Keyed
  const text = names.join(' ')
  const known = byNames.get(text)
  if (known !== undefined) return known
  if (byNames.size >= MOST_KINDS || !names.every((name) => NAMED.test(name))) return Keyed
  const made = beginning()
  byNames.set(text, made)
  return made
}
