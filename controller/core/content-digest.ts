import { sha256 } from './canonical-json.ts'
import { normalize, serviceShape } from './defaults.ts'

/** What makes one try of a release the same as another: a failure is remembered for exactly this. */
export interface ReleaseContent {
  /** The task definition's content digest, or its ARN where somebody else registers it. */
  readonly taskDefinition: string
  /** `sha256:…` of the image, or undefined where the task definition alone says what runs. */
  readonly imageDigest: string | undefined
  readonly settings: Readonly<Record<string, unknown>> | undefined
  readonly gates: readonly { readonly name: string }[]
  /** Left out where another strategy should not count as another try. */
  readonly strategy?: Readonly<Record<string, unknown>> | undefined
}

/** `sha256:…` over the meaning of the content: the order of keys, gates and sets, and defaults spelled out, do not change it. */
export function contentDigest(content: ReleaseContent): string {
  const gates = content.gates.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  return sha256({
    taskDefinition: content.taskDefinition,
    imageDigest: content.imageDigest,
    settings: normalize(serviceShape, content.settings, 'strip'),
    gates,
    strategy: content.strategy,
  })
}
