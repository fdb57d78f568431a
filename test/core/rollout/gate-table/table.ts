import { checkConsistency } from '../../../../controller/core/manifest/consistency.ts'
import type {
  DefaultedRelease,
  DefaultedStrategy,
  GateStage,
} from '../../../../controller/resources/types.ts'
import { stagesOf } from '../../../../controller/resources/gates.ts'
import { desiredRelease } from '../../../support/release-fixtures.ts'
import type { Asking } from './gates.ts'
import { ASKINGS, gateOf, STAGES } from './gates.ts'
import { rolloutOfPair } from './pair.ts'
import { rolloutOfOne } from './rolling.ts'
import type { Result } from './results.ts'
import { ASKED } from './results.ts'
import type { Told } from './told.ts'

export interface TableStrategy {
  readonly title: string
  readonly strategy: Partial<DefaultedStrategy> & Pick<DefaultedStrategy, 'type'>
}

export const STRATEGIES: readonly TableStrategy[] = [
  { title: 'BlueGreen', strategy: { type: 'BlueGreen' } },
  {
    title: 'Canary',
    strategy: {
      type: 'Canary',
      steps: [
        { weight: 10, for: '20s' },
        { weight: 50, for: '30s' },
      ],
    },
  },
  { title: 'Linear', strategy: { type: 'Linear', by: 40, every: '15s' } },
  { title: 'Rolling', strategy: { type: 'Rolling' } },
]

/** What becomes of a rollout by the strategy, for each stage of a gate, each way of asking and each result, as text. */
export function tableOf({ title, strategy }: TableStrategy): string {
  const stages = STAGES.map((when) => `## ${when}\n\n${stageOf(strategy, when)}`)
  return `# ${title}\n\n${stages.join('\n\n')}\n`
}

/** Ways of asking that come to the same are told once. */
function stageOf(strategy: TableStrategy['strategy'], when: GateStage): string {
  const asked = ASKINGS.filter(({ kind }) => stagesOf(kind).includes(when))
  const alike = Map.groupBy(asked, (asking) => linesOf(strategy, when, asking))
  return [...alike]
    .map(([lines, askings]) => `a gate that ${askings.map(({ name }) => name).join(', or ')}\n${lines}`)
    .join('\n')
}

function linesOf(strategy: TableStrategy['strategy'], when: GateStage, asking: Asking): string {
  const [first] = ASKED
  if (first === undefined) return ''
  const refused = refusalOf(strategy, gateOf(when, asking, first))
  if (refused !== undefined) return `  is refused: ${refused}`
  return asking.results.map((result) => lineOf(result, play(strategy, { when, asking, result }))).join('\n')
}

function play(
  strategy: TableStrategy['strategy'],
  { when, asking, result }: { readonly when: GateStage; readonly asking: Asking; readonly result: Result },
): Told {
  const scene = { gate: gateOf(when, asking, result), when, result }
  return strategy.type === 'Rolling' ? rolloutOfOne(scene) : rolloutOfPair(strategy, scene)
}

const lineOf = ({ name }: Result, { outcome, writes }: Told): string =>
  `  ${name.padEnd(48)} ${outcome.padEnd(33)} ${writes}`

/** Why a release can't have the gate with this strategy. */
function refusalOf(strategy: TableStrategy['strategy'], gate: ReturnType<typeof gateOf>): string | undefined {
  const { spec } = desiredRelease({ strategy: { ...strategy, deadline: '20m' }, gates: [gate] })
  const { traffic: _traffic, ...alone } = spec
  const release = {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: 'web' },
    spec: strategy.type === 'Rolling' ? { ...alone, service: { ...spec.service, name: 'web' } } : spec,
  } as DefaultedRelease
  const [problem] = checkConsistency({ release, environment: 'prod', requiredGates: [] })
  return problem?.message
}
