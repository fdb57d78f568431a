import type { Problem } from '../../controller/resources/problem.ts'
import type { Validated } from '../../controller/resources/validate.ts'

/** A Release that is right, with parts of its spec replaced. */
export function releaseDocument(spec: Record<string, unknown> = {}, name = 'web'): Record<string, unknown> {
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Release',
    metadata: { name },
    spec: {
      taskDefinition: { inline: { containerDefinitions: [] } },
      service: { cluster: 'demo' },
      traffic: {
        loadBalancer: 'demo',
        rule: { port: 80 },
        test: { port: 8081 },
        targetGroups: { blue: `${name}-blue`, green: `${name}-green` },
      },
      ...spec,
    },
  }
}

/** An Environment that is right, with parts of its spec and of its source replaced. */
export function environmentDocument(
  spec: Record<string, unknown> = {},
  source: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Environment',
    metadata: { name: 'demo' },
    spec: {
      source: { repository: 'https://github.com/acme/shop.git', branch: 'demo', ...source },
      aws: { region: 'eu-west-1' },
      ...spec,
    },
  }
}

/** A Rollout that is right, with parts of its spec replaced. */
export function rolloutDocument(spec: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'demo-web-1' },
    spec: {
      environment: 'demo',
      release: 'web',
      number: 1,
      commit: 'c'.repeat(40),
      revision: `demo@sha1:${'c'.repeat(40)}`,
      why: 'Commit',
      who: 'ada',
      digest: 'sha256:1',
      from: { side: 'blue' },
      to: { side: 'green' },
      desiredCount: 2,
      service: { cluster: 'demo', names: { blue: 'web-blue', green: 'web-green' } },
      strategy: {},
      ...spec,
    },
  }
}

/** What a check found; nothing when it passed. */
export function problemsOf(checked: Validated<unknown>): Problem[] {
  return checked.ok ? [] : checked.problems
}
