/** An image as a task definition names it. */
export interface ImageParts {
  /** Without tag or digest. */
  readonly repository: string
  readonly tag: string | undefined
  /** `sha256:…`. */
  readonly digest: string | undefined
}

/** The parts of `repository[:tag][@digest]`; a colon before a slash is a registry's port. */
export function imageParts(image: string): ImageParts {
  const [named = '', digest] = image.split('@')
  const [, repository = named, tag] = /^(.*?)(?::([^/:]+))?$/.exec(named) ?? []
  return { repository, tag, digest }
}
