import { createMemory } from '../../controller/adapters/git/memory.ts'
import { classifyFailure } from '../../controller/adapters/git/errors.ts'
import type { Mirror } from '../../controller/adapters/git/mirror.ts'

/** A mirror whose every git prints the same; `secret` is the repository's token. */
export function printingMirror(
  output: string | Uint8Array,
  options: { readonly batch?: Uint8Array; readonly exitCode?: number; readonly secret?: string } = {},
): Mirror {
  const bytes = Buffer.from(output)
  const { batch = bytes, exitCode = 0, secret = 'printing-mirror-token' } = options
  const url = 'https://git.shop.example/shop.git'
  const result = { ended: 'exited', exitCode, stdout: bytes, stderr: bytes.toString('utf8') } as const
  return {
    directory: '/mirror',
    address: {
      url,
      protocol: 'https',
      origin: new URL(url).origin,
      username: 'dora',
      token: secret,
      secrets: [secret],
    },
    memory: createMemory(),
    local: async () => bytes.toString('utf8'),
    batch: async () => Buffer.from(batch),
    remote: async () => result,
    question: async () => result,
    program: async () => result,
    exclusively: (work) => work(),
    failure: (error, operation, write) => classifyFailure(error, operation, [secret], write),
  }
}
