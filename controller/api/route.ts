import type { Role } from '../resources/generated/configuration.ts'
import type { Schema } from '../resources/schema.ts'
import type { Identity } from './access/tokens.ts'

/** A request that passed every check. */
export interface ApiRequest {
  readonly identity: Identity
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | undefined>>
  readonly body: Readonly<Record<string, unknown>>
}

/** One route: what serves it, what it needs and how `/api/openapi.json` tells of it. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** Below /api/v1, parameters as `:name`. */
  readonly path: string
  readonly role: Role
  readonly summary: string
  readonly query?: Readonly<Record<string, Schema>>
  readonly body?: Readonly<Record<string, Schema>>
  readonly answer: 'Environment' | 'EnvironmentList' | 'Release' | 'ReleaseList' | 'Rollout' | 'RolloutList'
  readonly handle: (request: ApiRequest) => Promise<unknown>
}

/** The parameters of every list. Texts, as a query has them. */
export const pageQuery: Readonly<Record<string, Schema>> = {
  limit: {
    type: 'string',
    pattern: '^([1-9][0-9]?|[1-4][0-9]{2}|500)$',
    description: 'Items a page, 1 to 500; 50 when left out.',
  },
  continue: {
    type: 'string',
    minLength: 1,
    maxLength: 1024,
    description: 'metadata.continue of the page before.',
  },
}

export const nameQuery = (description: string): Schema => ({
  type: 'string',
  minLength: 1,
  maxLength: 63,
  description,
})

/** Of a verb that does something once for each time that it is asked for. */
export const clientToken: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9_-]+$',
  description:
    'Made up by the caller for each request. The same token again is the same request, so it may be sent again where no answer came.',
}

export const tokenOf = ({ clientToken: token }: ApiRequest['body']): string | undefined =>
  typeof token === 'string' ? token : undefined
