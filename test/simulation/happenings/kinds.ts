import { awsKinds } from './aws.ts'
import { clusterKinds } from './cluster.ts'
import { clusterWatchKinds } from './cluster-watches.ts'
import { codeDeployKinds } from './code-deploy.ts'
import { controllerKinds } from './controller.ts'
import { diskKinds } from './disk.ts'
import { exploredKinds } from './explored.ts'
import { gateKinds } from './gates.ts'
import { fieldKinds } from './fields.ts'
import { freezeKinds } from './freezes.ts'
import { gitKinds } from './git.ts'
import { handKinds } from './hands.ts'
import type { HappeningKind } from './kind.ts'
import { monitoringKinds } from './monitoring.ts'
import { newsKinds } from './news.ts'
import { outsideKinds } from './outside.ts'
import { peopleKinds } from './people.ts'
import { kubectlKinds } from './kubectl.ts'
import { infrastructureKinds } from './infrastructure.ts'
import { scalingKinds } from './scaling.ts'
import { scheduleKinds } from './schedules.ts'
import { scanKinds } from './scans.ts'
import { tagKinds } from './tags.ts'
import { tableKinds } from './table.ts'
import { taskKinds } from './tasks.ts'
import { webhookKinds } from './webhooks.ts'
import { verbKinds } from './verbs.ts'

/** Every kind of happening that there is, by name. */
export const happeningKinds: ReadonlyMap<string, HappeningKind> = new Map(
  [
    ...gitKinds,
    ...awsKinds,
    ...scanKinds,
    ...scalingKinds,
    ...scheduleKinds,
    ...newsKinds,
    ...webhookKinds,
    ...codeDeployKinds,
    ...tagKinds,
    ...verbKinds,
    ...gateKinds,
    ...freezeKinds,
    ...taskKinds,
    ...peopleKinds,
    ...handKinds,
    ...fieldKinds,
    ...controllerKinds,
    ...diskKinds,
    ...tableKinds,
    ...clusterKinds,
    ...clusterWatchKinds,
    ...kubectlKinds,
    ...infrastructureKinds,
    ...monitoringKinds,
    ...outsideKinds,
    ...exploredKinds,
  ].map((kind) => [kind.name, kind]),
)
