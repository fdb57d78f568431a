/** The sandbox's knobs; `throttling`, `speed` and `trailDelaySeconds` may change while it runs. */
export interface Settings {
  readonly accountId: string
  /** The default region; any region of a credential scope is accepted. */
  readonly region: string
  /** True: AWS's token buckets refuse calls. */
  throttling: boolean
  /** AWS's own waits, and the seconds of image behaviours, are divided by it. */
  speed: number
  /** True: subnets, security groups, VPCs and roles must have been created first. */
  readonly strict: boolean
  /** How long a task takes to start when its image does not say. */
  readonly startSeconds: number
  /** How long CloudTrail takes until a call can be looked up and is told as an event; in AWS it is minutes. */
  trailDelaySeconds: number
}

/** Settings with every default filled in. */
export function settingsWith(chosen: Partial<Settings> = {}): Settings {
  return {
    accountId: '123456789012',
    region: 'eu-west-1',
    throttling: false,
    speed: 1,
    strict: false,
    startSeconds: 1,
    trailDelaySeconds: 0.2,
    ...chosen,
  }
}
