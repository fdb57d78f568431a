/** Reads at most `limitBytes` of a body as UTF-8; the rest is not read. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limitBytes) break
  }
  const bytes = Buffer.concat(chunks).subarray(0, limitBytes)
  return { text: bytes.toString('utf8'), isWhole: length <= limitBytes }
}
