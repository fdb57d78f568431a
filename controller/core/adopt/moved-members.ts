import type { Engine, ServiceSettings } from '../../resources/types.ts'
import { isObject } from '../defaults/shape.ts'
import { UNKNOWN_SETTINGS } from '../manifest/code-deploy.ts'
import type { AdoptedService } from './facts.ts'
import { strategyOf } from './moved.ts'

/** The settings that a release of the engine may name. */
export function broughtBy(engine: Engine, settings: ServiceSettings): ServiceSettings {
  if (engine !== 'CodeDeploy') return settings
  const left = new Set<string>(UNKNOWN_SETTINGS)
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !left.has(name)))
}

const BAKE = '5m'

/**
 * How the traffic is moved: by ECS as the service says. CodeDeploy is told with each deployment, so that there the usual one is named.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function movedStrategy({ settings }: AdoptedService, engine: Engine): object {
  const configuration = settings['deploymentConfiguration']
  if (engine !== 'Native' || !isObject(configuration)) return { type: 'BlueGreen', bake: BAKE }
  const { bakeTimeInMinutes, canaryConfiguration, linearConfiguration } = configuration
  const bake = typeof bakeTimeInMinutes === 'number' && bakeTimeInMinutes > 0 ? `${bakeTimeInMinutes}m` : BAKE
  const strategy = strategyOf(settings)
  if (strategy === 'CANARY' && isObject(canaryConfiguration)) {
    const { canaryPercent, canaryBakeTimeInMinutes } = canaryConfiguration
    return {
      type: 'Canary',
      steps: [{ weight: canaryPercent, for: `${String(canaryBakeTimeInMinutes)}m` }],
      bake,
    }
  }
  if (strategy === 'LINEAR' && isObject(linearConfiguration)) {
    const { stepPercent, stepBakeTimeInMinutes } = linearConfiguration
    return { type: 'Linear', by: stepPercent, every: `${String(stepBakeTimeInMinutes)}m`, bake }
  }
  return { type: 'BlueGreen', bake }
}
