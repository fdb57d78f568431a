import { sha256 } from '../canonical-json.ts'

/** A file by its content. */
export interface DigestedFile {
  readonly path: string
  /** `sha256:…` */
  readonly digest: string
}

/** Everything that Terraform's answer depends on, but the world itself. Never the commit: it would make every commit run Terraform. */
export interface TerraformInputs {
  /** Folder of the root. */
  readonly root: string
  /** Of the root and of every local module that it uses, lock file and variable files included. */
  readonly files: readonly DigestedFile[]
  /** Variable files in the order in which they are given: the last one wins. */
  readonly varFiles: readonly string[]
  /** What Steersman gives: `images`, `image_tag`, `environment`, where the root declares them. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly workspace: string
  readonly backendConfig: Readonly<Record<string, unknown>>
}

export function digestFiles(
  files: readonly { readonly path: string; readonly text: string }[],
): readonly DigestedFile[] {
  return files.map(({ path, text }) => ({ path, digest: sha256(text) }))
}

/** `sha256:…` over the inputs: equal digests, and Terraform has nothing to do but look for drift. The order of files says nothing. */
export function inputDigest(inputs: TerraformInputs): string {
  const files = inputs.files.toSorted((one, other) => (one.path < other.path ? -1 : 1))
  return sha256({ ...inputs, files })
}
