import { writeFileSync } from 'node:fs'
import type { Sandbox } from '../../controller/sandbox/server.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import {
  ACCOUNT,
  callSandbox,
  IMAGE_REPOSITORY,
  inRegion,
  makeCluster,
  makeHostPair,
} from '../../test/support/machine/shape.ts'
import { hostPairs, TAG } from './hosts.ts'

/** Writes a sandbox's world with as many pairs of `bench:drift` as are asked for, their services included, into the file that is named. */
const [, , file = '', releases = ''] = process.argv
const sandbox = await startSandbox({ port: 0 })
const pairs = hostPairs(Number(releases))
for (const region of new Set(pairs.map((pair) => pair.region))) {
  const there = inRegion(sandbox, region)
  makeCluster(there, 'demo')
  for (const pair of pairs.filter((each) => each.region === region)) {
    const targetGroups = makeHostPair(there, pair)
    registerFirst(there, pair.release)
    for (const [index, side] of ['blue', 'green'].entries())
      makeService(there, pair.release, { side, targetGroupArn: targetGroups[index] })
  }
}
tagTraffic(sandbox)
writeFileSync(file, JSON.stringify(sandbox.world.dump()))
await sandbox.close()

/** As Terraform tags what it makes, so that nothing is to be given when the releases come. */
function tagTraffic(world: Sandbox): void {
  const { rules, targetGroups } = world.world.elb.tables
  for (const { arn } of [...rules.list(), ...targetGroups.list()])
    callSandbox(inRegion(world, arn.split(':')[3] ?? ''), {
      service: 'elasticloadbalancing',
      operation: 'AddTags',
      input: { ResourceArns: [arn], Tags: [TAG] },
    })
}

function registerFirst(world: Sandbox, release: string): void {
  callSandbox(world, {
    service: 'ecs',
    operation: 'RegisterTaskDefinition',
    input: {
      family: `${release}-first`,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/demo-exec`,
      containerDefinitions: [
        { name: release, image: `${IMAGE_REPOSITORY}:v0`, portMappings: [{ containerPort: 8080 }] },
      ],
    },
  })
}

/** As a Terraform module makes it: at zero, with a task definition that Steersman replaces. */
function makeService(
  world: Sandbox,
  release: string,
  { side, targetGroupArn }: { readonly side: string; readonly targetGroupArn: unknown },
): void {
  callSandbox(world, {
    service: 'ecs',
    operation: 'CreateService',
    input: {
      cluster: 'demo',
      serviceName: `${release}-${side}`,
      taskDefinition: `${release}-first`,
      desiredCount: 0,
      launchType: 'FARGATE',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-demo'], securityGroups: ['sg-demo'] },
      },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
      loadBalancers: [{ targetGroupArn, containerName: release, containerPort: 8080 }],
    },
  })
}
