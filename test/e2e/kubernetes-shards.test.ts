import { describe, expect, it } from 'vitest'
import type { KubeClient } from '../../controller/adapters/kubernetes/calls.ts'
import { shardNames, shardOf } from '../../controller/core/shards.ts'
import { eventually } from '../support/eventually.ts'
import { startCluster } from './kube-cluster.ts'

const SHARDS = 4

describe('controllers that share a cluster by shards', () => {
  it('have two leases each of four, and one takes over the rollout of the other when that is killed', async () => {
    const { town, client, get } = await startCluster({ shards: SHARDS })
    const controllers = [await town.run(), await town.run()]
    const shared = await eventually(
      () => holdersOf(client),
      (holders) => controllers.every(({ process }) => shardsOf(holders, process.pid).length === 2),
      { what: 'two leases for each of the controllers', withinMs: 60_000 },
    )
    const acting = shared.get(`steersman-${shardOf('demo', shardNames(SHARDS))}`)
    const first = controllers.find(({ process }) => process.pid === acting)
    const second = controllers.find(({ process }) => process.pid !== acting)
    if (first === undefined || second === undefined) throw new Error('nobody leads the environment')
    const commit = town.push({ version: 'v1' })
    // The one that does not lead the environment takes the wish, and the other hears of it.
    await second.reconcile()
    await first.process.line(
      ({ event, phase }) => event === 'PhaseEntered' && phase === 'Provisioning',
      'provisioning',
    )
    expect(second.process.lines.filter(({ event }) => event === 'PhaseEntered')).toEqual([])
    await first.process.kill()
    await second.untilDeployed(commit, 60_000)
    expect(await get('rollouts', 'demo-web-1')).toMatchObject({ status: { outcome: 'Succeeded' } })
    expect(await town.writes()).toMatchObject({ RegisterTaskDefinition: 1, CreateService: 1 })
    await eventually(
      () => holdersOf(client),
      (holders) => shardsOf(holders, second.process.pid).length === SHARDS,
      { what: 'all leases to be with the one that lives', withinMs: 60_000 },
    )
    expect(await second.process.end()).toBe(0)
    // It has told the others that it is gone, which the one that was killed could not.
    const members = [...(await holdersOf(client)).keys()].filter((name) =>
      name.startsWith('steersman-member-'),
    )
    expect(members).toHaveLength(1)
  })
})

/** Process ids by the names of Leases; those that nobody holds are left out. */
async function holdersOf(client: KubeClient): Promise<ReadonlyMap<string, number>> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${client.namespace}/leases`
  const { items } = (await client.request({ method: 'GET', path })) as {
    readonly items: readonly {
      readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> }
      readonly spec: { readonly holderIdentity: string }
    }[]
  }
  return new Map(
    items
      .filter(({ spec }) => spec.holderIdentity !== '')
      .map(({ metadata }) => {
        const holder = JSON.parse(metadata.annotations['steersman.dev/lease-holder'] ?? '{}') as {
          readonly pid: number
        }
        return [metadata.name, holder.pid]
      }),
  )
}

const shardsOf = (holders: ReadonlyMap<string, number>, pid: number): readonly string[] =>
  [...holders].flatMap(([name, holder]) =>
    name.startsWith('steersman-shard-') && holder === pid ? name : [],
  )
