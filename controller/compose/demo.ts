import type { DemoRequest } from '../cli/context.ts'
import { runDemo } from '../demo/demo.ts'
import { startSandbox } from '../sandbox/server.ts'
import { startController } from './run.ts'

/** Where the dashboard of the demo is, unless --port says otherwise. */
const PORT = 8080

/** How long the demo's controller may take to end. */
const DRAIN_MS = 5_000

/** Plays the demo with the very sandbox and controller that `sandbox` and `run` start; resolves to the exit code. */
export async function startDemo(
  { once, port = once ? 0 : PORT, terraform, json }: DemoRequest,
  {
    version,
    commit,
    variables,
    signal,
    print,
    printResult,
  }: {
    readonly version: string
    readonly commit: string
    readonly variables: Readonly<Record<string, string | undefined>>
    readonly signal: AbortSignal
    readonly print: (line: string) => void
    readonly printResult: (text: string) => void
  },
): Promise<number> {
  return runDemo(
    { once, port, terraform, json, version },
    {
      variables: forTerraform(variables),
      startSandbox,
      async startController({ configDirectory, awsEndpoint, listenersUrl }) {
        const running = await startController({
          config: configDirectory,
          logLevel: 'error',
          variables: { ...forTerraform(variables), STEERSMAN_LISTENERS_URL: listenersUrl },
          build: { version, commit },
          aws: { endpoint: awsEndpoint, credentials: sandboxCredentials },
        })
        return { url: running.url, stop: () => running.stop(DRAIN_MS) }
      },
      print,
      printResult,
      untilAsked: () =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve()
          signal.addEventListener('abort', () => resolve(), { once: true })
        }),
    },
  )
}

/** Of a person's own settings the demo takes where programs and providers are, and nothing else. */
const forTerraform = (
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => name === 'PATH' || name.startsWith('TF_')))

/** The sandbox takes any. */
const sandboxCredentials = () => Promise.resolve({ accessKeyId: 'sandbox', secretAccessKey: 'sandbox' })
