import { get } from 'node:http'
import type { ProcessProbe } from '../elb/health-checks.ts'

/** Asks a real process on loopback for its health, within the check's timeout. */
export const probeProcess: ProcessProbe = ({ port, path, timeoutMs }, done) => {
  let told = false
  const tell = (answer: { status: number } | undefined) => {
    if (!told) done(answer)
    told = true
  }
  const headers = { 'user-agent': 'ELB-HealthChecker/2.0', connection: 'close' }
  const request = get({ host: '127.0.0.1', port, path, headers, timeout: timeoutMs }, (answer) => {
    answer.resume()
    tell({ status: answer.statusCode ?? 0 })
  })
  request.once('timeout', () => request.destroy())
  request.once('error', () => tell(undefined))
}
