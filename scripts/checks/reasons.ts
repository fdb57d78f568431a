import ts from 'typescript'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findSources } from './sources.ts'

/** Where what becomes the reason of a condition, or of a rollout's end, is written. Codes of the API are not among them. */
const FOLDERS = [
  'core',
  'engine',
  'compose',
  'adapters/aws',
  'adapters/git',
  'adapters/kubernetes',
  'adapters/store',
  'adapters/system',
  'adapters/terraform',
].map((folder) => `controller/${folder}`)

/** Issues with a manifest say what is wrong themselves, and verbs print their errors: such codes are no reasons. */
const NOT_REASONS =
  /^controller\/(?:core\/(?:manifest|policy|edit-release|claims)|compose\/(?!secrets|stored-environments))/u

/** Functions whose argument of this index is a reason. */
const CALLS: Readonly<Record<string, number>> = { stalled: 0, refusal: 0, network: 0, condition: 2 }

const REASON = /^[A-Z][a-z]+(?:[A-Z][a-z]+)*$/u

/** Each reason of the code with one file that gives it. A reason made of parts stands as its beginning and an ellipsis. */
export async function findReasons(directory: string): Promise<Map<string, string>> {
  const reasons = new Map<string, string>()
  const files = (await findSources(directory, FOLDERS)).filter((file) => !NOT_REASONS.test(file))
  for (const file of files) {
    const text = await readFile(join(directory, file), 'utf8')
    for (const reason of reasonsIn(file, text)) if (!reasons.has(reason)) reasons.set(reason, file)
  }
  return reasons
}

/** The reasons that one file gives, in its order. */
export function reasonsIn(file: string, text: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    for (const expression of expressionsOf(node)) found.push(...literalsOf(expression))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return found
}

/** The expressions, or types, of a node that hold a reason. */
function expressionsOf(node: ts.Node): ts.Node[] {
  if (ts.isPropertyAssignment(node))
    return /^(?:reason|code)$/u.test(node.name.getText()) ? [node.initializer] : []
  if (ts.isVariableDeclaration(node))
    return node.name.getText() === 'reason' && node.initializer !== undefined ? [node.initializer] : []
  if (ts.isTypeAliasDeclaration(node)) return node.name.text.endsWith('Reason') ? [node.type] : []
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return []
  const argument = node.arguments[CALLS[node.expression.text] ?? -1]
  return argument === undefined ? [] : [argument]
}

/** What an expression may come to: both sides of a choice, each member of a union. */
function literalsOf(node: ts.Node): string[] {
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(literalsOf)
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap(literalsOf)
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(literalsOf)
  if (ts.isLiteralTypeNode(node)) return literalsOf(node.literal)
  if (ts.isTemplateExpression(node)) return REASON.test(node.head.text) ? [`${node.head.text}…`] : []
  return ts.isStringLiteral(node) && REASON.test(node.text) ? [node.text] : []
}
