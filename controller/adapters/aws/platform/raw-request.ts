import type { EcsDocument } from '../../../ports/platform.ts'

interface RequestStack {
  add(
    middleware: <Arguments, Answer>(
      next: (request: Arguments) => Promise<Answer>,
    ) => (request: Arguments) => Promise<Answer>,
    options: { step: 'build'; priority: 'high'; name: string },
  ): void
}

/**
 * Sends the document itself as the request's body, so that members which this SDK does not know yet reach ECS untouched
 * (the SDK drops them). ECS speaks AWS JSON 1.1, whose members are those of its API reference.
 */
export function withRawBody<Command extends { readonly middlewareStack: RequestStack }>(
  command: Command,
  document: EcsDocument,
): Command {
  const body = JSON.stringify(document)
  command.middlewareStack.add(
    (next) => (call) => {
      if (!replaceBody(call, body)) throw new Error('the SDK made a request without a body')
      return next(call)
    },
    { step: 'build', priority: 'high', name: 'rawBodyMiddleware' },
  )
  return command
}

function replaceBody(call: unknown, body: string): boolean {
  if (typeof call !== 'object' || call === null || !('request' in call)) return false
  const { request } = call
  return (
    typeof request === 'object' && request !== null && 'body' in request && Reflect.set(request, 'body', body)
  )
}
