import { open } from 'node:fs/promises'

const CHUNK_BYTES = 64 * 1024
/** A longer line is no log line of Terraform's; it is passed over. */
const LONGEST_LINE = 256 * 1024

/**
 * Reads what was added to a growing file since the last call, and hands its whole lines on, in order. Calls may overlap: they are
 * answered one after the other.
 */
export function followLines(onLine: (line: string) => void): (file: string) => Promise<void> {
  let offset = 0
  let rest = Buffer.alloc(0)
  let isPassedOver = false
  let last = Promise.resolve()

  return (file) => {
    last = last.then(
      () => read(file),
      () => read(file),
    )
    return last
  }

  async function read(file: string): Promise<void> {
    const handle = await open(file, 'r')
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES)
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset)
        if (bytesRead === 0) return
        offset += bytesRead
        take(chunk.subarray(0, bytesRead))
      }
    } finally {
      await handle.close()
    }
  }

  function take(chunk: Buffer): void {
    let bytes = Buffer.concat([rest, chunk])
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      if (!isPassedOver) onLine(bytes.toString('utf8', 0, end))
      isPassedOver = false
      bytes = bytes.subarray(end + 1)
    }
    if (bytes.length > LONGEST_LINE) {
      isPassedOver = true
      bytes = Buffer.alloc(0)
    }
    rest = Buffer.from(bytes)
  }
}
