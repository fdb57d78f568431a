/** What AWS fills in by itself and how it reads a document, as tables. Raise the version with every changed row. */
export const defaultsVersion = 3

/** When the rows were last held against AWS's pages, each of which its row names. */
export const defaultsReadAt = '2026-11-30'

export { actionsShape } from './defaults/listener.ts'
export { normalize } from './defaults/normalize.ts'
export { trackedTargetShape } from './defaults/scaling-policy.ts'
export { serviceShape } from './defaults/service.ts'
export { targetGroupAttributesShape, targetGroupShape } from './defaults/target-group.ts'
export { readOnlyTaskDefinitionMembers, taskDefinitionShape } from './defaults/task-definition.ts'
