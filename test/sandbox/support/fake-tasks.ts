import type {
  ImageBehavior,
  RunningTask,
  TaskNetwork,
} from '../../../controller/sandbox/kernel/ports-between.ts'

/** Tasks by address that start and stop at a word; `arrived` is called when a request (not a health check) gets there. */
export interface FakeTasks extends TaskNetwork {
  start(
    address: string,
    task?: { version?: string; behavior?: ImageBehavior; processPort?: number; arrived?: () => void },
  ): void
  stop(address: string): void
}

export function fakeTasks(): FakeTasks {
  const running = new Map<string, RunningTask>()
  return {
    start(address, { version = 'v1', behavior = {}, processPort, arrived } = {}) {
      running.set(address, {
        taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/demo/${address}`,
        image: `web:${version}`,
        version,
        side: null,
        behavior,
        answer() {
          arrived?.()
          const { status = 200, latencyMs = 0 } = behavior
          return { status, latencyMs, body: JSON.stringify({ version }) }
        },
        ...(processPort === undefined ? {} : { processPort }),
      })
    },
    stop: (address) => void running.delete(address),
    probe(address) {
      const task = running.get(address)
      if (task === undefined) return undefined
      const { status = 200, latencyMs = 0, health } = task.behavior
      return { status: health?.status ?? status, latencyMs }
    },
    taskAt: (address) => running.get(address),
  }
}
