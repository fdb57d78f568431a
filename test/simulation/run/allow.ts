/** `spec.allow` of an environment that lets its releases name everything. */
export const EVERYTHING = {
  clusters: ['*'],
  loadBalancers: ['*'],
  hosts: ['*'],
  families: ['*'],
  taskRoles: ['*'],
  executionRoles: ['*'],
  secrets: ['*'],
  schedules: ['*'],
  lambdas: ['*'],
  scripts: ['*'],
  gateHosts: ['*'],
}
