import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { ACCOUNT, ENVIRONMENT, LOAD_BALANCER, REGION } from '../aws/shape.ts'
import type { Documents } from './change.ts'

export const RELEASE = 'web'

/** Where each document is: those of the branch from the repository's root, the environment's in the config directory. */
export const FILES = {
  release: `deploy/releases/${RELEASE}.yaml`,
  taskDefinition: `deploy/taskdefs/${RELEASE}.yaml`,
  environment: `environments/${ENVIRONMENT}.yaml`,
} as const

/** Where every walk begins. */
export const base: Documents = {
  release: {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: RELEASE },
    spec: {
      image: { repository: IMAGE_REPOSITORY, tag: 'v1-good' },
      taskDefinition: { file: `taskdefs/${RELEASE}.yaml` },
      service: {
        cluster: 'demo',
        desiredCount: 2,
        settings: {
          launchType: 'FARGATE',
          networkConfiguration: {
            awsvpcConfiguration: { subnets: ['subnet-demo'], securityGroups: ['sg-demo'] },
          },
          healthCheckGracePeriodSeconds: 0,
          enableExecuteCommand: false,
          propagateTags: 'NONE',
        },
      },
      traffic: {
        loadBalancer: LOAD_BALANCER,
        rule: { port: 80 },
        test: { port: 8081 },
        targetGroups: { blue: `${RELEASE}-blue`, green: `${RELEASE}-green` },
      },
      strategy: { bake: '4s', keepPrevious: '10s', deadline: '6m' },
      gates: [
        {
          name: 'smoke',
          http: {
            path: '/',
            expect: { status: 200, body: '"version":"${imageTag}"' },
            successes: 2,
            interval: '100ms',
          },
          timeout: '15s',
        },
      ],
    },
  },
  taskDefinition: {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/demo-exec`,
    containerDefinitions: [
      { name: RELEASE, essential: true, portMappings: [{ containerPort: 8080, protocol: 'tcp' }] },
    ],
  },
  environment: {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Environment',
    metadata: { name: ENVIRONMENT },
    spec: {
      source: { repository: '/repository', branch: ENVIRONMENT, path: 'deploy', interval: '10s' },
      aws: { region: REGION, accountId: ACCOUNT },
    },
  },
}
