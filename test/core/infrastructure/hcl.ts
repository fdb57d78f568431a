import { createRequire } from 'node:module'
import { checkRoot } from '../../../controller/core/infrastructure/root.ts'
import type { ParsedModule, RootPolicy } from '../../../controller/core/infrastructure/root.ts'

type Parse = (fileName: string, text: string) => Promise<Readonly<Record<string, unknown>>>

const require = createRequire(import.meta.url)
/** What the adapter parses with. Core's tests know no adapter. */
const { parse } = require('@cdktn/hcl2json') as { readonly parse: Parse }

/** A module of one file, as core is given it. */
export async function moduleOf(folder: string, text: string): Promise<ParsedModule> {
  const path = `${folder}/main.tf`
  return { folder, files: [{ path, blocks: await parse(path, text) }] }
}

export const POLICY: RootPolicy = {
  backends: ['s3'],
  // external, so that its data source is seen to be refused for itself.
  providers: ['hashicorp/aws', 'hashicorp/external', 'acme/shop'],
  modules: ['terraform-aws-modules/*/aws'],
}

/** What every root must have. */
export const BACKEND = 'terraform {\n  backend "s3" {}\n}\n'

/** The rules by which a root of one file is refused. */
export async function rulesOf(text: string, texts: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const modules = [await moduleOf('infra/app', text)]
  const issues = checkRoot({ modules, texts: new Map(Object.entries(texts)), policy: POLICY })
  return [...new Set(issues.map(({ rule }) => rule))]
}
