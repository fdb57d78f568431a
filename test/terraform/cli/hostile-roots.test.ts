import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { requires } from '../../support/requires.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'
import type { HostileTown } from '../support/hostile/hostile-town.ts'
import { startHostileTown } from '../support/hostile/hostile-town.ts'
import { PLANTED, plantedIn } from '../support/hostile/planted.ts'
import { filesOf, refusedRoots, slippedRoots, startedRoots } from '../support/hostile/roots.ts'
import { withProvider } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'git'))
/** Only root can run Terraform as a user who may read nothing of the controller. */
const isRoot = process.getuid?.() === 0

describe.skipIf(found.missing !== undefined)(found.title('A controller that knows secrets'), () => {
  const closers: (() => Promise<void>)[] = []
  let hostile: HostileTown
  beforeAll(async () => {
    hostile = await startHostileTown({ onTestFinished: (close) => closers.push(close) })
  })
  afterAll(async () => {
    for (const close of closers.toReversed()) await close()
  })

  /** Commits the root and waits for what people are told; nothing planted may be anywhere by then. */
  async function told(root: ReturnType<typeof refusedRoots>[number]): Promise<string> {
    hostile.push(filesOf(root))
    const { message } = await hostile.untilSaid(
      ({ reason, message: text }) => reason === root.reason && text.includes(root.says),
      `${root.reason} of ${root.what}`,
    )
    expect(plantedIn(`${await hostile.told()}\n${await hostile.kept()}`)).toEqual([])
    expect(globSync('terraform/*', { cwd: hostile.town.dataDir })).toEqual([])
    return message
  }

  it.for(refusedRoots())('refuses $what, says why and starts nothing', async (root) => {
    const before = hostile.terraform.commands()
    expect(await told(root)).toContain('the Terraform root is not run')
    expect(hostile.terraform.commands()).toEqual(before)
  })

  it.for(startedRoots())('loses nothing to $what', async (root) => {
    const before = hostile.terraform.commands().length
    expect(await told(root)).toContain('terraform plan failed')
    expect(hostile.terraform.commands().slice(before)).toEqual(['version', 'init', 'plan'])
    const loot = hostile.prowler.takeLoot()
    const given = [...loot.matchAll(/^AWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN)=(.+)$/gm)].map(([, key]) => key)
    expect(new Set(given).size).toBe(2)
    const all = `${await hostile.told()}\n${await hostile.kept()}`
    expect(given.filter((key = '') => all.includes(key))).toEqual([])
    if (isRoot) expect(plantedIn(loot)).toEqual([])
  })

  it('would lose all of it to the same program as its own user', async () => {
    // It takes what lies where it runs, too: that must not be this repository with all of its packages.
    const cwd = await temporaryDirectory()
    execFileSync(hostile.prowler.file, { cwd, env: { PATH: process.env['PATH'] }, timeout: 60_000 })
    expect(plantedIn(hostile.prowler.takeLoot())).toEqual(PLANTED)
  })

  it.skipIf(!isRoot).for(slippedRoots())(
    `loses nothing to $what that no check has stopped${isRoot ? '' : ' (skipped: not root)'}`,
    async ({ files, runs }) => {
      const session = await hostile.openPastTheCheck(files)
      onTestFinished(() => session.close())
      const planned = await session.plan({ isRefreshOnly: false, lockTimeoutMs: 0 }).catch(errorOf)
      const ended =
        'digest' in planned
          ? await session.apply({ digest: planned.digest, lockTimeoutMs: 0 }).catch(errorOf)
          : undefined
      const loot = hostile.prowler.takeLoot()
      expect(loot.includes('prowled to the end')).toBe(runs)
      expect(plantedIn(`${loot}\n${JSON.stringify([planned, ended])}`)).toEqual([])
    },
  )
})

/** What came of it, to be searched. */
const errorOf = (error: unknown): { readonly error: string } => ({ error: inspect(error, { depth: 10 }) })
