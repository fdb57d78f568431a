import type { Members, ServiceModel } from '../kernel/operation.ts'
import { deploymentOperations } from './deployments.ts'
import { groupOperations } from './groups.ts'
import type { CodeDeployParts, CodeDeployWorld } from './parts.ts'
import { follow } from './progress.ts'
import type { Application, CodeDeployTables, Deployment, DeploymentGroup } from './state.ts'
import { createTables, isOver } from './state.ts'

/** The model with its tables, for whoever looks on without a call. */
export interface CodeDeployModel extends ServiceModel {
  readonly tables: CodeDeployTables
}

/** CodeDeploy for services of ECS, API version 2014-10-06: it moves their task sets and the traffic, and nothing else. */
export function createCodeDeployModel(parts: CodeDeployParts): CodeDeployModel {
  const tables = createTables(parts.clock)
  const world: CodeDeployWorld = { ...parts, tables, looks: new Map() }
  return {
    service: 'codedeploy',
    tables,
    operations: { ...groupOperations(world), ...deploymentOperations(world) },
    dump: () => ({
      applications: tables.applications.dump(),
      groups: tables.groups.dump(),
      deployments: tables.deployments.dump(),
    }),
    load(state) {
      const rows = state as Members
      tables.applications.load(rows['applications'] as [string, Application][])
      tables.groups.load(rows['groups'] as [string, DeploymentGroup][])
      tables.deployments.load(rows['deployments'] as [string, Deployment][])
      for (const cancel of world.looks.values()) cancel()
      world.looks.clear()
      for (const one of tables.deployments.list()) if (!isOver(one)) follow(world, one.id)
    },
  }
}
