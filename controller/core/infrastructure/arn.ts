/** An ARN, as far as it tells what a resource is (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
export interface ArnParts {
  readonly service: string
  /** Behind the account. */
  readonly resource: string
}

/** Takes an ARN apart; undefined for what is none. */
export function arnParts(arn: string): ArnParts | undefined {
  const [, service, resource] = /^arn:[^:]+:([^:]+):[^:]*:[^:]*:(.+)$/s.exec(arn) ?? []
  return service === undefined || resource === undefined ? undefined : { service, resource }
}
