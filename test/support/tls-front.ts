import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'

export interface TlsFront {
  /** `https://127.0.0.1:port`. */
  readonly url: string
  /** For SSL_CERT_FILE. */
  readonly certificateFile: string
  close(): Promise<void>
}

/** Puts TLS, with a certificate made for this one run, in front of a plain server on loopback. Needs openssl. */
export async function startTlsFront(plainUrl: string, directory: string): Promise<TlsFront> {
  const keyFile = join(directory, 'tls-key.pem')
  const certificateFile = join(directory, 'tls-certificate.pem')
  execFileSync(
    'openssl',
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1'
      .split(' ')
      .concat('-keyout', keyFile, '-out', certificateFile),
    { stdio: 'ignore', timeout: 30_000 },
  )
  const { port } = new URL(plainUrl)
  const server = createServer(
    { key: readFileSync(keyFile), cert: readFileSync(certificateFile) },
    (socket) => {
      const behind = connect(Number(port), '127.0.0.1')
      socket.on('error', () => behind.destroy())
      behind.on('error', () => socket.destroy())
      socket.pipe(behind).pipe(socket)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateFile,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
