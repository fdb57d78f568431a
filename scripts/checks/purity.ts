import ts from 'typescript'
import type { Finding } from './sources.ts'

/** Globals that are I/O, time or chance. `Date` is judged by how it is used: a given time may be formatted. */
const IMPURE_GLOBALS = new Set([
  'process',
  'console',
  'performance',
  'fetch',
  'crypto',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'WebSocket',
  'XMLHttpRequest',
])

const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random'])

/** Where a file of core is not data in, data out: awaiting, the clock, chance, the process, timers. */
export function findImpurities(file: string, text: string): Finding[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const findings: Finding[] = []
  const visit = (node: ts.Node): void => {
    const what = impurityOf(node)
    if (what !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      findings.push({
        file,
        line: line + 1,
        what: `${what} in code that has to be pure: take the value as an argument`,
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return findings
}

function impurityOf(node: ts.Node): string | undefined {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))
    return '`await`'
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return '`async`'
  if (ts.isNewExpression(node) && isName(node.expression, 'Date') && (node.arguments ?? []).length === 0) {
    return '`new Date()`'
  }
  if (ts.isCallExpression(node) && isName(node.expression, 'Date')) return '`Date()`'
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return '`import()`'
  if (ts.isPropertyAccessExpression(node) && IMPURE_MEMBERS.has(node.getText()))
    return `\`${node.getText()}\``
  if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && isUsedAsValue(node)) return `\`${node.text}\``
  return undefined
}

function isName(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name
}

/** A field may well be called `process`; what is forbidden is the global of that name. */
function isUsedAsValue(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  const isMemberName = 'name' in parent && parent.name === node
  const isTypeName = ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)
  return !isMemberName && !isTypeName
}
