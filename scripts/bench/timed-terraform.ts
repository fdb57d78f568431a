import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** When one process of Terraform ran, in milliseconds since the epoch. */
export interface Ran {
  readonly command: string
  readonly fromMs: number
  readonly toMs: number
}

/** A program `terraform` that writes down when it ran. */
export interface TimedTerraform {
  /** The folder to put first on the path. */
  readonly path: string
  ran(): Ran[]
}

/** Puts such a program in front of the `real` one; other users must be able to pass through the folder. The two milliseconds that it takes count as ours. */
export function timedTerraform(folder: string, real: string): TimedTerraform {
  const path = join(folder, 'bin')
  const times = join(folder, 'times')
  mkdirSync(path)
  writeFileSync(times, '')
  chmodSync(times, 0o666)
  const script = `#!/bin/bash
from=$EPOCHREALTIME
'${real}' "$@"
code=$?
echo "$1 $from $EPOCHREALTIME" >> '${times}'
exit $code
`
  writeFileSync(join(path, 'terraform'), script, { mode: 0o755 })
  return { path, ran: () => readFileSync(times, 'utf8').split('\n').filter(Boolean).map(ranOf) }
}

function ranOf(line: string): Ran {
  const [command = '', from, to] = line.split(' ')
  return { command, fromMs: Number(from) * 1_000, toMs: Number(to) * 1_000 }
}

/** How many of them ran at the same time. */
export function mostAtOnce(all: readonly Ran[]): number {
  return Math.max(
    0,
    ...all.map(({ fromMs }) => all.filter((other) => other.fromMs <= fromMs && fromMs < other.toMs).length),
  )
}
