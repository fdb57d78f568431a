import type { ImageName } from './registry.ts'

/** What only the deep sweep asks for. All calls together take at most a fifth of what AWS lets through, so an answer may be long in coming. */
export interface DeepLooks {
  /** A target group's attributes by Elastic Load Balancing's own names; null for a group that is gone. */
  attributes(targetGroupArn: string): Promise<Readonly<Record<string, string>> | null>
  /** What the tag means in the registry now; undefined where there is no such image. Answers may be a minute old. */
  digest(image: ImageName): Promise<string | undefined>
}
