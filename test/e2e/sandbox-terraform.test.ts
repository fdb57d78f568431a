import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { startSandbox } from '../../controller/sandbox/server.ts'
import { requires } from '../support/requires.ts'
import { terraformMirror } from '../support/terraform-mirror.ts'
import { listAt, textAt } from '../sandbox/support/elb-world.ts'

const run = promisify(execFile)
const sandbox = await startSandbox({ port: 0, speed: 10 })
const folder = mkdtempSync(join(tmpdir(), 'sandbox-terraform-'))
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A pair as the shipped modules make it, without the load balancer and the cluster: the provider waits a minute on those. */
const ROOT = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
variable "listener" { type = string }
resource "aws_lb_target_group" "side" {
  for_each             = toset(["blue", "green"])
  name                 = "web-\${each.key}"
  port                 = 8080
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = "vpc-1"
  deregistration_delay = 30
  health_check {
    path     = "/health"
    interval = 10
  }
  tags = { release = "web" }
}
resource "aws_lb_listener_rule" "web" {
  listener_arn = var.listener
  priority     = 10
  condition {
    path_pattern { values = ["/*"] }
  }
  condition {
    http_header {
      http_header_name = "x-canary"
      values           = ["yes"]
    }
  }
  action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.side["blue"].arn
        weight = 100
      }
      target_group {
        arn    = aws_lb_target_group.side["green"].arn
        weight = 0
      }
    }
  }
}
resource "aws_ecs_task_definition" "web" {
  family                   = "demo-web"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  skip_destroy             = true
  container_definitions    = jsonencode([{
    name         = "web"
    image        = "web:v1"
    essential    = true
    portMappings = [{ containerPort = 8080 }]
  }])
}
resource "aws_ecs_service" "side" {
  for_each        = aws_lb_target_group.side
  name            = "web-\${each.key}"
  cluster         = "arn:aws:ecs:eu-west-1:123456789012:cluster/demo"
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 0
  launch_type     = "FARGATE"
  network_configuration {
    subnets = ["subnet-a"]
  }
  load_balancer {
    target_group_arn = each.value.arn
    container_name   = "web"
    container_port   = 8080
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }
  depends_on = [aws_lb_listener_rule.web]
}
`

function listenerOfTheSandbox(): string {
  const call = (service: string, operation: string, input: Record<string, unknown>) =>
    sandbox.world.call({ service, operation, input }).output
  call('ecs', 'CreateCluster', { clusterName: 'demo' })
  const elb = 'elasticloadbalancing'
  const made = call(elb, 'CreateLoadBalancer', { Name: 'web', Subnets: ['subnet-a', 'subnet-b'] })
  const listener = call(elb, 'CreateListener', {
    LoadBalancerArn: textAt(made, ['LoadBalancers', 0, 'LoadBalancerArn']),
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  })
  return textAt(listener, ['Listeners', 0, 'ListenerArn'])
}

const terraform = requires('terraform')
const mirror = terraform.missing === undefined ? terraformMirror() : undefined
const missing =
  terraform.missing ?? (mirror === undefined ? "a mirror of Terraform's AWS provider not found" : undefined)

test.skipIf(missing !== undefined)(
  `Terraform's AWS provider makes a pair and then plans nothing${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  async () => {
    writeFileSync(join(folder, 'main.tf'), ROOT)
    mkdirSync(join(folder, 'home'))
    const rc = join(folder, 'terraform.rc')
    writeFileSync(
      rc,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    )
    const env = {
      PATH: process.env['PATH'],
      HOME: join(folder, 'home'),
      TF_CLI_CONFIG_FILE: rc,
      TF_IN_AUTOMATION: '1',
      TF_VAR_listener: listenerOfTheSandbox(),
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
    }
    const words = (...more: string[]) => [`-chdir=${folder}`, ...more, '-no-color']
    const options = { env, timeout: 120_000, maxBuffer: 16 * 1024 * 1024 }
    await run('terraform', words('init'), options)
    await run('terraform', words('apply', '-auto-approve', '-input=false'), options)
    const planned = await run('terraform', words('plan', '-input=false', '-detailed-exitcode'), options)
    expect(planned.stdout).toContain('No changes.')
    const services = sandbox.world.call({
      service: 'ecs',
      operation: 'ListServices',
      input: { cluster: 'demo' },
    })
    expect(listAt(services.output, ['serviceArns'])).toHaveLength(2)
    await run('terraform', words('destroy', '-auto-approve', '-input=false'), options)
    expect(sandbox.world.elb.tables.targetGroups.list()).toEqual([])
    expect(sandbox.world.calls.list().filter((call) => !call.known)).toEqual([])
  },
  400_000,
)
