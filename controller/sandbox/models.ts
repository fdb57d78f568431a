import { createEcrModel } from './ecr/model.ts'
import { createEcsModel } from './ecs/model.ts'
import { createIamModel } from './iam/model.ts'
import type { Images } from './images.ts'
import type { ProcessLauncher } from './process-launcher.ts'
import { createStsModel } from './sts/model.ts'
import type { WorldOptions } from './world.ts'

/** The services beside load balancing; `launcher` starts real processes, and without one no command is ever run. */
export function otherModels(parts: {
  images: Images
  launcher?: ProcessLauncher
}): NonNullable<WorldOptions['others']> {
  return ({ clock, random, settings, targets }) => {
    const ecs = createEcsModel({ clock, random, settings, targets, ...parts })
    const iam = createIamModel({ clock, strict: settings.strict })
    const sts = createStsModel({ clock, random, roleExists: (name) => iam.roleExists(name) })
    const ecr = createEcrModel({ clock, images: parts.images })
    return {
      models: [ecs, ecr, sts, iam],
      network: ecs.network,
      extras: { images: parts.images },
      refusal: (accessKeyId, protocol) => sts.refusal(accessKeyId, protocol),
    }
  }
}
