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
  /** By address and port. */
  const byEndpoint = new Map<string, Map<number, string>>()
  const addresses = new Map<string, Set<string>>()

  function bind(address: string, port: number, taskArn: string, gone: boolean): void {
    const ports = byEndpoint.get(address) ?? new Map<number, string>()
    if (!gone) byEndpoint.set(address, ports.set(port, taskArn))
    else if (ports.get(port) === taskArn) {
      ports.delete(port)
      if (ports.size === 0) byEndpoint.delete(address)
    }
  }

  return {
    update(task) {
      const gone = task.lastStatus === 'STOPPED'
      if (task.serviceArn !== undefined) keep(byService, task.serviceArn, task.taskArn, gone)
      keep(addresses, task.address, task.taskArn, gone)
      for (const container of task.containers)
        for (const { hostPort } of container.ports) bind(task.address, hostPort, task.taskArn, gone)
      for (const { id, port } of task.targets) bind(id, port, task.taskArn, gone)
    },
    ofService: (serviceArn) => [...(byService.get(serviceArn) ?? [])],
    at: (address, port) => byEndpoint.get(address)?.get(port),
    isTaken: (address) => addresses.has(address),
    clear() {
      byService.clear()
      byEndpoint.clear()
      addresses.clear()
    },
  }
}

function keep(sets: Map<string, Set<string>>, key: string, member: string, gone: boolean): void {
  const set = sets.get(key) ?? new Set()
  if (gone) set.delete(member)
  else set.add(member)
  if (set.size === 0) sets.delete(key)
  else sets.set(key, set)
}
