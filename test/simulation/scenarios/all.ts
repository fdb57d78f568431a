import { adopted } from './adopted.ts'
import { anyField, anyFieldScaled } from './any-field.ts'
import { allTogether } from './all-together.ts'
import { autoscaled, autoscaledSteps } from './autoscaled.ts'
import { deploys } from './deploys.ts'
import { badDays } from './bad-days.ts'
import { gated } from './gated.ts'
import { frozen } from './frozen.ts'
import { imagesLate } from './images-late.ts'
import { infrastructureApprovals } from './infrastructure-approvals.ts'
import { infrastructureDays } from './infrastructure-days.ts'
import { infrastructureTrouble } from './infrastructure-trouble.ts'
import { inlineSecrets } from './inline-secrets.ts'
import { manyReleases } from './many-releases.ts'
import { migrations } from './migrations.ts'
import { midRollout } from './mid-rollout.ts'
import { ordered, together } from './related.ts'
import { askedInCluster, sharedCluster, shardedCluster, threeInCluster } from './clusters.ts'
import { codeDeploy } from './code-deploy.ts'
import { native } from './native.ts'
import { namedRules } from './named-rules.ts'
import { outsideGates } from './outside-gates.ts'
import { people } from './people.ts'
import { redAlready } from './red-already.ts'
import { secondThoughts } from './second-thoughts.ts'
import { canaryDays, linearDays } from './steps.ts'
import { suspended } from './suspended.ts'
import { askedByTable, shardedTable, sharedTable } from './tables.ts'
import { tags } from './tags.ts'
import { webhooks } from './webhooks.ts'
import { waysBack } from './ways-back.ts'
import type { Scenario } from './scenario.ts'
import { scheduled } from './scheduled.ts'
import { stickyClients } from './sticky-clients.ts'
import { twoContainers } from './two-containers.ts'
import { twoControllers } from './two-controllers.ts'
import { woken, wokenByTurns } from './woken.ts'
import { workers } from './workers.ts'
import { watchedBakes } from './watched-bakes.ts'

/** Every scenario, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [
    deploys,
    twoControllers,
    twoContainers,
    people,
    badDays,
    tags,
    suspended,
    frozen,
    waysBack,
    stickyClients,
    imagesLate,
    manyReleases,
    namedRules,
    midRollout,
    secondThoughts,
    gated,
    migrations,
    outsideGates,
    inlineSecrets,
    canaryDays,
    linearDays,
    ordered,
    together,
    infrastructureDays,
    infrastructureTrouble,
    infrastructureApprovals,
    watchedBakes,
    redAlready,
    workers,
    native,
    codeDeploy,
    adopted,
    autoscaled,
    autoscaledSteps,
    scheduled,
    woken,
    wokenByTurns,
    webhooks,
    anyField,
    anyFieldScaled,
    allTogether,
    sharedTable,
    shardedTable,
    askedByTable,
    sharedCluster,
    threeInCluster,
    shardedCluster,
    askedInCluster,
  ].map((scenario) => [scenario.name, scenario]),
)
