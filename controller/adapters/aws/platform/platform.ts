import type { Platform } from '../../../ports/platform.ts'
import type { AwsTools } from '../client/tools.ts'
import { createScaling } from './scaling.ts'
import { createServiceDeployments } from './service-deployments.ts'
import { createServiceReads } from './services.ts'
import { createStartedTasks } from './started-tasks.ts'
import { createTaskDefinitionReads } from './task-definitions.ts'
import { createTaskReads } from './tasks.ts'
import { createWrites } from './writes.ts'

/** Amazon ECS behind the platform port. */
export function createPlatform(tools: AwsTools): Platform {
  const taskDefinitions = createTaskDefinitionReads(tools)
  return {
    services: createServiceReads(tools),
    taskDefinition: (arn) => taskDefinitions.taskDefinition(arn),
    newestTaskDefinition: (family) => taskDefinitions.newestTaskDefinition(family),
    tasks: createTaskReads(tools),
    ...createServiceDeployments(tools),
    ...createStartedTasks(tools),
    ...createScaling(tools),
    ...createWrites(tools, (facts) => taskDefinitions.remember(facts)),
  }
}
