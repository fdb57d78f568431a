import { describe, expect, it } from 'vitest'
import type { AdoptRequest, AdoptResult } from '../../controller/cli/context.ts'
import { planAdoption } from '../../controller/core/adopt.ts'
import type { Move } from '../../controller/core/adopt.ts'
import { adoptable, wishes } from '../support/adoption-facts.ts'
import { releaseView, shopClient, steersman } from './stage.ts'

const rules = { path: 'deploy', policy: { allow: undefined }, requiredGates: [] }
const adoption = planAdoption(adoptable, wishes, rules)
const result: AdoptResult = { environment: 'prod', branch: 'prod', adoption }
const command = ['adopt', 'prod', 'shop', '--environment', 'prod']

const stage = (answer: AdoptResult, onRequest: (request: AdoptRequest) => void = () => undefined) => ({
  starters: {
    adopt: async (request: AdoptRequest) => {
      onRequest(request)
      return answer
    },
  },
})

describe('steersman adopt', () => {
  it('shows the files and the moves in order, and writes nothing', async () => {
    const requests: AdoptRequest[] = []
    const told = await steersman(
      command,
      stage(result, (request) => void requests.push(request)),
    )
    expect(told.code).toBe(2)
    expect(told.out).toContain('service shop of cluster prod as the blue side of prod/shop')
    expect(told.out).toContain('deploy/releases/shop.yaml\n  apiVersion: steersman.dev/v1alpha1')
    expect(told.out).toContain(
      '4. create service shop-green with 0 tasks, like the first one (ecs:CreateService)',
    )
    expect(requests.map(({ making }) => making)).toEqual([undefined])
  })

  it('asks for an engine, and for a deployment group of CodeDeploy', async () => {
    const requests: AdoptRequest[] = []
    const words = ['--engine', 'CodeDeploy', '--deployment-group', 'shops/prod/web']
    await steersman(
      [...command, ...words],
      stage(result, (request) => void requests.push(request)),
    )
    expect(requests).toMatchObject([
      {
        engine: 'CodeDeploy',
        deploymentGroup: { application: 'shops', deploymentGroup: 'prod/web' },
      },
    ])
  })

  it('says of a service whose traffic AWS moves that nothing has to be made', async () => {
    const moved = { ...adoption, engine: 'Native', moves: [] } as const
    const { code, out } = await steersman(command, stage({ ...result, adoption: moved }))
    expect(code).toBe(0)
    expect(out).toContain('service shop of cluster prod as prod/shop, engine Native')
    expect(out).toContain('nothing is left to be done in AWS')
  })

  it.each([[[]], [['-o', 'json']]])('never shows what a task definition holds (%j)', async (more) => {
    const { out, err } = await steersman([...command, ...more], stage(result))
    expect(out).toContain('deploy/taskdefs/shop.json')
    expect(`${out}${err}`).not.toContain('correct horse')
  })

  it('says why a service is refused, and how to mend it', async () => {
    const refused = planAdoption({ ...adoptable, foreignTargets: ['10.0.0.9:80'] }, wishes, rules)
    const { code, out } = await steersman(command, stage({ ...result, adoption: refused }))
    expect(code).toBe(1)
    expect(out).toBe(
      "service shop of cluster prod can't be adopted:\n  target group shop has targets that are no tasks of service shop: 10.0.0.9:80; deregister them, or give their service a target group of its own\n",
    )
  })

  it('asks a controller whether a release has the service already', async () => {
    const claimed = { ...stage(result), client: shopClient() }
    const asked = ['adopt', 'shop', 'web-blue', '--environment', 'prod', '--server', 'http://controller:8080']
    expect(await steersman(asked, claimed)).toEqual({
      code: 1,
      out: '',
      err: 'error: service web-blue of cluster shop belongs to a release; prod-web has it; look at steersman status; nothing has to be adopted\n',
    })
    expect((await steersman([...command, '--server', 'http://controller:8080'], claimed)).code).toBe(2)
  })

  it.each([
    ['shop', { engine: 'CodeDeploy', service: { cluster: 'shop', name: 'shop' } }],
    ['web', { strategy: { type: 'Rolling' }, service: { cluster: 'shop' } }],
  ] as const)('knows that a release has %s as its one service', async (name, more) => {
    const view = releaseView()
    const client = shopClient({ release: { ...view, spec: { ...view.spec, ...more } } })
    const asked = ['adopt', 'shop', name, '--environment', 'prod', '--server', 'http://controller:8080']
    const { err } = await steersman(asked, { ...stage(result), client })
    expect(err).toContain(`service ${name} of cluster shop belongs to a release`)
  })

  it('says what to commit once nothing is left to be done', async () => {
    const { code, out } = await steersman(command, stage({ ...result, adoption: { ...adoption, moves: [] } }))
    expect(code).toBe(0)
    expect(out).toContain('next: commit the files to prod')
  })

  it('writes the files where it is told to', async () => {
    const written: unknown[] = []
    const { out } = await steersman([...command, '--write', 'clone'], {
      starters: {
        adopt: async () => result,
        writeFiles: async (folder, files) =>
          void written.push(
            folder,
            files.map(({ path }) => path),
          ),
      },
    })
    const paths = ['deploy/releases/shop.yaml', 'deploy/taskdefs/shop.json', 'terraform/shop-green.tf']
    expect(written).toEqual(['clone', paths])
    expect(out).toContain(`written to clone:\n${paths.map((path) => `  ${path}\n`).join('')}`)
  })

  it('makes every move with --apply --yes and tells of each', async () => {
    const [move] = adoption.moves
    const { err } = await steersman([...command, '--apply', '--yes'], {
      starters: {
        async adopt({ making }: AdoptRequest) {
          expect(await making?.agrees(move as Move)).toBe(true)
          making?.made(move as Move)
          return result
        },
      },
    })
    expect(err).toBe(
      'done: create target group shop-green, like the first one (elasticloadbalancing:CreateTargetGroup)\n',
    )
  })

  it.each<[string, string[], string]>([
    ['a port that is none', ['--test-port', '0x50'], '--test-port is "0x50"; give a number from 1 to 65535'],
    [
      'an engine that is none',
      ['--engine', 'Lambda'],
      '--engine is "Lambda"; give TargetGroupSwap or Native or CodeDeploy',
    ],
    [
      'a deployment group without its application',
      ['--deployment-group', 'web'],
      '--deployment-group is "web"; give APPLICATION/GROUP',
    ],
    [
      '--apply where nobody can be asked',
      ['--apply'],
      'nobody is at the terminal to be asked before each step; give --yes, or call it from a terminal',
    ],
  ])('refuses %s', async (_, words, message) => {
    expect(await steersman([...command, ...words], stage(result))).toEqual({
      code: 1,
      out: '',
      err: `error: ${message}\n`,
    })
  })
})
