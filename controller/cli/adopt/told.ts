import type { Adoption, Move } from '../../core/adopt.ts'
import { describeMove, operationOf } from '../../core/adopt.ts'
import { printable } from '../errors.ts'

/** An adoption with all that a person wants to know of it. */
export interface Told {
  readonly cluster: string
  readonly service: string
  readonly environment: string
  readonly branch: string | undefined
  readonly adoption: Adoption
  /** Moves that were made just now. */
  readonly done: readonly Move[]
  /** Folder that the files were written to. */
  readonly written: string | undefined
}

/** For `-o json`. A task definition's file may hold what is nobody's business: its text is only ever written to a file. */
export function adoptionValue({ environment, adoption, done }: Told): object {
  const { refusals, engine, notes, names, files, moves } = adoption
  return {
    environment,
    engine,
    release: names?.release,
    adoptable: refusals.length === 0,
    refusals,
    notes,
    files: files.map(({ path, text }) => (isTold(path) ? { path, text } : { path })),
    moves: moves.map(moveValue),
    done: done.map(moveValue),
  }
}

const moveValue = (move: Move): object => ({
  kind: move.kind,
  message: describeMove(move),
  operation: operationOf(move),
})

const isTold = (path: string): boolean => !path.endsWith('.json')

/** For people. */
export function adoptionText(told: Told): string {
  const { cluster, service, environment, adoption } = told
  const { refusals, engine, names } = adoption
  if (refusals.length > 0) {
    const lines = refusals.map(({ message, remedy }) => `  ${printable(message)}; ${printable(remedy)}\n`)
    return `service ${printable(service)} of cluster ${printable(cluster)} can't be adopted:\n${lines.join('')}`
  }
  return [
    `service ${printable(service)} of cluster ${printable(cluster)} as ${engine === 'TargetGroupSwap' ? 'the blue side of ' : ''}${environment}/${names?.release ?? ''}, engine ${engine ?? ''}\n`,
    ...adoption.notes.map((note) => `note: ${printable(note)}\n`),
    filesText(told),
    movesText(told),
  ].join('')
}

function filesText({ adoption: { files }, written }: Told): string {
  if (written !== undefined)
    return `written to ${written}:\n${files.map(({ path }) => `  ${printable(path)}\n`).join('')}`
  return files
    .map(({ path, text }) =>
      isTold(path)
        ? `\n${printable(path)}\n${indented(printable(text))}`
        : `\n${printable(path)}\n  ${text.split('\n').length} lines that may hold secrets; --write FOLDER writes them\n`,
    )
    .join('')
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')

function movesText({ adoption: { moves }, branch, done }: Told): string {
  if (moves.length === 0) {
    const nothing = done.length === 0 ? 'nothing is left to be done in AWS\n' : 'all is done in AWS\n'
    return `\n${nothing}next: commit the files to ${branch ?? "the environment's branch"}; Steersman starts no rollout for what runs already\n`
  }
  const lines = moves.map(
    (move, index) => `  ${index + 1}. ${printable(describeMove(move))} (${operationOf(move)})\n`,
  )
  return `\nwhat is to be done before the commit (--apply does it, step by step):\n${lines.join('')}`
}
