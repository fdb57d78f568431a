import { PortError } from '../../ports/error.ts'
import type { ReferenceRequest, References, TagReference } from '../../ports/source.ts'
import { LOCAL_CONFIG } from './environment.ts'
import { GitFailure, unreadable } from './errors.ts'
import { configArguments } from './mirror.ts'
import type { Mirror } from './mirror.ts'
import { branchReference, tagPrefixReference, tagReference } from './names.ts'

/** The branch's head and the tags as the repository has them now, by one `ls-remote` that transfers no object. */
export async function readReferences(mirror: Mirror, request: ReferenceRequest): Promise<References> {
  const wanted = fullNames(request)
  const result = await mirror.question([
    'ls-remote',
    '--quiet',
    '--heads',
    '--tags',
    '--',
    mirror.address.url,
  ])
  if (result.exitCode !== 0) throw mirror.failure(new GitFailure('ls-remote', result), 'ls-remote')
  const objects = parseReferences(result.stdout.toString('utf8'))
  const isWanted = (name: string): boolean =>
    !name.endsWith('^{}') && (name.startsWith(wanted.prefix) || wanted.tags.includes(name))
  const tags = [...objects]
    .filter(([name]) => isWanted(name))
    .map(([name, object]): TagReference => {
      return { name: name.slice('refs/tags/'.length), object, commit: objects.get(`${name}^{}`) ?? object }
    })
  return { head: objects.get(wanted.branch), tags }
}

/** Object ids by full name. A line that can't be read is no reason to believe that a branch or a tag is gone. */
function parseReferences(output: string): ReadonlyMap<string, string> {
  const lines = output.split('\n')
  if (lines.pop() !== '') throw unreadable('ls-remote')
  return new Map(
    lines.map((line) => {
      const [, id, name] = /^([0-9a-f]{40,64})\t(refs\/.+)$/.exec(line) ?? []
      if (id === undefined || name === undefined) throw unreadable('ls-remote')
      return [name, id]
    }),
  )
}

/** No `--tags`: it fails on a moved tag. No maintenance in the background: it would outlive us. */
const FETCH: readonly string[] = [
  'fetch',
  '--quiet',
  '--force',
  '--prune',
  '--no-tags',
  '--update-shallow',
  '--no-recurse-submodules',
  '--no-auto-maintenance',
  '--no-write-fetch-head',
  '--no-show-forced-updates',
]

/**
 * Brings the branch and the tags into the mirror: forced updates and deletions are followed, nothing else is fetched, no submodule is entered, and a shallow repository may be read.
 */
export async function fetchReferences(mirror: Mirror, request: ReferenceRequest): Promise<void> {
  const names = fullNames(request)
  try {
    await fetchNames(mirror, names)
  } finally {
    mirror.memory.forgetReferences(
      (name) => name === names.branch || name.startsWith(names.prefix) || names.tags.includes(name),
    )
  }
}

async function fetchNames(mirror: Mirror, names: FullNames): Promise<void> {
  let exact = [names.branch, ...names.tags]
  for (let attempt = names.tags.length + 1; attempt >= 0; attempt--) {
    const result = await mirror.remote([
      ...FETCH,
      '--',
      mirror.address.url,
      ...exact.concat(`${names.prefix}*`).map((name) => `+${name}:${name}`),
    ])
    if (result.exitCode === 0) return tidy(mirror)
    const missing = /couldn't find remote ref (\S+)/i.exec(result.stderr)?.[1]
    if (missing === undefined || !exact.includes(missing)) {
      throw mirror.failure(new GitFailure('fetch', result), 'fetch')
    }
    exact = exact.filter((name) => name !== missing)
    await mirror.local(['update-ref', '--no-deref', '-d', missing])
  }
  throw new PortError('git fetch failed: the repository changes too fast', {
    code: 'SourceUnavailable',
    handling: 'retry',
  })
}

/** Git finds loose objects many from some thousands on; a fetch brings few. Of many environments each fetches from the one mirror. */
const FETCHES_UNTIDIED = 20
const untidied = new Map<string, number>()

/** Packs loose objects when git thinks that there are many, here and now: a background process would outlive us. A later fetch makes good a failure. */
async function tidy(mirror: Mirror): Promise<void> {
  const fetches = untidied.get(mirror.directory) ?? 0
  untidied.set(mirror.directory, (fetches + 1) % FETCHES_UNTIDIED)
  if (fetches > 0) return
  await mirror.program({
    command: 'git',
    args: [...configArguments(LOCAL_CONFIG), 'gc', '--auto', '--quiet'],
  })
  mirror.memory.forgetObjects()
}

interface FullNames {
  readonly branch: string
  readonly prefix: string
  readonly tags: readonly string[]
}

function fullNames(request: ReferenceRequest): FullNames {
  const prefix = tagPrefixReference(request.tagPrefix)
  const tags = [...new Set((request.otherTags ?? []).map(tagReference))]
  return {
    branch: branchReference(request.branch),
    prefix,
    tags: tags.filter((tag) => !tag.startsWith(prefix)),
  }
}
