/** An error by undici's or Node's code. Their messages may quote what was sent or came, so none of it is passed on. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const code: unknown = 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : error.name
}
