import { describe, expect, it } from 'vitest'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { releaseFiles } from '../../support/machine/release-files.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import type { TreeEntry } from '../../support/repository.ts'

/** The demo's release with a proxy beside its container; the proxy comes first in the map. */
function files({ web, proxy, pin }: { web: string; proxy: string; pin?: string }): Record<string, TreeEntry> {
  const image = (tag: string): string => `{ repository: ${IMAGE_REPOSITORY}, tag: ${tag} }`
  const images = `{ proxy: ${image(proxy)}, web: ${image(web)} }`
  const written = releaseFiles({ image: 'IMAGE', ...(pin === undefined ? {} : { pin }) })
  const text = (path: string): string => {
    const entry = written[path]
    if (typeof entry !== 'string') throw new Error(`there is no ${path}`)
    return entry
  }
  const taskDefinition = JSON.parse(text('deploy/taskdefs/web.json')) as {
    containerDefinitions: object[]
  }
  taskDefinition.containerDefinitions.unshift({ name: 'proxy', essential: false })
  return {
    'deploy/releases/web.yaml': text('deploy/releases/web.yaml').replace('image: IMAGE', `images: ${images}`),
    'deploy/taskdefs/web.json': JSON.stringify(taskDefinition),
  }
}

const sidecarsOf = async (machine: Machine, number: number): Promise<unknown[]> =>
  ((await machine.rollout(number))?.spec.sidecars ?? []).map(({ container, tag }) => [container, tag])

describe('a release with several images', STORY, () => {
  it('rolls a new image of its sidecar out, and goes back to the one before by a pin', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(files({ web: 'v1', proxy: 'p1' })))
    const first = await machine.rollout(1)
    expect(first?.spec.image).toMatchObject({ container: 'web', tag: 'v1' })
    expect(await sidecarsOf(machine, 1)).toEqual([['proxy', 'p1']])
    await machine.untilDeployed(machine.pushFiles(files({ web: 'v1', proxy: 'p2' })))
    expect(await machine.served()).toBe('v1')
    expect(await sidecarsOf(machine, 2)).toEqual([['proxy', 'p2']])
    const record = machine.repository.git(['for-each-ref', '--format=%(contents)', 'refs/tags/deploy/demo/2'])
    const digest = (await machine.rollout(2))?.spec.sidecars?.[0]?.digest
    expect(record).toContain(` image.proxy=${digest ?? 'none'}`)
    const pin = '{ rollout: 1, reason: "p2 is slow" }'
    await machine.untilDeployed(machine.pushFiles(files({ web: 'v1', proxy: 'p2', pin })))
    expect((await machine.rollout(3))?.spec.taskDefinition).toBe(first?.spec.taskDefinition)
    expect(await sidecarsOf(machine, 3)).toEqual([['proxy', 'p1']])
    expect(machine.writes()).toMatchObject({ RegisterTaskDefinition: 2 })
  })

  it('waits for each of them, by name', async (context) => {
    const machine = await startMachine(context)
    await machine.behaves('p2', { missing: true })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(files({ web: 'v1', proxy: 'p1' })))
    const writes = machine.writes()
    const commit = machine.pushFiles(files({ web: 'v2', proxy: 'p2' }))
    const { waiting } = await machine.untilRelease((release) => release.waiting?.reason === 'ImageNotFound')
    expect(waiting?.message).toContain('web:p2 is not in the registry yet')
    expect(machine.writes()).toEqual(writes)
    await machine.behaves('p2', {})
    machine.reconcile()
    await machine.untilDeployed(commit)
    expect(await machine.served()).toBe('v2')
  })

  it('is held by the scan of a sidecar, and by the policy of images', async (context) => {
    const spec = { images: { requireScan: { maxSeverity: 'MEDIUM' } } }
    const machine = await startMachine(context, { spec })
    await machine.behaves('p2', { scan: { findings: { CRITICAL: 1 } } })
    await machine.start()
    await machine.untilDeployed(machine.pushFiles(files({ web: 'v1', proxy: 'p1' })))
    const writes = machine.writes()
    machine.pushFiles(files({ web: 'v2', proxy: 'p2' }))
    const release = await machine.untilRelease(
      ({ conditions }) => conditions?.some(({ reason }) => reason === 'ImageFindings') ?? false,
      { what: 'ImageFindings' },
    )
    expect(JSON.stringify(release.conditions)).toContain('web:p2@sha256:')
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
  })
})
