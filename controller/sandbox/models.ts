import type { Images } from './images.ts'
import type { ProcessLauncher } from './process-launcher.ts'
import type { WorldOptions } from './world.ts'

/** The services beside load balancing; `launcher` starts real processes, and without one no command is ever run. */
export function otherModels(parts: {
  images: Images
  launcher?: ProcessLauncher
}): NonNullable<WorldOptions['others']> {
  return () => ({
    models: [],
    network: { probe: () => undefined, taskAt: () => undefined },
    extras: { images: parts.images },
  })
}
