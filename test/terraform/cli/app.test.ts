import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { swapTenTimes } from '../support/swaps.ts'
import { requires } from '../../support/requires.ts'
import { startMoto } from '../support/moto.ts'
import type { Moto } from '../support/moto.ts'
import { copyOfModules, succeeded, withProvider } from '../support/terraform.ts'
import type { Copy } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'moto', 'aws'))
const ROOT = 'roots/app'
const BUCKET = 'shop-123456789012-tfstate'
const PATIENCE_MS = 900_000

const imagesWith = (digit: string, environment = 'dev'): string =>
  JSON.stringify({
    web: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-${environment}/web@sha256:${digit.repeat(64)}`,
  })

/** What is read of `terraform show -json` of a plan. */
interface PlanDocument {
  readonly resource_changes?: readonly { address: string; change: { actions: string[] } }[]
  readonly resource_drift?: readonly {
    address: string
    change: { before: Record<string, unknown>; after: Record<string, unknown> }
  }[]
}

// The steps follow one another on one environment: making it takes minutes.
describe.skipIf(found.missing !== undefined)(found.title('roots/app against moto'), () => {
  let moto: Moto
  let copy: Copy

  beforeAll(async () => {
    moto = await startMoto()
    copy = await copyOfModules({ AWS_ENDPOINT_URL: moto.url })
    await aws(
      's3api create-bucket --create-bucket-configuration LocationConstraint=eu-west-1 --bucket',
      BUCKET,
    )
    const backend = [`bucket=${BUCKET}`, 'key=app/dev.tfstate', 'use_lockfile=true', 'region=eu-west-1']
    await terraform('init', '-input=false', ...backend.map((setting) => `-backend-config=${setting}`))
  })
  afterAll(async () => {
    await copy.remove()
    await moto.stop()
  })

  const terraform = (...words: string[]) => succeeded(copy.terraform(ROOT, ...words))
  const aws = async (command: string, ...words: string[]): Promise<unknown> => {
    const text = await succeeded(copy.program('aws', ...command.split(' '), ...words, '--output', 'json'))
    return text.trim() === '' ? undefined : (JSON.parse(text) as unknown)
  }
  const plan = async (...words: string[]) => {
    const all = ['-input=false', '-var-file=env/dev.tfvars', `-var=images=${imagesWith('a')}`, ...words]
    const { code, text } = await copy.terraform(ROOT, 'plan', '-detailed-exitcode', '-out=plan', ...all)
    if (code === 1) throw new Error(text)
    const shown = await succeeded(
      copy.program('terraform', `-chdir=${join(copy.path, ROOT)}`, 'show', '-json', 'plan'),
    )
    return { code, text, document: JSON.parse(shown) as PlanDocument }
  }
  const output = async (name: string) => (await terraform('output', '-raw', name)).trim()
  const changesOf = (document: PlanDocument) =>
    (document.resource_changes ?? [])
      .filter(({ change }) => change.actions.join() !== 'no-op')
      .map(({ address, change }) => `${change.actions.join(' and ')} ${address}`)
      .toSorted()

  it(
    'is applied with nothing but its variables, and then plans nothing',
    { timeout: PATIENCE_MS },
    async () => {
      const first = await plan()
      expect(first.text).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/u)
      await terraform('apply', '-input=false', 'plan')
      const second = await plan()
      expect(changesOf(second.document)).toEqual([])
      expect(second.text).toContain('No changes.')
      expect(second.code).toBe(0)
    },
  )

  it('has made a pair without a task, with all weight on blue and the tests on green', async () => {
    const described = await aws(
      'ecs describe-services --cluster shop-dev --services web-blue web-green --query services[].[serviceName,desiredCount,status]',
    )
    expect(described).toEqual([
      ['web-blue', 0, 'ACTIVE'],
      ['web-green', 0, 'ACTIVE'],
    ])
    const weights = async (rule: string) => {
      const query = 'Rules[0].Actions[0].ForwardConfig.TargetGroups[].[TargetGroupArn,Weight]'
      const groups = (await aws(
        'elbv2 describe-rules --query',
        query,
        '--rule-arns',
        await output(rule),
      )) as [string, number][]
      return groups.map(([arn, weight]) => `${arn.split('/')[1] ?? ''} ${weight}`).toSorted()
    }
    expect(await weights('web_rule_arn')).toEqual(['dev-web-blue 100', 'dev-web-green 0'])
    expect(await weights('web_test_rule_arn')).toEqual(['dev-web-blue 0', 'dev-web-green 100'])
  })

  it(
    'plans nothing after ten swaps, another count, and scaling that is held still',
    { timeout: PATIENCE_MS },
    async () => {
      const ruleArns = { production: await output('web_rule_arn'), test: await output('web_test_rule_arn') }
      await swapTenTimes({
        url: moto.url,
        cluster: 'shop-dev',
        name: 'web',
        targetGroups: 'dev-web',
        ruleArns,
      })
      const target = '--service-namespace ecs --scalable-dimension ecs:service:DesiredCount'
      const still = '--suspended-state DynamicScalingInSuspended=true'
      await aws(
        `application-autoscaling register-scalable-target ${target} ${still} --resource-id service/shop-dev/web-blue`,
      )
      await aws(
        `application-autoscaling register-scalable-target ${target} --min-capacity 0 --max-capacity 0 --resource-id service/shop-dev/web-green`,
      )
      const { text, code } = await plan()
      expect(text).toContain('No changes.')
      expect(code).toBe(0)
    },
  )

  it(
    'registers a revision for a new image, keeps the one before and leaves the services alone',
    { timeout: PATIENCE_MS },
    async () => {
      const before = await output('web_task_definition_arn')
      const { document } = await plan(`-var=images=${imagesWith('b')}`)
      expect(changesOf(document)).toEqual(['delete and create module.web.aws_ecs_task_definition.this'])
      await terraform('apply', '-input=false', 'plan')
      const after = await output('web_task_definition_arn')
      expect(after).not.toBe(before)
      const query = ['--query', 'taskDefinition.status', '--task-definition']
      expect(await aws('ecs describe-task-definition', ...query, before)).toBe('ACTIVE')
      const served = await aws(
        'ecs describe-services --cluster shop-dev --services web-blue web-green --query services[].[desiredCount,taskDefinition]',
      )
      expect(JSON.stringify(served)).toMatch(/\[\[3,"[^"]*\/dev-web:10"\],\[3,"[^"]*\/dev-web:9"\]\]/u)
    },
  )

  it('shows what somebody changed by hand, and what would mend it', { timeout: PATIENCE_MS }, async () => {
    const groups = (await aws(
      'elbv2 describe-target-groups --names dev-web-blue --query TargetGroups[].TargetGroupArn',
    )) as string[]
    await aws(
      'elbv2 modify-target-group --health-check-interval-seconds 42 --target-group-arn',
      groups[0] ?? '',
    )
    const images = `-var=images=${imagesWith('b')}`
    const looked = await plan('-refresh-only', images)
    expect(looked.code).toBe(2)
    const drifted = (looked.document.resource_drift ?? []).filter(({ address }) =>
      address.includes('target_group'),
    )
    expect(drifted.map(({ address }) => address)).toEqual(['module.web.aws_lb_target_group.side["blue"]'])
    expect(drifted[0]?.change.before['health_check']).toMatchObject([{ interval: 10 }])
    expect(drifted[0]?.change.after['health_check']).toMatchObject([{ interval: 42 }])
    const mended = await plan(images)
    expect(changesOf(mended.document)).toEqual(['update module.web.aws_lb_target_group.side["blue"]'])
  })

  it('tells Steersman of changed bounds of scaling by tags', { timeout: PATIENCE_MS }, async () => {
    const file = join(copy.path, ROOT, 'env/dev.tfvars')
    const settings = await readFile(file, 'utf8')
    await writeFile(file, settings.replace('maximum = 3', 'maximum = 4'))
    const { document } = await plan(`-var=images=${imagesWith('b')}`)
    await writeFile(file, settings)
    expect(changesOf(document).filter((change) => !change.includes('target_group'))).toEqual([
      'update module.web.aws_ecs_service.side["blue"]',
      'update module.web.aws_ecs_service.side["green"]',
    ])
  })

  it('is destroyed', { timeout: PATIENCE_MS }, async () => {
    const words = [
      '-input=false',
      '-auto-approve',
      '-var-file=env/dev.tfvars',
      `-var=images=${imagesWith('b')}`,
    ]
    await terraform('destroy', ...words)
    const left = copy.program('terraform', `-chdir=${join(copy.path, ROOT)}`, 'state', 'list')
    expect(await succeeded(left)).toBe('')
  })

  it('is planned for production, with what dev does without', { timeout: PATIENCE_MS }, async () => {
    const { document } = await plan('-var-file=env/prod.tfvars', `-var=images=${imagesWith('a', 'prod')}`)
    const changes = changesOf(document)
    expect(changes.filter((change) => !change.startsWith('create '))).toEqual([])
    expect(changes).toEqual(
      expect.arrayContaining([
        'create module.cluster.aws_lb_listener.redirect[0]',
        'create module.network.aws_nat_gateway.this["eu-west-1c"]',
        'create module.network.aws_vpc_endpoint.interface["secretsmanager"]',
        'create module.observability.aws_sns_topic_subscription.email["on-call@example.com"]',
      ]),
    )
  })
})
