import type {
  ImageBehavior,
  RunningTask,
  TaskNetwork,
} from '../../../controller/sandbox/kernel/ports-between.ts'

/** Tasks by address that start and stop at a word: the network that load balancing reaches. */
export interface FakeTasks extends TaskNetwork {
  start(address: string, task?: { version?: string; behavior?: ImageBehavior; processPort?: number }): void
  stop(address: string): void
}

export function fakeTasks(): FakeTasks {
  const running = new Map<string, RunningTask>()
  return {
    start(address, { version = 'v1', behavior = {}, processPort } = {}) {
      running.set(address, {
        taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/demo/${address}`,
        image: `web:${version}`,
        version,
        side: null,
        behavior,
        answer: () => ({
          status: behavior.status ?? 200,
          latencyMs: behavior.latencyMs ?? 0,
          body: JSON.stringify({ version }),
        }),
        ...(processPort === undefined ? {} : { processPort }),
      })
    },
    stop: (address) => void running.delete(address),
    probe(address) {
      const task = running.get(address)
      if (task === undefined) return undefined
      const { status, latencyMs } = task.answer('/')
      return { status: task.behavior.health?.status ?? status, latencyMs }
    },
    taskAt: (address) => running.get(address),
  }
}
