import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../test/support/free-port.ts'
import { eventually } from '../test/support/eventually.ts'
import { root } from './checks/sources.ts'

/** One call of the AWS CLI and what its answer must hold. */
interface CliCase {
  parameters: string[]
  expected: RegExp
}

const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/'

/** A client that shares no code with the sandbox: what it understands, others will. */
const CASES: readonly CliCase[] = [
  { parameters: ['sts', 'get-caller-identity'], expected: /"Account": "123456789012"/u },
  { parameters: ['ecs', 'create-cluster', '--cluster-name', 'shop'], expected: /"clusterName": "shop"/u },
  { parameters: ['ecs', 'list-clusters'], expected: /cluster\/shop"/u },
  {
    parameters: ['elbv2', 'create-load-balancer', '--name', 'shop', '--subnets', 'subnet-a', 'subnet-b'],
    expected: new RegExp(`"LoadBalancerArn": "${LOAD_BALANCER}shop/`, 'u'),
  },
  {
    parameters: ['elbv2', 'describe-load-balancers', '--names', 'shop'],
    expected: /"LoadBalancerName": "shop"/u,
  },
  {
    parameters: [
      'elbv2',
      'create-target-group',
      '--name',
      'web-blue',
      '--protocol',
      'HTTP',
      '--port',
      '80',
      '--vpc-id',
      'vpc-1',
      '--target-type',
      'ip',
    ],
    expected: /"TargetGroupName": "web-blue"/u,
  },
]

const port = await freePort()
const sandbox = spawn(process.execPath, ['controller/main.ts', 'sandbox', '--port', String(port)], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
})
try {
  await eventually(
    () => fetch(`http://127.0.0.1:${port}/_sandbox/calls`),
    (answer) => answer.ok,
    {
      what: 'the sandbox',
      withinMs: 20_000,
    },
  )
  for (const { parameters, expected } of CASES) await runCase(parameters, expected)
} finally {
  await end(sandbox)
}
console.log(`aws cli: ${CASES.length} calls understood`)

async function runCase(parameters: string[], expected: RegExp): Promise<void> {
  const { stdout } = await promisify(execFile)('aws', parameters, {
    timeout: 30_000,
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_PAGER: '',
    },
  })
  const said = parameters.join(' ')
  if (!expected.test(stdout)) throw new Error(`aws ${said} answered ${stdout}, not ${String(expected)}`)
  console.log(`ok aws ${said}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const inTime = await Promise.race([exited.then(() => true), sleep(5_000, false, { ref: false })])
  if (!inTime) child.kill('SIGKILL')
  await exited
}
