import type { PlantedBug } from './bug.ts'
import { adapterBugs } from './bugs/adapters.ts'
import { clusterBugs } from './bugs/cluster.ts'
import { codeDeployBugs } from './bugs/code-deploy.ts'
import { engineBugs } from './bugs/engine.ts'
import { environmentBugs } from './bugs/environment.ts'
import { gateBugs } from './bugs/gates.ts'
import { infrastructureBugs } from './bugs/infrastructure.ts'
import { newsBugs } from './bugs/news.ts'
import { planBugs } from './bugs/plan.ts'
import { relatedBugs } from './bugs/related.ts'
import { rolloutBugs } from './bugs/rollout.ts'
import { stepBugs } from './bugs/steps.ts'
import { tableBugs } from './bugs/table.ts'
import { nativeBugs } from './bugs/native.ts'
import { workerBugs } from './bugs/workers.ts'

/** Every mistake that the simulation has to notice, each for itself. */
export const plantedBugs: readonly PlantedBug[] = [
  ...rolloutBugs,
  ...stepBugs,
  ...workerBugs,
  ...nativeBugs,
  ...codeDeployBugs,
  ...planBugs,
  ...engineBugs,
  ...environmentBugs,
  ...adapterBugs,
  ...tableBugs,
  ...clusterBugs,
  ...newsBugs,
  ...infrastructureBugs,
  ...gateBugs,
  ...relatedBugs,
]
