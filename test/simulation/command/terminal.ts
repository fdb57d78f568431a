/** Where a command writes to: results to standard output, everything else to standard error. */
export interface Terminal {
  out(text: string): void
  error(text: string): void
  /** Whether somebody watches standard error. */
  readonly isWatched: boolean
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  isWatched: process.stderr.isTTY,
}
