import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'

/** The release `web` on services that the shipped module made: no settings, for those are Terraform's. */
export function releaseText({
  version,
  taskDefinition,
  testPort,
}: {
  readonly version: string
  /** `spec.taskDefinition` as YAML flow. */
  readonly taskDefinition: string
  readonly testPort: number
}): string {
  return `apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: web }
spec:
  image: { repository: ${IMAGE_REPOSITORY}, tag: ${version} }
  taskDefinition: ${taskDefinition}
  service: { cluster: demo, desiredCount: 2 }
  traffic:
    loadBalancer: demo
    rule: { port: 80, path: '/*' }
    test: { port: ${testPort}, path: '/*' }
    targetGroups: { blue: demo-web-blue, green: demo-web-green }
  strategy: { bake: 100ms, keepPrevious: 5m, deadline: 2m }
  gates:
    - name: smoke
      http:
        path: /
        expect: { status: 200, body: '"version":"\${imageTag}"' }
        successes: 2
        interval: 100ms
      timeout: 15s
`
}
