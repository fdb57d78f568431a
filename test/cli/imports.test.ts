import { describe, expect, it } from 'vitest'
import type { InfrastructureLeftover, InfrastructurePlan } from '../../controller/resources/types.ts'
import { environmentView, steersman } from './stage.ts'

const LEFTOVER: InfrastructureLeftover = { arn: 'arn:1', importId: 'vpc-1', addresses: ['aws_vpc.web'] }

/** What `terraform imports` prints where these leftovers are known. */
async function printed(leftovers: InfrastructureLeftover[], ...words: readonly string[]): Promise<string> {
  const plan: InfrastructurePlan = {
    id: 'sha256:1',
    commit: 'c'.repeat(40),
    inputDigest: 'sha256:2',
    serial: 1,
    at: '2026-11-29T10:00:00Z',
    verdict: 'Safe',
    permission: 'Refuse',
    summary: '1 to add',
    leftovers,
  }
  const client = { environment: () => Promise.resolve(environmentView({ infrastructure: { plan } })) }
  const { code, out } = await steersman(['terraform', 'imports', 'prod', ...words], { client })
  expect(code).toBe(0)
  return out
}

describe('terraform imports', () => {
  it('prints nothing but what a root takes', async () => {
    expect(await printed([LEFTOVER])).toBe('# arn:1\nimport {\n  to = aws_vpc.web\n  id = "vpc-1"\n}\n')
    expect(await printed([])).toBe('# nothing is left of an interrupted apply\n')
  })

  it('gives the leftovers as JSON', async () => {
    expect(JSON.parse(await printed([LEFTOVER], '-o', 'json'))).toEqual([LEFTOVER])
  })

  it('keeps a name from reaching beyond its comment', async () => {
    const arn = 'arn:1\nresource "x" "y" {}'
    const lines = (await printed([{ arn, addresses: ['aws_vpc.web'] }])).trimEnd().split('\n')
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([])
  })
})
