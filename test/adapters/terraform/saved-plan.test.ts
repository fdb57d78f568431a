import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf, makePrivate } from '../../../controller/adapters/terraform/saved-plan.ts'
import { portError } from '../../support/git-source.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('A saved plan', () => {
  it('is closed to others, and known by its content', async () => {
    const plan = join(await temporaryDirectory('steersman-saved-plan'), 'plan')
    writeFileSync(plan, 'planned')
    chmodSync(plan, 0o644)
    await makePrivate(plan)
    expect(modeOf(plan)).toBe(0o600)
    expect(await digestOf(plan)).toBe(
      'sha256:9b0f1b10aff55228716a1fbbc59bda8fe735ed14ccd5e2c5226a9ab72a48d47e',
    )
  })

  it.each(['a link to a file of ours', 'a pipe that nobody writes to', 'a directory', 'nothing'])(
    'is none where %s stands in its place, and nothing is done to that',
    async (what) => {
      const directory = await temporaryDirectory('steersman-saved-plan')
      const [plan, ours] = [join(directory, 'plan'), join(directory, 'ours')]
      writeFileSync(ours, 'a file of ours')
      chmodSync(ours, 0o644)
      if (what.startsWith('a link')) symlinkSync(ours, plan)
      if (what.startsWith('a pipe')) execFileSync('mkfifo', [plan])
      if (what.startsWith('a dir')) mkdirSync(plan)
      for (const look of [makePrivate, digestOf])
        expect(await portError(look(plan))).toMatchObject({ code: 'SavedPlanStale' })
      expect(modeOf(ours)).toBe(0o644)
    },
  )
})
