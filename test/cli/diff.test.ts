import { describe, expect, it } from 'vitest'
import { steersman } from './stage.ts'

describe('a live diff', () => {
  const preview = {
    environment: 'prod',
    release: 'web',
    changes: [{ path: '/service/desiredCount', wanted: 3, live: 5, owner: 'Steersman', class: 'service' }],
    actions: ['scale the blue side to 3 tasks'],
    blocked: undefined,
    order: [],
  } as const
  const config = ['--config', 'x']

  it('tells what would be done, with exit code 2', async () => {
    const starters = { diffLive: () => Promise.resolve([preview]) }
    const { code, out } = await steersman(['diff', 'prod/web', ...config], { starters })
    expect({ code, out }).toEqual({
      code: 2,
      out: `prod/web
PATH                    WANTED   LIVE   OWNER       CLASS
/service/desiredCount   3        5      Steersman   service
what would be done:
  1. scale the blue side to 3 tasks
`,
    })
  })

  it('tells which releases come first, or come along', async () => {
    const order = ['waits until db serves; db: not begun yet']
    const starters = { diffLive: () => Promise.resolve([{ ...preview, changes: [], order }]) }
    expect((await steersman(['diff', 'prod/web', ...config], { starters })).out).toBe(`prod/web
what would be done:
  waits until db serves; db: not begun yet
  1. scale the blue side to 3 tasks
`)
  })

  it('has the infrastructure before it', async () => {
    const infrastructure = { result: 'Waits', message: 'the image is missing' } as const
    const starters = {
      diffLive: () =>
        Promise.resolve([
          { environment: 'prod', infrastructure },
          { ...preview, changes: [], actions: [] },
        ]),
    }
    expect(await steersman(['diff', ...config], { starters })).toEqual({
      code: 0,
      out: 'prod: infrastructure\n  not planned: the image is missing\n\nprod/web: nothing to do\n',
      err: '',
    })
  })

  it('asks for a branch, and for no Terraform', async () => {
    const requests: object[] = []
    const starters = {
      diffLive: (request: object) => {
        requests.push(request)
        return Promise.resolve([])
      },
    }
    await steersman(['diff', 'prod', '--ref', 'feature', '--no-terraform', ...config], { starters })
    await steersman(['diff', ...config], { starters })
    expect(requests).toMatchObject([
      { environment: 'prod', branch: 'feature', plans: false },
      { branch: undefined, plans: true },
    ])
  })

  it('is nothing, with exit code 0', async () => {
    const starters = { diffLive: () => Promise.resolve([{ ...preview, changes: [], actions: [] }]) }
    expect(await steersman(['diff', ...config], { starters })).toEqual({
      code: 0,
      out: 'prod/web: nothing to do\n',
      err: '',
    })
  })
})
