import type { Problem } from '../../resources/problem.ts'
import { locate } from './positions.ts'
import type { PositionNode } from './positions.ts'

/** One thing that is wrong with a commit; line and column count from 1, path is an RFC 6901 pointer into the document. */
export interface Issue {
  file: string
  line: number
  column: number
  path: string
  /** What is wrong; what was expected. */
  message: string
  code: string
}

/** The issue as one line: `file:line:column path: what is wrong; what was expected`. */
export function formatIssue(issue: Issue): string {
  const path = issue.path === '' ? '' : ` ${issue.path}`
  return printable(`${issue.file}:${issue.line}:${issue.column}${path}: ${issue.message}`)
}

/** Gives a problem the position of the very key or value that it is about. */
export function issueAt(node: PositionNode, problem: Problem): Issue {
  const { found, position } = locate({ node, path: problem.path, at: problem.at })
  const { path, code } = problem
  return { file: found.source.path, ...position, path, message: withQuotesAdvice(problem, found), code }
}

/** An issue about a file as a whole. */
export function issueOfFile(file: string, { message, code }: { message: string; code: string }): Issue {
  return { file, line: 1, column: 1, path: '', message, code }
}

/** Tells each issue once, by file, line, column, path and message, so that the same commit always reads the same. */
export function sortIssues(issues: readonly Issue[]): Issue[] {
  const distinct = new Map(issues.map((issue) => [JSON.stringify(Object.values(issue)), issue]))
  return [...distinct.values()].toSorted(
    (one, other) =>
      compareText(one.file, other.file) ||
      one.line - other.line ||
      one.column - other.column ||
      compareText(one.path, other.path) ||
      compareText(one.message, other.message),
  )
}

/** YAML reads `1.10` as the number 1.1: where a text was expected, says how to write it. */
function withQuotesAdvice(problem: Problem, { raw }: PositionNode): string {
  const expectsText = problem.code === 'WrongType' && problem.message.endsWith('expected a text')
  if (!expectsText || raw === undefined || raw === '' || raw.length > 80) return problem.message
  return `${problem.message}, so ${JSON.stringify(raw)} in quotes`
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Control characters of a hostile file must not reach a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}
