import type { AwsError } from '../kernel/error.ts'
import type { Members, ServiceName } from '../kernel/operation.ts'

/** A request, as far as its address and its body say what is asked. */
export interface RestRequest {
  readonly method: string
  /** With the query string. */
  readonly path: string
  readonly body: string
}

/** How one service that speaks REST is read and written. */
export interface RestWire {
  readonly service: ServiceName
  operation(request: RestRequest): string
  input(request: RestRequest): Members
  body(output: Members): string
  /** What an answer says in headers. */
  headers(of: AwsError | Members): Readonly<Record<string, string>>
  error(error: AwsError): string
}
