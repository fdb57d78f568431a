import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../../controller/config.ts'
import { readConfigFiles } from '../../../controller/compose/config-files.ts'
import { requires } from '../../support/requires.ts'
import { makeTemporaryDirectory } from '../../support/temp-directory.ts'
import { startMoto } from '../support/moto.ts'
import type { Moto } from '../support/moto.ts'
import { copyOfModules, succeeded, withProvider } from '../support/terraform.ts'
import type { Copy } from '../support/terraform.ts'

const found = withProvider(requires('terraform', 'moto', 'aws'))
const PATIENCE_MS = 900_000
const ROOT = 'examples/ecs'
const ENVIRONMENT_ROLE = 'arn:aws:iam::210987654321:role/steersman-prod'

/** A user's root: the table and the controllers. The queue is there, since moto refuses to say who may send it dead letters, and the provider asks for ever. */
const MAIN = `
module "table" {
  source              = "../../modules/state-table"
  deletion_protection = false
}

module "steersman" {
  source = "../../modules/steersman"

  image                 = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/steersman:0.1.0"
  cluster_arn           = var.cluster_arn
  vpc_id                = var.vpc_id
  subnet_ids            = var.subnet_ids
  state_table           = module.table
  events                = { queue_arn = "arn:aws:sqs:eu-west-1:123456789012:steersman-events" }
  environment_role_arns = ["${ENVIRONMENT_ROLE}"]
  secrets               = { GIT_TOKEN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:steersman/git-AbCdEf" }
  tokens                = { ci = { role = "operator", secret_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/steersman/ci" } }
  configuration         = "concurrency: 20"

  files = {
    known_hosts = "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"
    "prod.yaml" = yamlencode({
      apiVersion = "steersman.dev/v1alpha1"
      kind       = "Environment"
      metadata   = { name = "prod" }
      spec = {
        source = { repository = "https://git.example.com/shop.git", branch = "prod", credentialsFrom = { env = "GIT_TOKEN" }, knownHosts = "known_hosts" }
        aws    = { region = "eu-west-1", accountId = "210987654321", roleArn = "${ENVIRONMENT_ROLE}" }
      }
    })
  }
}

variable "cluster_arn" { type = string }
variable "vpc_id" { type = string }
variable "subnet_ids" { type = set(string) }

output "task_definition_arn" { value = module.steersman.task_definition_arn }
`

interface Container {
  readonly name: string
  readonly command: readonly string[]
  readonly entryPoint?: readonly string[]
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[]
}

interface Statement {
  readonly Sid?: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
}

// The steps follow one another on one account.
describe.skipIf(found.missing !== undefined)(found.title('modules/steersman against moto'), () => {
  let moto: Moto
  let copy: Copy
  let containers: readonly Container[]

  beforeAll(async () => {
    moto = await startMoto()
    copy = await copyOfModules({ AWS_ENDPOINT_URL: moto.url })
    await mkdir(join(copy.path, ROOT), { recursive: true })
    await writeFile(join(copy.path, ROOT, 'main.tf'), MAIN)
    await writeFile(join(copy.path, ROOT, 'given.auto.tfvars.json'), JSON.stringify(await given()))
    await succeeded(copy.terraform(ROOT, 'init', '-input=false'))
  }, PATIENCE_MS)
  afterAll(async () => {
    await copy.remove()
    await moto.stop()
  })

  const aws = async (command: string, ...words: string[]): Promise<unknown> =>
    JSON.parse(await succeeded(copy.program('aws', ...command.split(' '), ...words, '--output', 'json')))

  /** What is there before: moto has a default network. */
  async function given(): Promise<object> {
    const cluster = await aws('ecs create-cluster --cluster-name operations --query cluster.clusterArn')
    const subnets = (await aws('ec2 describe-subnets --query Subnets[].[VpcId,SubnetId]')) as string[][]
    return {
      cluster_arn: cluster,
      vpc_id: subnets[0]?.[0],
      subnet_ids: subnets.slice(0, 2).map(([, subnet]) => subnet),
    }
  }

  async function statementsOf(role: string): Promise<Statement[]> {
    const names = (await aws('iam list-role-policies --query PolicyNames --role-name', role)) as string[]
    const policies = names.map(
      (name) =>
        aws(
          'iam get-role-policy --query PolicyDocument.Statement --role-name',
          role,
          '--policy-name',
          name,
        ) as Promise<Statement[]>,
    )
    return (await Promise.all(policies)).flat()
  }

  it('is made, and a second plan changes nothing', { timeout: PATIENCE_MS }, async () => {
    await succeeded(copy.terraform(ROOT, 'apply', '-input=false', '-auto-approve'))
    const planned = await copy.terraform(ROOT, 'plan', '-input=false', '-detailed-exitcode')
    expect(planned.text).toContain('No changes.')
    const definition = await succeeded(
      copy.program('terraform', `-chdir=${join(copy.path, ROOT)}`, 'output', '-raw', 'task_definition_arn'),
    )
    containers = (await aws(
      'ecs describe-task-definition --query taskDefinition.containerDefinitions --task-definition',
      definition,
    )) as Container[]
    expect(containers.map(({ name }) => name)).toEqual(['configuration', 'steersman'])
  })

  it('runs two tasks on private addresses', async () => {
    const services = await aws(
      'ecs describe-services --cluster operations --query services --services steersman',
    )
    expect(services).toMatchObject([
      {
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED' } },
      },
    ])
  })

  it('gives the controllers what they call, on what they were given, and nothing else', async () => {
    const statements = await statementsOf('steersman-controller')
    expect(
      statements
        .flatMap(({ Action, Resource }) =>
          [Action].flat().map((action) => `${action} ${[Resource].flat().join()}`),
        )
        .toSorted(),
    ).toEqual([
      'dynamodb:BatchGetItem arn:aws:dynamodb:eu-west-1:123456789012:table/steersman',
      'dynamodb:ConditionCheckItem arn:aws:dynamodb:eu-west-1:123456789012:table/steersman',
      'dynamodb:DeleteItem arn:aws:dynamodb:eu-west-1:123456789012:table/steersman',
      'dynamodb:GetItem arn:aws:dynamodb:eu-west-1:123456789012:table/steersman',
      'dynamodb:PutItem arn:aws:dynamodb:eu-west-1:123456789012:table/steersman',
      'dynamodb:Query arn:aws:dynamodb:eu-west-1:123456789012:table/steersman',
      'sqs:DeleteMessage arn:aws:sqs:eu-west-1:123456789012:steersman-events',
      'sqs:ReceiveMessage arn:aws:sqs:eu-west-1:123456789012:steersman-events',
      `sts:AssumeRole ${ENVIRONMENT_ROLE}`,
    ])
  })

  it('lets ECS sign in to ECR, which takes no resource, and leaves nothing else open', async () => {
    const statements = await statementsOf('steersman-execution')
    const open = statements.filter(({ Action, Resource }) =>
      [Action, Resource]
        .flat()
        .some((text) => text === '*' || (text.endsWith(':*') && !text.includes(':log-group:'))),
    )
    expect(open.flatMap(({ Action }) => Action)).toEqual(['ecr:GetAuthorizationToken'])
    expect(
      statements.flatMap(({ Action }) => Action).filter((action) => /Put|Create|Delete|Update/u.test(action)),
    ).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents'])
  })

  it('has its configuration written down by its first container, and the controller takes it', async () => {
    const [first, second] = containers
    const directory = await makeTemporaryDirectory('steersman-data')
    try {
      const [program = '', ...words] = [...(first?.entryPoint ?? []), ...(first?.command ?? [])]
      const here = (text: string): string => text.replaceAll('/data', directory.path)
      const variables = Object.fromEntries(
        (first?.environment ?? []).map(({ name, value }) => [name, here(value)]),
      )
      await promisify(execFile)(program, words.map(here), {
        env: { PATH: process.env['PATH'], ...variables },
      })
      const path = here(second?.command.at(-1) ?? '')
      const read = await readConfigFiles(path)
      const config = readConfig({ ...read, variables: {} })
      expect(config.store).toEqual({ type: 'dynamodb', table: 'steersman', region: 'eu-west-1', shards: 1 })
      expect(
        config.environments.map(({ metadata, spec }) => [metadata.name, spec.source.knownHosts]),
      ).toEqual([['prod', join(path, 'known_hosts')]])
      expect([config.listen, config.concurrency, config.dataDir]).toEqual([
        { host: '0.0.0.0', port: 8080 },
        20,
        directory.path,
      ])
      const named = config.tokens.map(({ tokenFrom }) => tokenFrom.env)
      expect(second?.secrets.map(({ name }) => name)).toEqual(['GIT_TOKEN', ...named])
    } finally {
      await directory.remove()
    }
  })
})
