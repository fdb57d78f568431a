import type { RootIssue } from './parsed.ts'

/** Files that Terraform or OpenTofu reads as a module's code. */
export const MODULE_FILE = /\.(?:tf|tofu)$/

interface TreeEntry {
  readonly path: string
  readonly mode: 'file' | 'symlink' | 'submodule'
  readonly size: number
  readonly validUtf8: boolean
}

/** More than any root needs; a bigger file would have to be held in memory. */
const LARGEST_BYTES = 1024 * 1024

interface TreeRule {
  readonly rule: string
  readonly holds: (entry: TreeEntry) => boolean
  readonly message: string
}

const RULES: readonly TreeRule[] = [
  {
    rule: 'Symlink',
    holds: ({ mode }) => mode === 'symlink',
    message: 'a symlink may lead out of the tree; expected the file itself',
  },
  {
    rule: 'Submodule',
    holds: ({ mode }) => mode === 'submodule',
    message: 'a submodule is not read; expected the files themselves',
  },
  {
    rule: 'TerraformData',
    holds: ({ path }) =>
      path.split('/').some((folder) => folder === '.terraform' || folder === 'terraform.d'),
    message:
      'the folders .terraform and terraform.d would choose providers, modules and backend; expected none in the repository',
  },
  {
    rule: 'StateInTree',
    holds: ({ path }) =>
      /\.tfstate(?:\.backup|\.d\/.*)?$/.test(path) || path.includes('terraform.tfstate.d/'),
    message: 'a state in the repository would be taken for the environment’s; expected none',
  },
  {
    rule: 'JsonSyntax',
    holds: ({ path }) => /\.(?:tf|tofu)\.json$/.test(path),
    message: 'JSON syntax is not supported yet; expected HCL',
  },
  {
    rule: 'TooLarge',
    holds: ({ mode, size }) => mode === 'file' && size > LARGEST_BYTES,
    message: `a file is larger than ${LARGEST_BYTES} bytes; expected smaller ones in a root`,
  },
  {
    rule: 'Binary',
    holds: ({ mode, validUtf8 }) => mode === 'file' && !validUtf8,
    message: 'a file is not UTF-8 text, which is not supported yet; expected text',
  },
]

/** Entries of the trees of root and modules that are not laid out. */
export function treeIssues(entries: readonly TreeEntry[]): RootIssue[] {
  return entries.flatMap((entry) =>
    RULES.filter(({ holds }) => holds(entry)).map(({ rule, message }) => ({
      file: entry.path,
      rule,
      message,
    })),
  )
}
