import type { Scan } from '../core/scan.ts'

export interface ImageName {
  /** Without tag or digest, for example `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web`. */
  readonly repository: string
  readonly tag: string
}

export interface ImageContent {
  /** Without tag or digest. */
  readonly repository: string
  /** `sha256:…`. */
  readonly digest: string
}

/** An image registry: turns a movable tag into the digest that will run, and knows what scans found in it. */
export interface Registry {
  /** The image's digest (`sha256:…`), or undefined when no such image was pushed yet: that is waited for, not failed. */
  resolve(image: ImageName): Promise<string | undefined>
  /** What is known of the image's scan, or undefined for a repository of a registry whose scans can't be read. Answers may be some minutes old. */
  scan(image: ImageContent): Promise<Scan | undefined>
}
