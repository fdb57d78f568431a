import type { DefaultedContainerImage } from './generated/release.ts'

/** A release, or what is left of one, with its images in the form that they have by then. */
export interface ImageGiver<Given = DefaultedContainerImage> {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly image?: (Given & { readonly container?: string }) | undefined
    readonly images?: Readonly<Record<string, Given>> | undefined
    readonly traffic?: { readonly container?: string | undefined } | undefined
  }
}

/** An image that a release gives to one container of its task definition. */
export interface NamedImage<Given = DefaultedContainerImage> {
  /** Undefined where the task definition tells which container it is. */
  readonly container: string | undefined
  readonly image: Given
  /** A pointer to where the release has it. */
  readonly path: string
}

/** The images that a release gives, the one of the container that takes the requests first. */
export function imagesOf<Given extends object>(release: ImageGiver<Given>): readonly NamedImage<Given>[] {
  const { image, images = {} } = release.spec
  if (image !== undefined) return [{ container: image.container, image, path: '/spec/image' }]
  const main = mainContainerName(release)
  return Object.entries(images)
    .map(([container, each]) => ({ container, image: each, path: `/spec/images/${container}` }))
    .toSorted((one, other) => Number(other.container === main) - Number(one.container === main))
}

/** The image of the container that takes the requests: `${imageTag}` means its tag. */
export function mainImageOf<Given extends object>(release: ImageGiver<Given>): NamedImage<Given> | undefined {
  const [first] = imagesOf(release)
  const isMain = release.spec.image !== undefined || first?.container === mainContainerName(release)
  return isMain ? first : undefined
}

/** The container that takes the requests, as far as the release itself says: named, else called like the release, else the only one that gets an image. */
export function mainContainerName({ metadata, spec }: ImageGiver<object>): string | undefined {
  const { image, images = {}, traffic } = spec
  const named = traffic?.container ?? image?.container
  if (named !== undefined) return named
  if (images[metadata.name] !== undefined) return metadata.name
  const [only, ...others] = Object.keys(images)
  return others.length === 0 ? only : undefined
}
