import type { ResolvedImage } from '../../resources/types.ts'

/** An image given to Terraform. */
export type GivenImage = Pick<ResolvedImage, 'repository' | 'tag' | 'digest'>

/** What Terraform is given by Steersman: only what the root declares, because a variable that is not declared is an error. */
export function terraformVariables({
  declared,
  environment,
  images,
}: {
  /** Names of the root's variables. */
  readonly declared: readonly string[]
  readonly environment: string
  /** By release: of those whose task definition Terraform registers. */
  readonly images: Readonly<Record<string, GivenImage>>
}): Readonly<Record<string, unknown>> {
  const [only, ...others] = Object.values(images)
  const tag = others.length === 0 ? only?.tag : undefined
  const given: Readonly<Record<string, unknown>> = {
    environment,
    images: Object.fromEntries(
      Object.entries(images).map(([release, { repository, digest }]) => [release, `${repository}@${digest}`]),
    ),
    ...(tag === undefined ? {} : { image_tag: tag }),
  }
  return Object.fromEntries(Object.entries(given).filter(([name]) => declared.includes(name)))
}

/** One text for an image: `repository:tag@sha256:…`, without the tag where there is none. */
export function imageText({ repository, tag, digest }: GivenImage): string {
  return `${repository}${tag === undefined ? '' : `:${tag}`}@${digest}`
}

/** The image that such a text names; undefined for any other text. */
export function imageOfText(text: string): GivenImage | undefined {
  const [, repository, tag, digest] = /^(.+?)(?::([\w.-]+))?@(sha256:[0-9a-f]{64})$/.exec(text) ?? []
  if (repository === undefined || digest === undefined) return undefined
  return { repository, digest, ...(tag === undefined ? {} : { tag }) }
}
