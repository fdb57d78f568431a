import type { DemoOptions } from '../demo/demo.ts'
import { runDemo } from '../demo/demo.ts'
import { startSandbox } from '../sandbox/server.ts'
import { startController } from './run.ts'

export interface DemoRequest extends DemoOptions {
  readonly signal: AbortSignal
  readonly out: (text: string) => void
  readonly error: (text: string) => void
}

/** How long the demo's controller may take to end. */
const DRAIN_MS = 5_000

/** Plays the demo with exactly the sandbox and the controller that the verbs `sandbox` and `run` start; resolves to the exit code. */
export function playDemo(request: DemoRequest): Promise<number> {
  const { signal, out, error, json } = request
  return runDemo(request, {
    startSandbox,
    startController: async ({ configDirectory, awsEndpoint, listenersUrl }) => {
      Object.assign(process.env, demoVariables, {
        AWS_ENDPOINT_URL: awsEndpoint,
        STEERSMAN_LISTENERS_URL: listenersUrl,
      })
      const build = { version: request.version, commit: 'demo' }
      const running = await startController({
        config: configDirectory,
        logLevel: 'error',
        variables: process.env,
        build,
      })
      return { url: running.url, stop: () => running.stop(DRAIN_MS) }
    },
    print: (line) => (json ? error : out)(`${line}\n`),
    printResult: (text) => out(`${text}\n`),
    untilAsked: () =>
      new Promise((resolve) =>
        signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
      ),
  })
}

/** Read by the SDK from the process itself. The sandbox takes any key; the SDK wants one, and must not find a real one on the way. */
const demoVariables = {
  AWS_ACCESS_KEY_ID: 'demo',
  AWS_SECRET_ACCESS_KEY: 'demo',
  AWS_SESSION_TOKEN: '',
  AWS_REGION: 'eu-west-1',
}
