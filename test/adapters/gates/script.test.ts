import { describe, expect, it } from 'vitest'

import { createGateRunner } from '../../../controller/adapters/gates/runner.ts'
import type { ScriptEnd } from '../../../controller/ports/scripts.ts'
import { runnerOptions, unstopped } from './servers.ts'

const ask = (end: ScriptEnd) =>
  createGateRunner(runnerOptions({ scripts: { run: async () => end } })).probe(
    { kind: 'script', gate: 'check', command: ['check.sh', 'hush'], facts: {}, timeoutMs: 60_000 },
    unstopped,
  )

describe('a gate of a program', () => {
  it.each<readonly [ScriptEnd, string, string]>([
    [{ kind: 'Exited', exitCode: 0, output: 'all\n well \n' }, 'Success', 'check.sh exited with 0: all well'],
    [{ kind: 'Exited', exitCode: 2, output: '' }, 'Failure', 'check.sh exited with 2'],
    [{ kind: 'Signalled', signal: 'SIGSEGV', output: '' }, 'Inconclusive', 'check.sh was ended by SIGSEGV'],
    [
      { kind: 'TimedOut', output: 'step 1' },
      'Inconclusive',
      'check.sh took longer than 60 s and was killed: step 1',
    ],
    [{ kind: 'NotStarted', why: 'it is a link' }, 'Inconclusive', 'check.sh could not be run: it is a link'],
  ])('takes %j for %s', async (end, result, message) => {
    expect(await ask(end)).toEqual({ result, message })
  })

  it('shows no more than the last words', async () => {
    const { message } = await ask({ kind: 'Exited', exitCode: 1, output: `${'x'.repeat(900)} end` })
    expect(message).toMatch(/^check\.sh exited with 1: …x+ end$/)
    expect(message.length).toBeLessThan(340)
  })
})
