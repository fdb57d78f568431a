import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../support/free-port.ts'
import { startMotoFront } from './moto-front.ts'

const START_ATTEMPTS = 300
const ATTEMPT_PAUSE_MS = 100

/** An AWS that only keeps books: every control plane that the modules speak to, and no task that runs. */
export interface Moto {
  readonly url: string
  stop(): Promise<void>
}

/** Starts moto on loopback, empty, with the front that fills its gaps. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const exit = once(child, 'exit')
  const moto = `http://127.0.0.1:${port}`
  const stopMoto = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exit
  }
  try {
    await answering(moto, () => child.exitCode !== null)
  } catch (error) {
    await stopMoto()
    throw error
  }
  const front = await startMotoFront(moto)
  return {
    url: front.url,
    async stop() {
      await front.close()
      await stopMoto()
    },
  }
}

async function answering(url: string, hasEnded: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < START_ATTEMPTS && !hasEnded(); attempt += 1) {
    const isThere = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isThere) return
    await sleep(ATTEMPT_PAUSE_MS)
  }
  throw new Error('moto_server did not answer')
}
