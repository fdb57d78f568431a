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
from botocore.exceptions import ClientError
ec2 = boto3.client('ec2')
made = ec2.create_security_group(GroupName='tasks', Description='of <web> & "api"', VpcId='vpc-1',
    TagSpecifications=[{'ResourceType': 'security-group', 'Tags': [{'Key': 'Name', 'Value': 'tasks'}]}])
group = made['GroupId']
rules = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
    {'IpProtocol': 'tcp', 'FromPort': 80, 'ToPort': 80, 'UserIdGroupPairs': [{'GroupId': 'sg-1', 'Description': 'lb'}]},
    {'IpProtocol': 'tcp', 'FromPort': 443, 'ToPort': 443, 'IpRanges': [{'CidrIp': '10.0.0.0/8'}]}])['SecurityGroupRules']
shown = ec2.describe_security_groups(Filters=[{'Name': 'group-name', 'Values': ['tasks', 'other']}])['SecurityGroups'][0]
try:
    ec2.describe_security_groups(GroupIds=['web'])
except ClientError as error:
    code = error.response['Error']['Code']
scaling = boto3.client('application-autoscaling')
logs = boto3.client('logs')
logs.create_log_group(logGroupName='/ecs/web', tags={'a': 'b'})
log = logs.describe_log_groups()['logGroups'][0]
print(json.dumps({
    'description': shown['Description'],
    'tags': shown['Tags'],
    'ports': [permission['FromPort'] for permission in shown['IpPermissions']],
    'pair': shown['IpPermissions'][0]['UserIdGroupPairs'][0],
    'egress': [rule['IsEgress'] for rule in rules],
    'referenced': rules[0]['ReferencedGroupInfo']['GroupId'],
    'code': code,
    'targets': scaling.describe_scalable_targets(ServiceNamespace='ecs')['ScalableTargets'],
    'log': [log['logGroupName'], logs.list_tags_for_resource(resourceArn=log['logGroupArn'])['tags']],
}))
`

const boto3 = requires('boto3')

test.skipIf(boto3.missing !== undefined)(
  boto3.title('boto3 reads the security groups, log groups and scalable targets that it made'),
  async () => {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: sandbox.url,
    }
    const { stdout } = await run('python3', ['-c', SCRIPT], { env, timeout: 50_000 })
    expect(JSON.parse(stdout)).toEqual({
      description: 'of <web> & "api"',
      tags: [{ Key: 'Name', Value: 'tasks' }],
      ports: [80, 443],
      pair: { GroupId: 'sg-1', UserId: '123456789012', Description: 'lb' },
      egress: [false, false],
      referenced: 'sg-1',
      code: 'InvalidGroupId.Malformed',
      targets: [],
      log: ['/ecs/web', { a: 'b' }],
    })
    expect(sandbox.world.calls.list().filter((call) => !call.known)).toEqual([])
  },
  60_000,
)
