import { isUtf8 } from 'node:buffer'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createHclParser } from '../../../controller/adapters/terraform/hcl.ts'
import type { PlanRootRequest } from '../../../controller/engine/infrastructure/plan-root.ts'
import type { TreeFile } from '../../../controller/ports/source.ts'
import type { Terraform, TerraformRequest } from '../../../controller/ports/terraform.ts'
import { environmentOf, planOf } from '../../core/infrastructure/plans.ts'
import type { TreeEntry } from '../../support/repository.ts'

export type Files = Readonly<Record<string, TreeEntry>>

const parse = createHclParser(systemClock)

export const BACKEND = 'terraform {\n  backend "local" {}\n}\n'

/** How the root of a commit with these files is planned. */
export const requestFor = (
  terraform: Terraform,
  source: PlanRootRequest['source'],
  commit: string,
): PlanRootRequest => ({
  source,
  terraform,
  commit,
  name: 'prod',
  root: 'infra/app',
  workspace: 'default',
  varFiles: [],
  backendConfig: {},
  variables: {},
  credentials: {},
  policy: { backends: ['local'], providers: [], modules: [] },
  environment: environmentOf(),
  apply: 'Safe',
})

/** A commit that lies in memory: `files` answers as git does. */
export function requestOf(files: Files, terraform: Terraform): PlanRootRequest {
  const entries = Object.entries(files).flatMap(([path, entry]) =>
    entry === null ? [] : [treeFile(path, entry)],
  )
  const source: PlanRootRequest['source'] = {
    files: ({ path }) =>
      Promise.resolve(
        entries.filter((entry) => path === '' || entry.path === path || entry.path.startsWith(`${path}/`)),
      ),
  }
  return requestFor(terraform, source, 'a'.repeat(40))
}

const MODES: Readonly<Record<string, TreeFile['mode']>> = { '120000': 'symlink', '160000': 'submodule' }

function treeFile(path: string, entry: NonNullable<TreeEntry>): TreeFile {
  const { mode, content } =
    typeof entry === 'string' || Buffer.isBuffer(entry) ? { mode: '100644', content: entry } : entry
  const bytes = Buffer.from(content)
  const validUtf8 = isUtf8(bytes)
  return {
    path,
    mode: MODES[mode] ?? 'file',
    size: bytes.length,
    text: validUtf8 ? bytes.toString() : '',
    validUtf8,
  }
}

/** A Terraform that plans this, and remembers what it was asked. */
export function fakeTerraform(
  json: unknown = planOf([]),
): Terraform & { readonly asked: TerraformRequest[] } {
  const asked: TerraformRequest[] = []
  return {
    asked,
    parse,
    isolation: 'OtherUser',
    version: () => Promise.resolve({ product: 'Terraform', version: '1.11.4' }),
    follow: () => Promise.reject(new Error('nothing is followed')),
    clean: () => Promise.resolve(),
    open: (request) => {
      asked.push(request)
      return Promise.resolve({
        isolation: 'OtherUser',
        plan: () => Promise.resolve({ result: 'Planned', hasChanges: true, json, digest: 'sha256:1' }),
        apply: () => Promise.reject(new Error('nothing is applied')),
        unlock: () => Promise.reject(new Error('nothing is unlocked')),
        serial: () => Promise.resolve(1),
        outputs: () => Promise.resolve({}),
        close: () => Promise.resolve(),
      })
    },
  }
}
