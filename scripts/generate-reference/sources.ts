import { glob, readFile } from 'node:fs/promises'
import { loadAll } from 'js-yaml'
import type { Schema } from '../../controller/resources/schema.ts'

/** A document of the examples that a user copies, or of the ones that only show a field. */
export type Example = Readonly<Record<string, unknown>>

interface CustomResourceDefinition {
  spec?: { versions?: { schema: { openAPIV3Schema: Schema } }[] }
}

/** The schema of a CustomResourceDefinition's only version, or of a plain schema file. */
export async function readSchema(root: URL, file: string): Promise<Schema> {
  const [document] = loadAll(await readFile(new URL(file, root), 'utf8'))
  return (
    (document as CustomResourceDefinition).spec?.versions?.[0]?.schema.openAPIV3Schema ?? (document as Schema)
  )
}

/** Every example document of one kind: first those in manifests/, then those made for the reference alone. */
export async function readExamples(root: URL, kind: string): Promise<Example[]> {
  const files = await Array.fromAsync(glob('manifests/{environments,releases}/**/*.yaml', { cwd: root }))
  const paths = [...files.toSorted(), `scripts/generate-reference/examples.yaml`]
  const examples: Example[] = []
  for (const path of paths) {
    for (const document of loadAll(await readFile(new URL(path, root), 'utf8'))) {
      if (isExample(document) && document['kind'] === kind) examples.push(document)
    }
  }
  return examples
}

function isExample(value: unknown): value is Example {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first value that an example has at a path of names, in which `*` stands for every item of a list. */
export function exampleAt(examples: readonly unknown[], path: readonly string[]): unknown {
  const [first, ...rest] = path
  if (first === undefined) return examples[0]
  const next = examples.flatMap((example) => {
    if (first === '*') return Array.isArray(example) ? (example as unknown[]) : []
    if (first === '<name>') return isExample(example) ? Object.values(example) : []
    return isExample(example) && example[first] !== undefined ? [example[first]] : []
  })
  return next.length === 0 ? undefined : exampleAt(next, rest)
}
