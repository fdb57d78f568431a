import { createScalingModel } from './application-autoscaling/model.ts'
import { createCloudWatchModel } from './cloudwatch/model.ts'
import { createCodeDeployModel } from './codedeploy/model.ts'
import { createDynamoDbModel } from './dynamodb/model.ts'
import { createEc2Model } from './ec2/model.ts'
import { createEcrModel } from './ecr/model.ts'
import { createEcsModel, type EcsModel } from './ecs/model.ts'
import type { ServiceModel } from './kernel/operation.ts'
import { createIamModel } from './iam/model.ts'
import type { Images } from './images.ts'
import type { Functions } from './lambda/functions.ts'
import { createFunctions } from './lambda/functions.ts'
import { createLambdaModel } from './lambda/model.ts'
import { createLogsModel } from './logs/model.ts'
import type { Interfaces } from './kernel/ports-between.ts'
import type { ProcessLauncher } from './process-launcher.ts'
import { createSchedulerModel } from './scheduler/model.ts'
import { createStsModel } from './sts/model.ts'
import { createTaggingModel } from './tagging/model.ts'
import { createTelling, type EventTravel } from './told.ts'
import type { WorldOptions } from './world.ts'

interface OtherParts {
  readonly images: Images
  readonly launcher?: ProcessLauncher
  /** Left out, none is there. */
  readonly functions?: Functions
  /** Left out, each event arrives once. */
  readonly travel?: EventTravel
}

/** The services beside load balancing; `launcher` starts real processes, and without one no command is ever run. */
export function otherModels(parts: OtherParts): NonNullable<WorldOptions['others']> {
  return ({ clock, random, settings, targets, interfaces, elb }) => {
    const monitoring = createCloudWatchModel({ clock })
    const ecs = createEcsModel({
      clock,
      random,
      settings,
      targets,
      alarming: (names, region) => monitoring.alarming(names, region),
      ...parts,
    })
    const { strict } = settings
    const iam = createIamModel({ clock, strict })
    const sts = createStsModel({ clock, random, roleExists: (name) => iam.roleExists(name) })
    const ecr = createEcrModel({ clock, images: parts.images })
    const ec2 = createEc2Model({ clock, random, strict, interfaces: shownBy(interfaces, ecs) })
    const logs = createLogsModel({ clock })
    const scaling = createScalingModel({ clock, random, ...scaled(ecs) })
    const functions = parts.functions ?? createFunctions()
    const lambda = createLambdaModel(functions)
    const alarming: Alarming = (names, region) => monitoring.alarming(names, region)
    const onEcs = modelsOnEcs({ clock, random, settings, targets, alarming, ecs, functions })
    const dynamodb = createDynamoDbModel({ clock })
    const { images, travel } = parts
    const telling = createTelling({ clock, settings, sts, tables: ecs.tables, images, travel })
    const tagging = createTaggingModel({ models: [ecs, elb, ec2, logs, ecr, monitoring] })
    return {
      models: [
        ecs,
        ecr,
        sts,
        iam,
        ec2,
        logs,
        monitoring,
        scaling,
        tagging,
        lambda,
        dynamodb,
        ...onEcs,
        ...telling.models,
      ],
      written: telling.written,
      network: ecs.network,
      extras: { images: parts.images },
      demand: (service, wanted, context) => scaling.demand(service, wanted, context),
      refusal: (accessKeyId, protocol) => sts.refusal(accessKeyId, protocol),
    }
  }
}

type Alarming = (names: readonly string[], region: string) => readonly string[]

/** What starts tasks of its own. */
function modelsOnEcs({
  clock,
  settings,
  ecs,
  ...parts
}: Omit<Parameters<typeof createCodeDeployModel>[0], 'ecs' | 'taskSets'> & {
  readonly ecs: EcsModel
}): readonly ServiceModel[] {
  return [
    createCodeDeployModel({ ...parts, clock, settings, ecs: ecs.operations, taskSets: ecs.codeDeploy }),
    createSchedulerModel({
      clock,
      settings,
      runTask: (input, context) => void ecs.operations['RunTask']?.handle(input, context),
    }),
  ]
}

const shownBy =
  (ofBalancers: Interfaces, ecs: EcsModel): Parameters<typeof createEc2Model>[0]['interfaces'] =>
  ({ region }) => [...ofBalancers(region), ...ecs.interfaces(region)]

const scaled = (
  ecs: EcsModel,
): Pick<Parameters<typeof createScalingModel>[0], 'serviceExists' | 'services'> => ({
  serviceExists: (name, context) => ecs.serviceExists(name, context),
  services: ecs,
})
