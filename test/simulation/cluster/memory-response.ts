import type { StreamedResponse } from '../../support/kube-api/watching.ts'

/** What an answer is written into where there is no socket: a text, or what listens to a stream. */
export class MemoryResponse implements StreamedResponse {
  code = 0
  text = ''
  isEnded = false
  /** Told of each piece from now on, instead of keeping it. */
  onPiece: ((text: string) => void) | undefined
  onEnd: () => void = () => undefined
  #onClose: (() => void)[] = []

  writeHead(code: number): void {
    this.code = code
  }

  flushHeaders(): void {
    // There is nothing that would hold them back.
  }

  write(text: string): void {
    if (this.onPiece === undefined) this.text += text
    else this.onPiece(text)
  }

  end(text = ''): void {
    if (this.isEnded) return
    if (text !== '') this.write(text)
    this.isEnded = true
    this.onEnd()
    this.close()
  }

  once(_event: 'close', listener: () => void): void {
    this.#onClose.push(listener)
  }

  /** The client has gone, or the connection broke. */
  close(): void {
    for (const listener of this.#onClose.splice(0)) listener()
  }
}
