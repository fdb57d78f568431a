import { AwsError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { readJson, writeJson } from './json.ts'
import type { RestRequest, RestWire } from './rest-wire.ts'

interface Route {
  readonly method: string
  readonly path: RegExp
  readonly operation: string
}

/** EventBridge Scheduler speaks REST: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/schedules\/([^/?]+)$/, operation: 'CreateSchedule' },
  { method: 'GET', path: /^\/schedules\/([^/?]+)$/, operation: 'GetSchedule' },
  { method: 'PUT', path: /^\/schedules\/([^/?]+)$/, operation: 'UpdateSchedule' },
  { method: 'DELETE', path: /^\/schedules\/([^/?]+)$/, operation: 'DeleteSchedule' },
  { method: 'GET', path: /^\/schedules\/?$/, operation: 'ListSchedules' },
  { method: 'POST', path: /^\/schedule-groups\/([^/?]+)$/, operation: 'CreateScheduleGroup' },
  { method: 'GET', path: /^\/schedule-groups\/([^/?]+)$/, operation: 'GetScheduleGroup' },
  { method: 'DELETE', path: /^\/schedule-groups\/([^/?]+)$/, operation: 'DeleteScheduleGroup' },
  { method: 'GET', path: /^\/schedule-groups\/?$/, operation: 'ListScheduleGroups' },
]

/** Parameters of the query string whose names the members of the request have otherwise. */
const QUERY_NAMES: Readonly<Record<string, string>> = { groupName: 'GroupName', clientToken: 'ClientToken' }

export const schedulerWire: RestWire = {
  service: 'scheduler',
  operation: (request) =>
    routeOf(request)?.route.operation ?? `${request.method} ${request.path.split('?')[0] ?? ''}`,
  input: inputOf,
  body: writeJson,
  headers: (of) => (of instanceof AwsError ? { 'x-amzn-errortype': of.code } : {}),
  error: ({ message }) => JSON.stringify({ Message: message }),
}

function routeOf({
  method,
  path,
}: RestRequest): { readonly route: Route; readonly name: string | undefined } | undefined {
  const [address = ''] = path.split('?')
  for (const route of ROUTES) {
    const found = route.method === method ? route.path.exec(address) : null
    if (found !== null) return { route, name: found[1] }
  }
  return undefined
}

/** What stands in the path, in the query and in the body. */
function inputOf(request: RestRequest): Members {
  const query = new URLSearchParams(request.path.split('?')[1] ?? '')
  const asked = Object.fromEntries(
    [...query].map(([name, value]) => [
      QUERY_NAMES[name] ?? name,
      name === 'MaxResults' ? Number(value) : value,
    ]),
  )
  const name = routeOf(request)?.name
  return { ...readJson(request.body), ...asked, ...(name === undefined ? {} : { Name: decoded(name) }) }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
