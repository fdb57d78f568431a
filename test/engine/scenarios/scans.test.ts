import { describe, expect, it } from 'vitest'
import type { Machine } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'

const spec = { images: { requireScan: { maxSeverity: 'MEDIUM' } } }

const untilReason = (machine: Machine, reason: string) =>
  machine.untilRelease(
    ({ conditions }) => conditions?.some((condition) => condition.reason === reason) ?? false,
    { what: reason },
  )

describe('where an image must have been scanned', STORY, () => {
  it('a version waits for its scan, and says until when', async (context) => {
    const machine = await startMachine(context, { spec })
    await machine.behaves('v2', { scan: { status: 'NONE' } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    const commit = machine.push({ version: 'v2' })
    const { waiting } = await machine.untilRelease(
      (release) => release.waiting?.reason === 'ImageScanPending',
      { what: 'ImageScanPending' },
    )
    expect(waiting?.message).toMatch(/web:v2@sha256:[0-9a-f]{64} was not scanned yet; turn on scan on push/)
    expect(Date.parse(waiting?.until ?? '')).toBeGreaterThan(0)
    await machine.nextReconcile()
    expect(machine.writes()).toEqual(writes)
    await machine.behaves('v2', { scan: { status: 'COMPLETE', findings: { MEDIUM: 3 } } })
    await machine.untilDeployed(commit)
    expect(await machine.served()).toBe('v2')
  })

  it('a version with findings above the limit never starts, and a newer one does', async (context) => {
    const machine = await startMachine(context, { spec })
    await machine.behaves('v2', { scan: { findings: { HIGH: 2, LOW: 9, CRITICAL: 1 } } })
    await machine.behaves('v3', { scan: { status: 'UNSUPPORTED_IMAGE' } })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    machine.push({ version: 'v2' })
    const release = await untilReason(machine, 'ImageFindings')
    expect(release.conditions?.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('found 1 CRITICAL, 2 HIGH; at most MEDIUM is let through here'),
    )
    machine.push({ version: 'v3' })
    await untilReason(machine, 'ImageScanFailed')
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
    await machine.untilDeployed(machine.push({ version: 'v4' }))
    expect(await machine.served()).toBe('v4')
  })

  it('what has served stays, and can be gone back to, whatever is found later', async (context) => {
    const machine = await startMachine(context, { spec })
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    await machine.untilDeployed(machine.push({ version: 'v2' }))
    await machine.behaves('v1', { scan: { status: 'ACTIVE', findings: { CRITICAL: 1 } } })
    await machine.behaves('v2', { scan: { status: 'ACTIVE', findings: { CRITICAL: 1 } } })
    await machine.untilDeployed(machine.push({ version: 'v2', pin: '{ rollout: 1, reason: "worse" }' }))
    expect(await machine.served()).toBe('v1')
    await machine.untilDeployed(machine.push({ version: 'v2' }))
    expect(await machine.served()).toBe('v2')
  })
})
