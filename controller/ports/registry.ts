export interface ImageName {
  /** Without tag or digest, for example `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web`. */
  readonly repository: string
  readonly tag: string
}

/** An image registry: turns a movable tag into the digest that will run. */
export interface Registry {
  /** The image's digest (`sha256:…`), or undefined when no such image was pushed yet: that is waited for, not failed. */
  resolve(image: ImageName): Promise<string | undefined>
}
