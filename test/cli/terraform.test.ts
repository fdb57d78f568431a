import { describe, expect, it } from 'vitest'
import type { Planned, PlannedEnvironment, PlanRequest } from '../../controller/cli/context.ts'
import { judgePlan } from '../../controller/core/infrastructure/judge.ts'
import { permissionFor } from '../../controller/core/infrastructure/permission.ts'
import { environmentOf, planOf, resourceChange } from '../core/infrastructure/plans.ts'
import { steersman } from './stage.ts'
import type { Told } from './stage.ts'

const planned = (
  changes: readonly unknown[],
  more: Partial<Extract<Planned, { result: 'Planned' }>> = {},
): Planned => {
  const judgement = judgePlan(planOf(changes), environmentOf())
  return {
    result: 'Planned',
    commit: 'a'.repeat(40),
    planDigest: 'sha256:12',
    inputDigest: 'sha256:34',
    judgement,
    permission: permissionFor(judgement, 'Safe'),
    drift: [],
    isolation: 'OtherUser',
    ...more,
  }
}

const told = (answer: Planned, ...args: readonly string[]): Promise<Told> =>
  steersman(['terraform', 'plan', '--ref', 'main', '--root', 'infra/app', ...args], {
    starters: { planRoot: () => Promise.resolve(answer) },
  })

async function asked(...args: readonly string[]): Promise<PlanRequest | undefined> {
  const requests: PlanRequest[] = []
  await steersman(['terraform', 'plan', '--ref', 'main', ...args], {
    starters: {
      planRoot: (request) => {
        requests.push(request)
        return Promise.resolve(planned([]))
      },
    },
  })
  return requests[0]
}

describe('terraform plan says', () => {
  it('that nothing changes, with exit code 0', async () => {
    const { code, out } = await told(planned([]))
    expect(code).toBe(0)
    expect(out).toBe('no changes\nverdict: Safe; nothing to do\nplan: sha256:12\n')
  })

  it('what would be done, with exit code 2', async () => {
    const change = resourceChange('aws_sqs_queue', ['update'], {
      before: { name: 'a' },
      after: { name: 'b' },
    })
    const { code, out } = await told(planned([change]))
    expect(code).toBe(2)
    expect(out).toBe(
      [
        '1 to change',
        'ACTION   ADDRESS             ATTRIBUTES',
        'change   aws_sqs_queue.web   name',
        'verdict: Safe; would be applied',
        'plan: sha256:12',
        '',
      ].join('\n'),
    )
  })

  it('what waits for a person, and why', async () => {
    const { code, out } = await told(planned([resourceChange('aws_vpc', ['delete'])]))
    expect(code).toBe(2)
    expect(out).toContain('verdict: Destructive; would wait for a person’s approval of this plan\n')
    expect(out).toContain('Deleted   aws_vpc.web   aws_vpc.web is deleted\n')
  })

  it('what is refused, with exit code 1', async () => {
    const { code, out } = await told(planned([resourceChange('aws_lb', ['delete'])]))
    expect(code).toBe(1)
    expect(out).toContain('verdict: ResetsTraffic; would be refused\n')
  })

  it('what has drifted, and that Terraform was not apart', async () => {
    const drift = [{ address: 'a.b', type: 'a', attribute: 'tags.x', live: '"1"', state: '"2"' }]
    const { out } = await told(planned([], { drift, isolation: 'SameUser' }))
    expect(out).toContain('a.b       tags.x      "1"    "2"\n')
    expect(out).toContain('note: Terraform ran as the same user')
  })

  it('why a root is refused', async () => {
    const issues = [{ file: 'main.tf', rule: 'Provisioner', message: 'x has a provisioner\u001b[31m' }]
    const { code, out } = await told({ result: 'RootRefused', issues })
    expect(code).toBe(1)
    expect(out).toContain('the root is refused: 1 issue; Terraform was not started\n')
    expect(out).not.toContain('\u001b')
  })

  it('who holds the lock', async () => {
    const lock = { id: '12', who: 'ci@runner\u001b', operation: 'OperationTypeApply', since: 0, path: 'x' }
    const { code, out } = await told({ result: 'StateLocked', lock })
    expect(code).toBe(1)
    expect(out).toBe('the state is locked by ci@runner\\u{1b} (OperationTypeApply, lock 12)\n')
  })

  it('all of it as one object of JSON', async () => {
    const answer = planned([])
    const { out } = await told(answer, '-o', 'json')
    expect(JSON.parse(out)).toEqual(answer)
  })

  it('warnings of Terraform on standard error', async () => {
    const { err } = await steersman(['terraform', 'plan', '--ref', 'main', '--root', 'x'], {
      starters: {
        planRoot: ({ onEvent }) => {
          onEvent({ type: 'Warning', message: 'old\u001b' })
          onEvent({ type: 'ResourceStarted', address: 'a.b', action: 'create', elapsedSeconds: 0 })
          return Promise.resolve(planned([]))
        },
      },
    })
    expect(err).toBe('warning: old\\u{1b}\n')
  })
})

describe('terraform plan asks', () => {
  it('with little for what is usual', async () => {
    expect(await asked('--root', './infra/app/')).toMatchObject({
      repository: '.',
      branch: 'main',
      root: 'infra/app',
      workspace: 'default',
      varFiles: [],
      backendConfig: {},
      variables: {},
      binary: 'terraform',
      apply: 'Safe',
      policy: { backends: ['s3'], providers: ['hashicorp/aws'], modules: [] },
    })
    expect(await asked('--root', '.')).toMatchObject({ root: '' })
  })

  it('with every option for what it says', async () => {
    const words =
      '--root app --repository /r --workspace prod --var-file a --var-file b --backend-config bucket=s=1 --backend-config dynamodb_table=l --environment prod --image web=w@sha256:1 --account 1 --own-role arn --protect aws_x --apply Never --backend local --provider a/b --module m/* --binary tofu'
    expect(await asked(...words.split(' '))).toMatchObject({
      repository: '/r',
      workspace: 'prod',
      varFiles: ['a', 'b'],
      backendConfig: { bucket: 's=1', dynamodb_table: 'l' },
      variables: { environment: 'prod', images: { web: 'w@sha256:1' } },
      binary: 'tofu',
      apply: 'Never',
      policy: { backends: ['local'], providers: ['hashicorp/aws', 'a/b'], modules: ['m/*'] },
      environment: {
        protect: ['aws_x'],
        accountId: '1',
        ownRoles: ['arn'],
        backend: { bucket: 's=1', dynamodbTable: 'l' },
        serving: undefined,
      },
    })
  })

  it.each([
    [['--apply', 'Sometimes'], 'error: --apply is "Sometimes"; give Never, Safe, Always\n'],
    [['--binary', '/evil'], 'error: --binary is "/evil"; give terraform, tofu\n'],
    [['--backend-config', 'x'], 'error: --backend-config is "x"; give key=value\n'],
    [['--frobnicate'], "error: unknown option '--frobnicate'; see steersman --help\n"],
  ])('not with %j', async (args, expected) => {
    const { code, err } = await steersman(['terraform', 'plan', '--ref', 'main', '--root', 'x', ...args])
    expect({ code, err }).toEqual({ code: 1, err: expected })
  })
})

describe('terraform plan of an environment', () => {
  const look = async (
    answer: PlannedEnvironment,
    ...args: readonly string[]
  ): Promise<Told & { readonly asked: readonly unknown[] }> => {
    const requests: unknown[] = []
    const result = await steersman(['terraform', 'plan', 'prod', '--config', 'x', ...args], {
      starters: {
        planEnvironment: ({ config, environment, branch }) => {
          requests.push({ config, environment, branch })
          return Promise.resolve(answer)
        },
      },
    })
    return { ...result, asked: requests }
  }

  it('asks for its own branch, or for another one', async () => {
    const own = await look(planned([]))
    expect(own).toMatchObject({ code: 0, asked: [{ config: 'x', environment: 'prod', branch: undefined }] })
    const other = await look(planned([resourceChange('aws_vpc', ['delete'])]), '--ref', 'feature')
    expect(other).toMatchObject({ code: 2, asked: [{ branch: 'feature' }] })
  })

  it('says why there is none, with exit code 1', async () => {
    const { code, out } = await look({ result: 'Waits', message: 'the image is missing' })
    expect({ code, out }).toEqual({ code: 1, out: 'not planned: the image is missing\n' })
  })

  it('needs the name, or a branch and a root', async () => {
    const { code, err } = await steersman(['terraform', 'plan', '--ref', 'main'])
    expect(code).toBe(1)
    expect(err).toContain('give the name of an environment, or --ref BRANCH and --root FOLDER')
  })
})
