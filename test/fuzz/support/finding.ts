/** Throws a finding: what was promised, and what came instead. Cheap while the promise holds. */
export function promise(kept: boolean, broken: string | (() => string)): asserts kept {
  if (!kept) throw new Error(`broken promise: ${typeof broken === 'string' ? broken : broken()}`)
}
