import type { Call, Side, Weights } from './shape.ts'
import { CLUSTER, layByHand, layForTerraform, list, PRODUCTION_PORT } from './shape.ts'

/** The sandbox as main.ts hands it in. */
export interface SandboxHandle {
  readonly url: string
  readonly world: {
    call(request: {
      readonly service: string
      readonly operation: string
      readonly input: Record<string, unknown>
    }): { readonly output: Record<string, unknown> }
  }
  close(): Promise<void>
}

/** What a person with the AWS console sees, and can do to it. */
export interface Cloud {
  readonly url: string
  productionUrl(): Promise<string>
  /** Says how tasks of an image behave. */
  setBehavior(image: string, behavior: Record<string, unknown>): Promise<void>
  setWeights(weights: Weights): void
  setDesiredCount(side: Side, count: number): void
  weights(): Weights
  desiredCount(side: Side): number
  taskArns(side: Side): readonly string[]
}

const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web'

export const imageOf = (tag: string): string => `${IMAGE}:${tag}`

/** Makes what stands before the first commit: a cluster and a load balancer; where Terraform does not make them, target groups too. No service yet. */
export function layCloud(sandbox: SandboxHandle, { isTerraform }: { readonly isTerraform: boolean }): Cloud {
  const call: Call = (service, operation, input) => sandbox.world.call({ service, operation, input }).output
  const shape = isTerraform ? layForTerraform(call) : layByHand(call)
  const service = (side: Side): string => `web-${side}`
  return {
    url: sandbox.url,
    productionUrl: () => productionUrl(sandbox.url),
    setBehavior: (image, behavior) => setBehavior(sandbox.url, image, behavior),
    setWeights: (weights) => shape.setWeights(weights),
    setDesiredCount: (side, desiredCount) =>
      void call('ecs', 'UpdateService', { cluster: CLUSTER, service: service(side), desiredCount }),
    weights: () => shape.weights(),
    desiredCount: (side) => {
      const described = call('ecs', 'DescribeServices', { cluster: CLUSTER, services: [service(side)] })
      return Number(list(described, 'services')[0]?.['desiredCount'] ?? 0)
    },
    taskArns: (side) =>
      (call('ecs', 'ListTasks', { cluster: CLUSTER, serviceName: service(side) })['taskArns'] ??
        []) as readonly string[],
  }
}

async function productionUrl(sandboxUrl: string): Promise<string> {
  const response = await fetch(`${sandboxUrl}/_sandbox/listeners`)
  const listeners = (await response.json()) as readonly { readonly port: number; readonly url: string }[]
  const url = listeners.find((listener) => listener.port === PRODUCTION_PORT)?.url
  if (url === undefined) throw new Error('the sandbox has no production listener')
  return url
}

async function setBehavior(
  sandboxUrl: string,
  image: string,
  behavior: Record<string, unknown>,
): Promise<void> {
  const response = await fetch(`${sandboxUrl}/_sandbox/images`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ image, behavior }),
  })
  if (!response.ok) throw new Error(`the sandbox refused the behaviour of ${image}: ${await response.text()}`)
}
