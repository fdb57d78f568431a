import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import { requires } from '../../support/requires.ts'
import type { RunningTown, Town } from '../../support/town.ts'
import { startTown } from '../../support/town.ts'
import { PAIR_ROOT, webRelease, writePairRoot } from '../support/pair-root.ts'
import { copyOfModules, succeeded, withProvider } from '../support/terraform.ts'
import type { Copy } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'git'))
/** A first apply waits a minute for the load balancer, inside the provider. */
const PATIENCE_MS = 600_000
const SWAPS = 10

// The steps follow one another on one environment, as they do in a team's first week.
describe.skipIf(found.missing !== undefined)(
  found.title('modules/cluster and modules/service, made by Terraform in the sandbox'),
  () => {
    const ends: (() => Promise<void>)[] = []
    let town: Town
    let copy: Copy

    beforeAll(async () => {
      town = await startTown({ onTestFinished: (close) => ends.push(close) }, { world: 'empty' })
      copy = await copyOfModules(town.variables())
      await writePairRoot(copy)
      await terraform('init', '-input=false')
    })
    afterAll(async () => {
      await copy.remove()
      for (const end of ends) await end()
    })

    const terraform = (...words: string[]) => succeeded(copy.terraform(PAIR_ROOT, ...words))
    const plan = () => copy.terraform(PAIR_ROOT, 'plan', '-input=false', '-detailed-exitcode')

    it('are applied, and then plan nothing', { timeout: PATIENCE_MS }, async () => {
      expect(await terraform('apply', '-input=false', '-auto-approve')).toContain('Apply complete!')
      expect(await plan()).toMatchObject({ code: 0, text: expect.stringContaining('No changes.') as string })
    })

    it(
      'plan nothing after ten rollouts by git, under which no request failed',
      { timeout: PATIENCE_MS },
      async () => {
        const controller = await town.run()
        await rollOut(town, controller, 'v0')
        const served = [await serving(town)]
        for (let swap = 1; swap <= SWAPS; swap += 1) {
          const load = await town.load()
          const deployedAt = await rollOut(town, controller, `v${swap}`)
          await load.more(20)
          await load.stop()
          expect(load.failures()).toEqual([])
          expect(load.versions()).toEqual([`v${swap - 1}`, `v${swap}`].toSorted())
          expect(load.versionsSince(deployedAt)).toEqual([`v${swap}`])
          served.push(await serving(town))
        }
        const sides = Array.from({ length: SWAPS + 1 }, (_, swap) => (swap % 2 === 0 ? 'green' : 'blue'))
        expect(served).toEqual(sides.map((side, swap) => ({ version: `v${swap}`, side })))
        expect(await controller.process.end()).toBe(0)
        expect(town.records().toSorted((one, other) => one - other)).toEqual(
          Array.from({ length: SWAPS + 1 }, (_, index) => index + 1),
        )
        const writes = await town.writes()
        // The production rule and the test rule, once each.
        expect(writes['ModifyRule']).toBe((SWAPS + 1) * 2)
        // The four services are Terraform's.
        expect(writes['CreateService']).toBe(4)
        expect(await plan()).toMatchObject({
          code: 0,
          text: expect.stringContaining('No changes.') as string,
        })
      },
    )

    it(
      'in a root that would put the weights back is refused by the judge',
      { timeout: PATIENCE_MS },
      async () => {
        const file = join(copy.path, 'modules/service/traffic.tf')
        const shipped = await readFile(file, 'utf8')
        await writeFile(file, shipped.replaceAll('ignore_changes = [action]', 'ignore_changes = []'))
        await terraform('plan', '-input=false', '-out=plan')
        await writeFile(file, shipped)
        const arns = JSON.parse(await terraform('output', '-json', 'rule_arns')) as string[]
        const shown = copy.program(
          'terraform',
          `-chdir=${join(copy.path, PAIR_ROOT)}`,
          'show',
          '-json',
          'plan',
        )
        const { verdict, reasons } = judgePlan(JSON.parse(await succeeded(shown)), {
          accountId: '123456789012',
          backend: {},
          ownRoles: [],
          protect: [],
          serving: { arns, liveServices: ['demo/web-green'], clusters: ['demo'] },
        })
        expect(verdict).toBe('ResetsTraffic')
        expect(reasons.map(({ rule, address }) => `${rule} ${address}`)).toEqual([
          'ListenerAction module.release["web"].aws_lb_listener_rule.production',
          'ListenerAction module.release["web"].aws_lb_listener_rule.test',
        ])
      },
    )

    it('are destroyed, with nothing asked that the sandbox lacks', { timeout: PATIENCE_MS }, async () => {
      expect(await terraform('destroy', '-input=false', '-auto-approve')).toContain('Destroy complete!')
      const answered = await fetch(`${town.sandboxUrl}/_sandbox/calls`)
      const calls = (await answered.json()) as { known: boolean }[]
      expect(calls.filter(({ known }) => !known)).toEqual([])
    })
  },
)

/** Pushes a version and waits until it is recorded; when that was seen (milliseconds, monotonic). */
async function rollOut(town: Town, controller: RunningTown, version: string): Promise<number> {
  const commit = town.repository.commit(webRelease(version), { branch: 'demo' })
  await controller.reconcile()
  await controller.untilDeployed(commit, 120_000)
  return performance.now()
}

/** Which version and side answers on the production listener. */
async function serving(town: Town): Promise<{ version: string; side: string }> {
  const listeners = await (await fetch(`${town.sandboxUrl}/_sandbox/listeners`)).json()
  const url = (listeners as { port: number; url: string }[]).find(({ port }) => port === 80)?.url ?? ''
  const { version, side } = (await (await fetch(url)).json()) as { version: string; side: string }
  return { version, side }
}
