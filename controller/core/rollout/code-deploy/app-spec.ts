import type { ServiceSettings } from '../../../resources/types.ts'

/** What a deployment brings, besides what its deployment group says. */
export interface AppSpecInput {
  /** ARN of the revision. */
  readonly taskDefinition: string
  readonly container: { readonly containerName: string; readonly containerPort: number }
  readonly settings: ServiceSettings | undefined
}

/** Settings of a service that CodeDeploy gives to the new tasks; ECS refuses them in UpdateService. */
const BROUGHT = ['networkConfiguration', 'platformVersion', 'capacityProviderStrategy'] as const

/**
 * The AppSpec of a deployment, in JSON. What it leaves out stays as the tasks that run have it.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
export function renderAppSpec({ taskDefinition, container, settings }: AppSpecInput): string {
  const given = (settings ?? {}) as Readonly<Record<string, unknown>>
  const brought: Record<string, unknown> = {}
  for (const name of BROUGHT) if (given[name] !== undefined) brought[capital(name)] = capitalised(given[name])
  return JSON.stringify({
    version: 0,
    Resources: [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: taskDefinition,
            LoadBalancerInfo: {
              ContainerName: container.containerName,
              ContainerPort: container.containerPort,
            },
            ...brought,
          },
        },
      },
    ],
  })
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** ECS's members under the names of an AppSpec, which begin with a capital letter. */
function capitalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalised)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [capital(name), capitalised(item)]))
}
