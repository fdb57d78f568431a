import type { FieldByHand, FieldLeftOut } from './field.ts'
import { scalingFields } from './scaling-fields.ts'
import { serviceFields, serviceFieldsLeftOut } from './service-fields.ts'
import { taskDefinitionFields, taskDefinitionFieldsLeftOut } from './task-definition-fields.ts'
import { trafficFields, trafficFieldsLeftOut } from './traffic-fields.ts'

/** Every field that core compares, and what somebody makes of it by hand. */
export const fieldsByHand: ReadonlyMap<string, FieldByHand> = new Map(
  [...serviceFields, ...taskDefinitionFields, ...trafficFields, ...scalingFields].map((field) => [
    field.name,
    field,
  ]),
)

/** Fields that nobody can change in the simulated world, with the reason. */
export const fieldsLeftOut: readonly FieldLeftOut[] = [
  ...serviceFieldsLeftOut,
  ...taskDefinitionFieldsLeftOut,
  ...trafficFieldsLeftOut,
]
