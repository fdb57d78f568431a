import type { SteersmanEvent } from '../../../core/event.ts'
import { finishedPhases } from '../../../core/rollout/state.ts'
import { releaseObjectName } from '../../../resources/names.ts'
import { leaseObjectName } from '../lease-objects.ts'

/** What an Event of Kubernetes says about one object of the cluster. */
export interface Told {
  readonly kind: 'Environment' | 'Release' | 'Rollout' | 'Lease'
  /** Of the object. */
  readonly name: string
  readonly type: 'Normal' | 'Warning'
  /** Why, in one word that programs may compare. */
  readonly reason: string
  /** What was done about it, in one word. */
  readonly action: string
  /** For people; of any length, and secrets may still be in it. */
  readonly note: string
}

type EventOf<Type extends SteersmanEvent['type']> = Extract<SteersmanEvent, { readonly type: Type }>

type Tellers = {
  readonly [Type in SteersmanEvent['type']]?: (event: EventOf<Type>) => readonly Told[]
}

/** What somebody who describes an object in the cluster wants to read: of a rollout's way, of what was refused, and of what goes wrong. Nothing for anything else. */
export function toldOf(event: SteersmanEvent): readonly Told[] {
  const tell = tellers[event.type] as ((event: SteersmanEvent) => readonly Told[]) | undefined
  return tell?.(event) ?? []
}

const tellers: Tellers = {
  RolloutStarted: ({ rollout, to, why, who, commit, ...key }) =>
    onBoth({ rollout, ...key }, normal('RolloutStarted', 'Deploy'), {
      ofRelease: `rollout ${rollout} started towards ${to}: ${why} by ${who}, commit ${commit.slice(0, 12)}`,
      ofRollout: `started towards ${to}: ${why} by ${who}, commit ${commit.slice(0, 12)}`,
    }),
  // How it ended is told by itself.
  PhaseEntered: ({ rollout, phase, message }) =>
    finishedPhases.some((finished) => finished === phase)
      ? []
      : [onRollout(rollout, ofPhase(phase), message === '' ? `is ${phase}` : `is ${phase}: ${message}`)],
  ActionDone: ({ rollout, action, message, ...key }) =>
    action !== 'SetWeights' || rollout === ''
      ? []
      : onBoth({ rollout, ...key }, normal('TrafficMoved', 'MoveTraffic'), {
          ofRelease: `rollout ${rollout}: ${message}`,
          ofRollout: message,
        }),
  ActionFailed: ({ rollout, action, code, message }) =>
    rollout === ''
      ? []
      : [onRollout(rollout, warning('ActionFailed', action), `${action} failed with ${code}: ${message}`)],
  GateFinished: ({ rollout, gate, result, message }) => [
    onRollout(
      rollout,
      result === 'Passed' ? normal('GatePassed', 'Verify') : warning(`Gate${result}`, 'Verify'),
      `gate ${gate} ${result}${message === '' ? '' : `: ${message}`}`,
    ),
  ],
  DecisionAwaited: ({ rollout, message }) => [
    onRollout(rollout, warning('DecisionAwaited', 'AskPerson'), message),
  ],
  GateDecided: ({ rollout, gate, verdict, by }) => [
    onRollout(rollout, normal('GateDecided', 'AskPerson'), `gate ${gate}: ${verdict} by ${by}`),
  ],
  RolloutFinished: ({ rollout, outcome, reason, message, ...key }) =>
    onBoth({ rollout, ...key }, ofOutcome(outcome), {
      ofRelease: `rollout ${rollout} ended ${outcome} (${reason}): ${message}`,
      ofRollout: `ended ${outcome} (${reason}): ${message}`,
    }),
  // Without its values: whoever may read Events may not be meant to read those.
  DriftFound: ({ path, ...key }) => [
    onRelease(key, warning('DriftFound', 'Compare'), `differs from git at ${path}`),
  ],
  DriftCorrected: ({ action, message, ...key }) => [
    onRelease(key, normal('DriftCorrected', action), message),
  ],
  ManifestRefused: ({ environment, commit, issues, first }) => [
    onEnvironment(
      environment,
      warning('ManifestRefused', 'ReadManifests'),
      `commit ${commit.slice(0, 12)} is refused for ${issues} ${issues === 1 ? 'issue' : 'issues, first'}: ${first}`,
    ),
  ],
  TagMoved: ({ environment, tag, commit }) => [
    onEnvironment(
      environment,
      normal('TagMoved', 'RecordCommit'),
      `tag ${tag} moved to ${commit.slice(0, 12)}`,
    ),
  ],
  SourceFetched: ({ environment, result, message }) =>
    result === 'success'
      ? []
      : [onEnvironment(environment, warning('SourceFailed', 'Fetch'), `could not be fetched: ${message}`)],
  TerraformRan: ({ environment, command, result, message, commit }) => [
    onEnvironment(
      environment,
      result === 'Done' ? normal('TerraformRan', command) : warning('TerraformFailed', command),
      `terraform ${command} at ${commit.slice(0, 12)}: ${result}${message === '' ? '' : `: ${message}`}`,
    ),
  ],
  FreezeOverridden: ({ environment, by, reason }) => [
    onEnvironment(environment, warning('FreezeOverridden', 'Deploy'), `set aside by ${by}: ${reason}`),
  ],
  EnvironmentEnding: ({ environment, rollouts }) => [
    onEnvironment(
      environment,
      normal('Deleting', 'EndRollouts'),
      `${rollouts} rollouts go back to the live side first; nothing else is touched`,
    ),
  ],
  EnvironmentDraining: ({ environment, releases }) => [
    onEnvironment(
      environment,
      normal('Draining', 'TakeDown'),
      releases === 0
        ? 'nothing of it runs any more'
        : `${releases} releases are taken down first, each when no rule sends it requests`,
    ),
  ],
  ReconcileFailed: ({ key, code, message }) => onKey(key, `${code}: ${message}`),
  ConfigurationRefused: ({ file, message }) =>
    file.startsWith('Environment/')
      ? [
          onEnvironment(
            file.slice('Environment/'.length),
            warning('ConfigurationRefused', 'ReadSpec'),
            message,
          ),
        ]
      : [],
  LeaseChanged: ({ lease, held, epoch, message }) => [
    {
      kind: 'Lease',
      name: leaseObjectName(lease),
      ...(held ? normal('LeaderElection', 'TakeLease') : warning('LeaderElection', 'LoseLease')),
      note: `${message} (epoch ${epoch})`,
    },
  ],
}

type Kept = Pick<Told, 'type' | 'reason' | 'action'>

interface ReleaseSubject {
  readonly environment: string
  readonly release: string
}

const normal = (reason: string, action: string): Kept => ({ type: 'Normal', reason, action })
const warning = (reason: string, action: string): Kept => ({ type: 'Warning', reason, action })

const onEnvironment = (name: string, kept: Kept, note: string): Told => ({
  kind: 'Environment',
  name,
  ...kept,
  note,
})

const onRollout = (name: string, kept: Kept, note: string): Told => ({ kind: 'Rollout', name, ...kept, note })

const onRelease = (key: ReleaseSubject, kept: Kept, note: string): Told => ({
  kind: 'Release',
  name: releaseObjectName(key),
  ...kept,
  note,
})

/** People describe the release as often as the rollout, and find the same on either. */
const onBoth = (
  { rollout, ...key }: ReleaseSubject & { readonly rollout: string },
  kept: Kept,
  { ofRelease, ofRollout }: { readonly ofRelease: string; readonly ofRollout: string },
): readonly Told[] => [onRelease(key, kept, ofRelease), onRollout(rollout, kept, ofRollout)]

/** Of a key of the work queue, as `release/prod/web`. */
function onKey(key: string, note: string): readonly Told[] {
  const [kind, environment, release] = key.split('/')
  const kept = warning('ReconcileFailed', 'Reconcile')
  if (environment === undefined) return []
  if (kind !== 'release' || release === undefined) return [onEnvironment(environment, kept, note)]
  return [onRelease({ environment, release }, kept, note)]
}

/** Traffic only ever begins to move to what passed its gates. */
function ofPhase(phase: string): Kept {
  switch (phase) {
    case 'Shifting':
      return normal('Verified', 'MoveTraffic')
    case 'RollingBack':
      return warning(phase, 'RollBack')
    default:
      return normal(phase, 'Deploy')
  }
}

function ofOutcome(outcome: string): Kept {
  switch (outcome) {
    case 'Succeeded':
    case 'Superseded':
      return normal(`Rollout${outcome}`, 'Deploy')
    default:
      return warning(`Rollout${outcome}`, 'RollBack')
  }
}
