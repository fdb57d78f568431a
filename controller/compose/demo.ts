import type { DemoRequest } from '../cli/context.ts'
import { runDemo } from '../demo/demo.ts'
import { startSandbox } from '../sandbox/server.ts'
import { endRuns } from '../adapters/terraform/clean.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { startController } from './run.ts'

/** Where the dashboard of the demo is, unless --port says otherwise. */
const PORT = 8080

/** How long the demo's controller may take to end. */
const DRAIN_MS = 5_000

/** How long an apply may take to save its state, which a real controller leaves running: the demo's cloud ends with the demo. */
const GRACE_MS = 2_000

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
        const endTerraform = (): Promise<void> =>
          endRuns({ base: `${running.dataDir}/terraform`, clock: systemClock, graceMs: GRACE_MS })
        return {
          url: running.url,
          async stop() {
            // What the controller waits for ends with Terraform; what it began meanwhile is ended after it.
            await Promise.all([running.stop(DRAIN_MS), endTerraform()])
            await endTerraform()
          },
        }
      },
      print,
      printResult,
      signal,
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
