import { describe, expect, it } from 'vitest'
import type { RolloutView } from '../../controller/api/client.ts'
import { eventually } from '../support/eventually.ts'
import { releaseFiles } from '../support/machine/release-files.ts'
import type { PairShape } from '../support/machine/shape.ts'
import type { RunningTown, Town } from '../support/town.ts'
import { startTown } from '../support/town.ts'

const API: PairShape = { release: 'api', loadBalancer: 'api', port: 90, testPort: 9091 }
const MEMBERS = ['web', 'api'] as const
const PATIENCE = { withinMs: 90_000, everyMs: 20 }
const BAD_GATE =
  '    - { name: errors, when: Bake, http: { path: /, expect: { body: nobody says so } }, timeout: 1m }\n'

/** One commit that brings the version to both members; the second fails in its bake where it is to. */
function push({ repository }: Town, version: string, fails: boolean): string {
  const files = MEMBERS.map((release) => {
    const variant = release === 'api' ? { ...API, bake: '1s' } : { bake: '1s' }
    const given = releaseFiles({ ...variant, version })
    const path = `deploy/releases/${release}.yaml`
    const document = given[path]
    if (typeof document !== 'string') throw new Error(`there is no ${path}`)
    const text = document
      .replace(/^spec:\n/m, 'spec:\n  group: { name: shop, atomic: true }\n')
      .replace(/^ {2}gates:\n/m, `  gates:\n${fails && release === 'api' ? BAD_GATE : ''}`)
    return { ...given, [path]: text }
  })
  return repository.commit(Object.assign({}, ...files) as Record<string, string>, { branch: 'demo' })
}

const rolloutsOf = async (controller: RunningTown): Promise<readonly RolloutView[]> => {
  const { items } = (await controller.get('/rollouts')) as unknown as { readonly items: RolloutView[] }
  return items
}

/** How the rollouts of this number ended, by release. */
async function ends(controller: RunningTown, number: number): Promise<Record<string, string>> {
  const isOver = ({ spec, status }: RolloutView): boolean =>
    spec.number === number && status?.finishedAt !== undefined
  const over = await eventually(
    async () => (await rolloutsOf(controller)).filter(isOver),
    (found) => found.length === MEMBERS.length,
    { ...PATIENCE, what: `the end of both rollouts ${number}` },
  )
  return Object.fromEntries(
    over.map(({ spec, status }) => [spec.release, `${status?.outcome ?? ''} ${status?.reason ?? ''}`]),
  )
}

describe('a group whose members move together, in real processes under load', () => {
  it(
    'takes both back where one of them fails, with no failed request, and both on with the next',
    { timeout: 240_000 },
    async (context) => {
      const allow = { clusters: ['demo'], loadBalancers: ['demo', 'api'], families: ['demo-*'] }
      const roles = { executionRoles: ['*'], taskRoles: ['*'] }
      const town = await startTown(context, { pairs: [API], spec: { allow: { ...allow, ...roles } } })
      const controller = await town.run()
      await controller.untilDeployed(push(town, 'v1', false), 90_000)
      const loads = [await town.load(), await town.load(API.port)]
      push(town, 'v2', true)
      await controller.reconcile()
      expect(await ends(controller, 2)).toEqual({
        api: 'RolledBack GateFailed',
        web: 'RolledBack GroupMemberFailed',
      })
      const back = performance.now()
      await Promise.all(loads.map((load) => load.more(30)))
      expect(loads.map((load) => load.versionsSince(back))).toEqual([['v1'], ['v1']])
      expect(loads.map((load) => load.versions())).toEqual([
        ['v1', 'v2'],
        ['v1', 'v2'],
      ])
      await controller.untilDeployed(push(town, 'v3', false), 90_000)
      expect(await ends(controller, 3)).toEqual({ api: 'Succeeded Succeeded', web: 'Succeeded Succeeded' })
      const on = performance.now()
      await Promise.all(loads.map((load) => load.more(30)))
      expect(loads.map((load) => load.versionsSince(on))).toEqual([['v3'], ['v3']])
      await Promise.all(loads.map((load) => load.stop()))
      expect(loads.flatMap((load) => load.failures())).toEqual([])
    },
  )
})
