import { createRequire } from 'node:module'
import type { ParsedModule } from '../../../controller/core/infrastructure/root.ts'

type Parse = (fileName: string, text: string) => Promise<Readonly<Record<string, unknown>>>

const require = createRequire(import.meta.url)
/** What the adapter parses with. Core's tests know no adapter. */
const { parse } = require('@cdktn/hcl2json') as { readonly parse: Parse }

/** A module of one file, as core is given it. */
export async function moduleOf(folder: string, text: string): Promise<ParsedModule> {
  const path = `${folder}/main.tf`
  return { folder, files: [{ path, blocks: await parse(path, text) }] }
}
