import { PortError } from '../../ports/error.ts'
import type { InfrastructureTurn } from './turn.ts'

/** Tells how a command of Terraform ended, and how long it took. */
export async function timed<Result extends { readonly result: string }>(
  { engine, environment, want }: InfrastructureTurn,
  command: 'plan' | 'apply',
  run: () => Promise<Result>,
): Promise<Result> {
  const { clock, telemetry } = engine.ports
  const startedAt = clock.monotonic()
  const tell = (result: string, message: string): void =>
    telemetry.emit({
      type: 'TerraformRan',
      environment,
      command,
      result,
      message,
      commit: want.commit,
      durationMs: clock.monotonic() - startedAt,
    })
  try {
    const done = await run()
    tell(done.result === 'StateLocked' ? 'StateLocked' : 'Done', '')
    return done
  } catch (error) {
    const isKnown = error instanceof PortError
    tell(isKnown ? error.code : 'Error', isKnown ? error.message : '')
    throw error
  }
}
