import type { TaskState } from './state.ts'

/** Where tasks are found without walking through all of them: by service, and by the address and port they listen on. */
export interface TaskIndex {
  /** Takes notice of a task's newest state. */
  update(task: TaskState): void
  /** The ARNs of a service's tasks that are not STOPPED, oldest first. */
  ofService(serviceArn: string): string[]
  /** The ARN of the task that has bound the port; `address` may be an instance id. */
  at(address: string, port: number): string | undefined
  isTaken(address: string): boolean
  clear(): void
}

/** An empty index. */
export function createTaskIndex(): TaskIndex {
  const byService = new Map<string, Set<string>>()
  const byEndpoint = new Map<string, string>()
  const addresses = new Map<string, Set<string>>()
  return {
    update(task) {
      const gone = task.lastStatus === 'STOPPED'
      if (task.serviceArn !== undefined) keep(byService, task.serviceArn, task.taskArn, gone)
      keep(addresses, task.address, task.taskArn, gone)
      for (const endpoint of endpointsOf(task)) {
        if (!gone) byEndpoint.set(endpoint, task.taskArn)
        else if (byEndpoint.get(endpoint) === task.taskArn) byEndpoint.delete(endpoint)
      }
    },
    ofService: (serviceArn) => [...(byService.get(serviceArn) ?? [])],
    at: (address, port) => byEndpoint.get(`${address}:${port}`),
    isTaken: (address) => addresses.has(address),
    clear() {
      byService.clear()
      byEndpoint.clear()
      addresses.clear()
    },
  }
}

function endpointsOf(task: TaskState): string[] {
  const ports = task.containers.flatMap((container) => container.ports.map((port) => port.hostPort))
  return [
    ...ports.map((port) => `${task.address}:${port}`),
    ...task.targets.map((target) => `${target.id}:${target.port}`),
  ]
}

function keep(sets: Map<string, Set<string>>, key: string, member: string, gone: boolean): void {
  const set = sets.get(key) ?? new Set()
  if (gone) set.delete(member)
  else set.add(member)
  if (set.size === 0) sets.delete(key)
  else sets.set(key, set)
}
