import type { GateAttempt, ScriptProbe } from '../../ports/gate.ts'
import type { ScriptEnd, Scripts } from '../../ports/scripts.ts'

/** Runs the program once. */
export async function probeScript(
  probe: ScriptProbe,
  scripts: Scripts,
  signal: AbortSignal,
): Promise<GateAttempt> {
  return judgeScript(probe, await scripts.run(probe, signal))
}

/** What the end of a run says: exit code 0 is good, another one bad; everything else says nothing of the version. */
export function judgeScript({ command, timeoutMs }: ScriptProbe, end: ScriptEnd): GateAttempt {
  const name = command[0] ?? ''
  switch (end.kind) {
    case 'Exited':
      return {
        result: end.exitCode === 0 ? 'Success' : 'Failure',
        message: `${name} exited with ${end.exitCode}${said(end.output)}`,
      }
    case 'Signalled':
      return { result: 'Inconclusive', message: `${name} was ended by ${end.signal}${said(end.output)}` }
    case 'TimedOut':
      return {
        result: 'Inconclusive',
        message: `${name} took longer than ${timeoutMs / 1000} s and was killed${said(end.output)}`,
      }
    case 'NotStarted':
      return { result: 'Inconclusive', message: `${name} could not be run: ${end.why}` }
  }
}

/** So much of its last words stands in a message. */
const LONGEST = 300

function said(output: string): string {
  const words = output.replaceAll(/\s+/g, ' ').trim()
  if (words === '') return ''
  return `: ${words.length > LONGEST ? `…${words.slice(-LONGEST)}` : words}`
}
