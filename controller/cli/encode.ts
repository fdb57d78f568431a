import { Document, isScalar, visit } from 'yaml'

/** JSON in which nothing steers a terminal: control and invisible characters are escaped, which reads back as the same. */
export function jsonText(value: unknown, indentation?: number): string {
  return `${escaped(JSON.stringify(value, undefined, indentation))}\n`
}

/** YAML in which nothing steers a terminal; what has to be escaped stands in double quotes, and reads back as the same. */
export function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, (_key, node) => {
    if (isScalar(node) && typeof node.value === 'string' && node.value.search(STEERING) >= 0)
      node.type = 'QUOTE_DOUBLE'
  })
  return escaped(document.toString({ lineWidth: 0 }))
}

/** All but the line break and the tab. */
const STEERING = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/u
const EVERY_STEERING = new RegExp(STEERING, 'gu')

/** JSON (RFC 8259, section 7) and YAML's double quotes know the same escape, one for each UTF-16 unit. */
function escaped(text: string): string {
  return text.replaceAll(EVERY_STEERING, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
