import { describe, expect, it } from 'vitest'
import { planAdoption } from '../../../controller/core/adopt.ts'
import { loadManifests } from '../../../controller/core/manifest.ts'
import type { LoadedRelease } from '../../../controller/core/manifest.ts'
import type { TaskDefinitionFacts } from '../../../controller/core/observation.ts'
import type { EnvironmentState } from '../../../controller/engine/engine.ts'
import { adoptedOr } from '../../../controller/engine/environment/adopted.ts'
import { documented } from '../../../controller/engine/environment/desires.ts'
import type { WantedCommit } from '../../../controller/engine/environment/desires.ts'
import { substituteRelease } from '../../../controller/core/manifest.ts'
import { adoptable, DIGEST, REPOSITORY, REVISION, wishes } from '../../support/adoption-facts.ts'
import { environmentOf } from '../../support/machine/environment.ts'

const { files } = planAdoption(adoptable, wishes, {
  path: 'deploy',
  policy: { allow: undefined },
  requiredGates: [],
})

/** The release as it was written for the service, once it is committed. */
function loaded(): LoadedRelease {
  const { releases } = loadManifests({
    files: files
      .filter(({ path }) => path.startsWith('deploy/'))
      .map(({ path, text }) => ({ path, text, mode: 'file', size: text.length, validUtf8: true })),
    path: 'deploy',
    environment: 'prod',
    requiredGates: [],
  })
  const [release] = releases
  if (release === undefined) throw new Error('the release can not be read')
  return substituteRelease(release, {
    commit: 'c',
    imageTag: '1.4',
    environment: 'prod',
    region: 'r',
    account: 'a',
  })
}

const commit: WantedCommit = {
  commit: {
    id: 'c0',
    subject: '',
    author: 'Dora',
    committer: 'Dora',
    at: 0,
  } as unknown as WantedCommit['commit'],
  why: 'Commit',
  who: 'Dora',
  deployed: [],
  held: undefined,
}

/** What is wanted where AWS shows that revision. */
async function wanted(
  revision: TaskDefinitionFacts | undefined,
  { digest = DIGEST, families }: { readonly digest?: string; readonly families?: readonly string[] } = {},
): Promise<unknown> {
  const allow = families === undefined ? {} : { allow: { families, executionRoles: ['*'] } }
  const state = {
    environment: environmentOf('prod', { path: '/repository', spec: allow }),
    connections: { platform: { taskDefinition: async () => revision } },
  } as unknown as EnvironmentState
  const release = loaded()
  const image = {
    kind: 'Found',
    image: { container: 'app', repository: REPOSITORY, digest },
    sidecars: [],
  } as const
  const desire = await adoptedOr(
    state,
    release.release,
    documented(state, commit, { loaded: release, image }),
  )
  if (desire.kind === 'Stalled') return `${desire.reason}: ${desire.message}`
  if (desire.kind !== 'Ready') return desire.kind
  const { version, recorded } = desire.release
  return { revision: version.taskDefinition, recorded: recorded?.taskDefinition }
}

const revision = adoptable.taskDefinition
const [app, proxy] = revision.document['containerDefinitions'] as readonly object[]
const withContainers = (...containerDefinitions: object[]): TaskDefinitionFacts => ({
  ...revision,
  document: { ...revision.document, containerDefinitions },
})

describe('the revision that a release was adopted with', () => {
  it('is what is wanted, and counts as verified, while it has the content that the release names', async () => {
    expect(await wanted(revision)).toEqual({ revision: REVISION, recorded: REVISION })
    const byDigest = withContainers({ ...app, image: `${REPOSITORY}@${DIGEST}` }, proxy ?? {})
    expect(await wanted(byDigest)).toEqual({ revision: REVISION, recorded: REVISION })
  })

  it.each<[string, TaskDefinitionFacts | undefined, string | undefined]>([
    ['there is another image', revision, `sha256:${'b'.repeat(64)}`],
    ['it is gone', undefined, undefined],
    ['it was deregistered', { ...revision, status: 'INACTIVE' }, undefined],
    [
      'it gives tasks more',
      {
        ...revision,
        document: { ...revision.document, taskRoleArn: 'arn:aws:iam::123456789012:role/admin' },
      },
      undefined,
    ],
    [
      'a container of it has another image',
      withContainers(app ?? {}, { ...proxy, image: 'evil/envoy' }),
      undefined,
    ],
    [
      'it runs the image of another repository',
      withContainers({ ...app, image: 'evil/shop:1.4' }, proxy ?? {}),
      undefined,
    ],
    [
      'it pins another digest of the image',
      withContainers({ ...app, image: `${REPOSITORY}@sha256:${'c'.repeat(64)}` }, proxy ?? {}),
      undefined,
    ],
  ])("is passed over, and the release's own is registered, where %s", async (_, seen, digest) => {
    expect(await wanted(seen, digest === undefined ? {} : { digest })).toEqual({
      revision: undefined,
      recorded: REVISION,
    })
  })

  it('must be allowed by the environment, its family too', async () => {
    expect(await wanted(revision, { families: ['shop'] })).toMatchObject({ revision: REVISION })
    expect(await wanted(revision, { families: ['prod-*'] })).toBe(
      `AdoptedNotAllowed: the adopted task definition ${REVISION}: "shop" is not allowed in this environment; expected one that allow.families names: prod-*`,
    )
  })
})
