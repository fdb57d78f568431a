import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface GitServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Every request's path and Authorization header, oldest first. */
  readonly requests: readonly { readonly path: string; readonly authorization: string | undefined }[]
  close(): Promise<void>
}

/** A real smart-HTTP git server on loopback (`git http-backend`) with basic authentication; `answer` may take a request over. */
export async function startGitServer(options: {
  readonly root: string
  readonly password?: string
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean
}): Promise<GitServer> {
  const requests: { path: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization })
    if (options.answer?.(request, response) === true) return
    const password = Buffer.from(
      (request.headers.authorization ?? '').replace(/^Basic /, ''),
      'base64',
    ).toString()
    if (options.password !== undefined && !password.endsWith(`:${options.password}`)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('who are you')
      return
    }
    runBackend(options.root, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const backend = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'http.receivepack',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_CONFIG_KEY_1: 'safe.directory',
      GIT_CONFIG_VALUE_1: '*',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method,
      REMOTE_USER: 'test',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      HTTP_GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  })
  const output: Buffer[] = []
  backend.stdin.on('error', () => undefined)
  request.pipe(backend.stdin)
  backend.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  backend.on('close', () => {
    const all = Buffer.concat(output)
    const end = all.indexOf('\r\n\r\n')
    const headers = all
      .toString('latin1', 0, Math.max(end, 0))
      .split('\r\n')
      .map((line) => line.split(': '))
    const status = headers.find(([name]) => name === 'Status')?.[1]
    response.statusCode = status === undefined ? 200 : Number.parseInt(status, 10)
    for (const [name = '', value = ''] of headers)
      if (name !== '' && name !== 'Status') response.setHeader(name, value)
    response.end(all.subarray(end + 4))
  })
}
