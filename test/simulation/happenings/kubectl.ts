import { annotations } from '../../../controller/resources/annotations.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import type { KubeObject } from '../../support/kube-api/model.ts'
import { annotationsOf } from '../cluster/simulated-cluster.ts'
import type { Simulation } from '../run/simulation.ts'
import { oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What people do to the objects in the cluster with `kubectl`. */
export const kubectlKinds: readonly HappeningKind[] = [
  {
    name: 'kubectl edit',
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      what: oneOf(random, ['image', 'strategy', 'labels']),
    }),
    apply: (simulation, { release, what }) =>
      onRelease(simulation, String(release), (object) =>
        simulation.machine.cluster?.edit(object, (before) => edited(before, String(what))),
      ),
  },
  {
    name: 'kubectl delete',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({ release: oneOf(random, releases) }),
    apply: (simulation, { release }) =>
      onRelease(simulation, String(release), (object) => {
        // With its status goes what was known of it: until when its old side is kept warm, for example.
        simulation.checkers?.disturbed({ release: String(release) })
        simulation.machine.cluster?.delete(object)
      }),
  },
  {
    name: 'kubectl annotate',
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({ release: oneOf(random, releases) }),
    // As the guide tells people to ask for a restart without the CLI.
    apply: (simulation, { release }) =>
      onRelease(simulation, String(release), (object) => {
        const asked = { verb: 'restart', release: String(release), token: '' } as const
        simulation.checkers?.asking(asked)
        const at = new Date(simulation.time.now()).toISOString()
        const wish = { [annotations.restart]: at, [annotations.restartBy]: 'ops' }
        simulation.machine.cluster?.edit(object, (before) => ({
          ...before,
          metadata: { ...before.metadata, annotations: { ...annotationsOf(before), ...wish } },
        }))
        simulation.checkers?.asked(asked)
      }),
  },
]

function onRelease(simulation: Simulation, release: string, act: (object: KubeObject) => void): void {
  const object = simulation.machine.cluster
    ?.raw('Release')
    .find(({ metadata }) => labelsOf(metadata)[RELEASE_LABEL] === release)
  if (object === undefined) return simulation.strikes.missed()
  act(object)
}

const labelsOf = (metadata: KubeObject['metadata']): Readonly<Record<string, string>> =>
  (metadata['labels'] as Readonly<Record<string, string>> | undefined) ?? {}

/** What a person may try out on an object that is a mirror of git. */
function edited(before: KubeObject, what: string): object {
  const spec = before['spec'] as Readonly<Record<string, unknown>>
  switch (what) {
    case 'image':
      return { ...before, spec: { ...spec, image: { ...(spec['image'] as object), tag: 'v0-by-hand' } } }
    case 'strategy':
      return { ...before, spec: { ...spec, suspend: true } }
    default:
      return {
        ...before,
        metadata: { ...before.metadata, labels: { ...labelsOf(before.metadata), 'example.com/by': 'hand' } },
      }
  }
}
