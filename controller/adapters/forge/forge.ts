import { PortError } from '../../ports/error.ts'
import type { Forge } from '../../ports/forge.ts'
import { createGitHub } from './github.ts'
import { createGitLab } from './gitlab.ts'
import { placeOf } from './place.ts'

/** The forge of a repository, asked with a token; nothing is sent before {@link Forge.open}. Throws `ForgeUnknown` and `ForgeTokenMissing`. */
export function createForge({
  repository,
  asked,
  token,
}: {
  /** As the Environment names it. */
  readonly repository: string
  /** What `--forge` says. */
  readonly asked: string | undefined
  readonly token: string | undefined
}): Forge {
  const place = placeOf(repository, asked)
  if (token === undefined || token.trim() === '' || /[^\u0021-\u007e]/.test(token))
    throw new PortError('a pull request needs a token of the forge', {
      code: 'ForgeTokenMissing',
      handling: 'stall',
      remedy: `set STEERSMAN_FORGE_TOKEN to one that may write pull requests of ${place.project}`,
    })
  return place.kind === 'github' ? createGitHub(place, token) : createGitLab(place, token)
}
