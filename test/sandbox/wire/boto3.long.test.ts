import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { requires } from '../../support/requires.ts'

const run = promisify(execFile)
const sandbox = await startSandbox({ port: 0 })
afterAll(() => sandbox.close())

const SCRIPT = `
import boto3, json
elb = boto3.client('elbv2')
balancer = elb.create_load_balancer(Name='boto', Subnets=['a', 'b'])['LoadBalancers'][0]
def group(name):
    return elb.create_target_group(Name=name, Protocol='HTTP', Port=80, VpcId='v', TargetType='ip')['TargetGroups'][0]
groups = [group(name)['TargetGroupArn'] for name in ('blue', 'green')]
listener = elb.create_listener(LoadBalancerArn=balancer['LoadBalancerArn'], Port=80, Protocol='HTTP',
    DefaultActions=[{'Type': 'forward', 'TargetGroupArn': groups[0]}])['Listeners'][0]
elb.create_rule(ListenerArn=listener['ListenerArn'], Priority=1, Tags=[{'Key': 'a', 'Value': 'b'}],
    Conditions=[{'Field': 'host-header', 'HostHeaderConfig': {'Values': ['x']}}],
    Actions=[{'Type': 'forward', 'ForwardConfig': {'TargetGroups': [{'TargetGroupArn': arn, 'Weight': 1} for arn in groups]}}])
rules = list(elb.get_paginator('describe_rules').paginate(ListenerArn=listener['ListenerArn']))[0]['Rules']
try:
    elb.describe_target_health(TargetGroupArn=groups[0] + 'x')
except elb.exceptions.TargetGroupNotFoundException as error:
    code = error.response['Error']['Code']
print(json.dumps({
    'year': balancer['CreatedTime'].year >= 2024,
    'priorities': [rule['Priority'] for rule in rules],
    'weights': [tuple['Weight'] for tuple in rules[0]['Actions'][0]['ForwardConfig']['TargetGroups']],
    'code': code,
    'clusters': boto3.client('ecs').list_clusters()['clusterArns'],
}))
`

const boto3 = requires('boto3')

test.skipIf(boto3.missing !== undefined)(
  boto3.title('boto3 reads what it made, and its exceptions'),
  async () => {
    const environment = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: sandbox.url,
    }
    const { stdout } = await run('python3', ['-c', SCRIPT], { env: environment, timeout: 50_000 })
    expect(JSON.parse(stdout)).toEqual({
      year: true,
      priorities: ['1', 'default'],
      weights: [1, 1],
      code: 'TargetGroupNotFound',
      clusters: [],
    })
  },
  60_000,
)
