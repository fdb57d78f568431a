import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import { hexId, uuid } from '../kernel/random.ts'
import { optionalRecord, optionalRecords, optionalText, present } from '../members.ts'
import type { CodeDeployWorld } from './parts.ts'
import { shownService } from './service-tasks.ts'
import type { Application, Deployment, DeploymentGroup } from './state.ts'
import { applicationKey, groupKey, isOver, refused, required, serviceOf, trafficOf } from './state.ts'
import { DEFAULT_CONFIG, trafficPlan } from './traffic-plan.ts'

/** The operations on applications and deployment groups, of the compute platform ECS. */
export function groupOperations(world: CodeDeployWorld): Record<string, Operation> {
  const { tables } = world
  return {
    CreateApplication: writing((input, context) => createApplication(world, input, context)),
    GetApplication: reading((input, context) => ({
      application: applicationView(application(world, input, context)),
    })),
    ListApplications: reading((_input, context) => ({
      applications: context
        .read(tables.applications)
        .list()
        .filter(({ region }) => region === context.region)
        .map(({ name }) => name),
    })),
    DeleteApplication: writing((input, context) => {
      const { name } = application(world, input, context)
      for (const group of groupsOf(world, name, context)) tables.groups.delete(keyOf(group))
      tables.applications.delete(applicationKey(name, context))
      return {}
    }),
    CreateDeploymentGroup: writing((input, context) => createGroup(world, input, context)),
    UpdateDeploymentGroup: writing((input, context) => updateGroup(world, input, context)),
    GetDeploymentGroup: reading((input, context) => ({
      deploymentGroupInfo: groupView(world, groupNamed(world, input, context), context),
    })),
    ListDeploymentGroups: reading((input, context) => {
      const { name } = application(world, input, context)
      return {
        applicationName: name,
        deploymentGroups: groupsOf(world, name, context).map((group) => group.name),
      }
    }),
    DeleteDeploymentGroup: writing((input, context) => {
      tables.groups.delete(keyOf(groupNamed(world, input, context)))
      return { hooksNotCleanedUp: [] }
    }),
  }
}

const writing = (handle: Operation['handle']): Operation => ({ writes: true, bucket: 'other', handle })
const reading = (handle: Operation['handle']): Operation => ({ writes: false, bucket: 'other', handle })
const keyOf = (group: DeploymentGroup): string => groupKey(group.application, group.name, group)

function application({ tables }: CodeDeployWorld, input: Members, context: CallContext): Application {
  const name = required(input, 'applicationName', 'ApplicationNameRequiredException')
  const found = context.read(tables.applications).get(applicationKey(name, context))
  if (found === undefined)
    throw refused('ApplicationDoesNotExistException', `No application found for name: ${name}`)
  return found
}

/** The deployment group that a request names. */
export function groupNamed(
  world: CodeDeployWorld,
  input: Members,
  context: CallContext,
  member = 'deploymentGroupName',
): DeploymentGroup {
  const { name: ofApplication } = application(world, input, context)
  const name = required(input, member, 'DeploymentGroupNameRequiredException')
  const found = context.read(world.tables.groups).get(groupKey(ofApplication, name, context))
  if (found === undefined)
    throw refused('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`)
  return found
}

function groupsOf({ tables }: CodeDeployWorld, name: string, context: CallContext): DeploymentGroup[] {
  return context
    .read(tables.groups)
    .list()
    .filter((group) => group.region === context.region && group.application === name)
}

function createApplication(world: CodeDeployWorld, input: Members, context: CallContext): Members {
  const name = required(input, 'applicationName', 'ApplicationNameRequiredException')
  if (optionalText(input, 'computePlatform') !== 'ECS')
    throw refused('InvalidComputePlatformException', 'The sandbox has the compute platform ECS only.')
  const key = applicationKey(name, context)
  if (world.tables.applications.get(key) !== undefined)
    throw refused('ApplicationAlreadyExistsException', `Application already exists: ${name}`)
  const id = uuid(world.random)
  world.tables.applications.put(key, { id, name, region: context.region, createdAt: context.now })
  return { applicationId: id }
}

const applicationView = ({ id, name, createdAt }: Application): Members => ({
  applicationId: id,
  applicationName: name,
  createTime: timestamp(createdAt),
  linkedToGitHub: false,
  computePlatform: 'ECS',
})

function createGroup(world: CodeDeployWorld, input: Members, context: CallContext): Members {
  const { name: ofApplication } = application(world, input, context)
  const name = required(input, 'deploymentGroupName', 'DeploymentGroupNameRequiredException')
  const key = groupKey(ofApplication, name, context)
  if (world.tables.groups.get(key) !== undefined)
    throw refused('DeploymentGroupAlreadyExistsException', `Deployment group already exists: ${name}`)
  required(input, 'serviceRoleArn', 'RoleRequiredException')
  const id = `${hexId(world.random, 8)}-${uuid(world.random).slice(9)}`
  const { applicationName: _application, deploymentGroupName: _name, tags: _tags, ...given } = input
  const members: Members = {
    deploymentConfigName: DEFAULT_CONFIG,
    autoRollbackConfiguration: { enabled: false, events: [] },
    alarmConfiguration: { enabled: false, ignorePollAlarmFailure: false, alarms: [] },
    ...present(given),
  }
  const group = { id, name, application: ofApplication, region: context.region, members }
  check(world, group, context)
  world.tables.groups.put(key, group)
  return { deploymentGroupId: id }
}

function updateGroup(world: CodeDeployWorld, input: Members, context: CallContext): Members {
  const before = groupNamed(world, input, context, 'currentDeploymentGroupName')
  const {
    applicationName: _application,
    currentDeploymentGroupName: _name,
    newDeploymentGroupName,
    ...given
  } = input
  if (newDeploymentGroupName !== undefined)
    throw refused('InvalidInputException', 'The sandbox does not rename deployment groups.')
  const group = { ...before, members: { ...before.members, ...present(given) } }
  check(world, group, context)
  world.tables.groups.put(keyOf(group), group)
  return { hooksNotCleanedUp: [] }
}

function check(world: CodeDeployWorld, group: DeploymentGroup, context: CallContext): void {
  const { members } = group
  trafficPlan(optionalText(members, 'deploymentConfigName') ?? DEFAULT_CONFIG)
  const style = optionalRecord(members, 'deploymentStyle') ?? {}
  if (style['deploymentType'] !== 'BLUE_GREEN' || style['deploymentOption'] !== 'WITH_TRAFFIC_CONTROL')
    throw refused(
      'InvalidDeploymentStyleException',
      'For ECS deployments, the deployment style must be BLUE_GREEN and WITH_TRAFFIC_CONTROL.',
    )
  const blueGreen = optionalRecord(members, 'blueGreenDeploymentConfiguration') ?? {}
  for (const name of ['terminateBlueInstancesOnDeploymentSuccess', 'deploymentReadyOption']) {
    if (optionalRecord(blueGreen, name) === undefined)
      throw refused('InvalidBlueGreenDeploymentConfigurationException', `${name} is required.`)
  }
  checkTraffic(world, group)
  checkService(world, group, context)
}

function checkTraffic(world: CodeDeployWorld, group: DeploymentGroup): void {
  const { groupNames, production, test } = trafficOf(group)
  const missing = groupNames.find((name) => world.targets.groupNamed(name, group.region) === undefined)
  if (groupNames.length !== 2 || missing !== undefined)
    throw refused(
      'InvalidTargetGroupPairException',
      missing === undefined
        ? 'A target group pair has exactly two target groups.'
        : `There is no target group ${missing}.`,
    )
  if (production.length !== 1 || test.length > 1)
    throw refused(
      'InvalidTargetGroupPairException',
      'A target group pair has one listener for production traffic and at most one for test traffic.',
    )
}

function checkService(world: CodeDeployWorld, group: DeploymentGroup, context: CallContext): void {
  const { cluster, service } = serviceOf(group)
  const shown = shownService(world, group, context)
  if (
    (optionalRecords(group.members, 'ecsServices') ?? []).length !== 1 ||
    shown?.['status'] !== 'ACTIVE' ||
    optionalRecord(shown, 'deploymentController')?.['type'] !== 'CODE_DEPLOY'
  )
    throw refused(
      'InvalidECSServiceException',
      `Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller: ${cluster}:${service}.`,
    )
  const other = world.tables.groups.list().find((one) => {
    const its = serviceOf(one)
    return keyOf(one) !== keyOf(group) && its.cluster === cluster && its.service === service
  })
  if (other !== undefined)
    throw refused(
      'ECSServiceMappingLimitExceededException',
      `The ECS service ${service} belongs to the deployment group ${other.name} already.`,
    )
}

function groupView(world: CodeDeployWorld, group: DeploymentGroup, context: CallContext): Members {
  const own = context
    .read(world.tables.deployments)
    .list()
    .filter((one) => one.application === group.application && one.group === group.name)
  const seen = (one: Deployment | undefined): Members | undefined =>
    one === undefined
      ? undefined
      : present({
          deploymentId: one.id,
          status: one.status,
          createTime: timestamp(one.createdAt),
          endTime: one.completedAt === undefined ? undefined : timestamp(one.completedAt),
        })
  return present({
    applicationName: group.application,
    deploymentGroupId: group.id,
    deploymentGroupName: group.name,
    computePlatform: 'ECS',
    ...group.members,
    lastAttemptedDeployment: seen(own.at(-1)),
    lastSuccessfulDeployment: seen(own.findLast(({ status }) => status === 'Succeeded')),
  })
}

/** The deployment of a group that is not over; there is at most one. */
export function activeDeployment(world: CodeDeployWorld, group: DeploymentGroup): Deployment | undefined {
  return world.tables.deployments
    .list()
    .find(
      (one) =>
        one.region === group.region &&
        one.application === group.application &&
        one.group === group.name &&
        !isOver(one),
    )
}
