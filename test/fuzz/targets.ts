import type { FuzzTarget } from './target.ts'
import { gitOutput } from './targets/git-output.ts'
import { manifest } from './targets/manifest.ts'

/** Every target, in the order in which the fuzzer takes them. */
export const targets: readonly FuzzTarget[] = [manifest, gitOutput]
