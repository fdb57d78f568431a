/** What stands for the side on trial in the dimensions of a metric. */
export interface SideNames {
  readonly targetGroup: string
  readonly loadBalancer: string
  readonly service: string
  readonly cluster: string
}

/** Their names, as `${…}` has them. They are put in when the question is asked, so that they are those of the rollout's own side. */
export const SIDE_PLACEHOLDERS = ['targetGroup', 'loadBalancer', 'service', 'cluster'] as const

const PLACEHOLDER = /\$\{(targetGroup|loadBalancer|service|cluster)\}/g

/** Whether a text names the side. */
export const namesSide = (text: string): boolean => text.search(PLACEHOLDER) >= 0

/** The text with the side's names in it. */
export const withSideNames = (text: string, names: SideNames): string =>
  text.replaceAll(PLACEHOLDER, (_, name: keyof SideNames) => names[name])

/** What CloudWatch calls a target group or a load balancer: the end of its ARN, `targetgroup/web/0123` and `app/shop/0123`. */
export const dimensionOf = (arn: string): string => arn.replace(/^.*:(?:loadbalancer\/)?/, '')
