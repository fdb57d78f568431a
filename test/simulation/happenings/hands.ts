import { forwardTo, rulesOf, writeByHand } from '../aws/listeners.ts'
import type { Pair } from '../aws/shape.ts'
import type { SideName } from '../aws/names.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'
import { registerByHand } from './people.ts'

/** What people do with a console who see what Steersman is about, and what other teams do beside it. */
export const handKinds: readonly HappeningKind[] = [
  {
    name: 'idle side by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      what: oneOf(random, ['count', 'task definition', 'h1-slow', 'h1-slow']),
      desiredCount: between(random, 0, 4),
    }),
    apply(simulation, { release, what, desiredCount }) {
      const side = idleSide(simulation.aws, simulation.pairOf(String(release)))
      if (what === 'count') simulation.setDesiredCount(String(release), side, Number(desiredCount))
      else {
        const version = what === 'task definition' ? undefined : String(what)
        registerByHand(simulation, { release: String(release), side, isRepointed: true, version })
      }
    },
  },
  {
    name: 'undone by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      afterMs: between(random, 500, 20_000),
    }),
    apply: (simulation, { release, afterMs }) =>
      undoNextWrite(simulation, simulation.pairOf(String(release)), Number(afterMs)),
  },
  {
    name: 'one rule by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      rule: between(random, 0, 2),
      blue: oneOf(random, [0, 1, 50, 100]),
      green: oneOf(random, [1, 50, 100]),
    }),
    apply(simulation, { release, rule, blue, green }) {
      const { production, targetGroups } = simulation.pairOf(String(release))
      const arn = production[Number(rule) % production.length]
      if (arn === undefined) return
      simulation.checkers?.disturbed({ release: String(release) })
      writeByHand(simulation.aws, arn, forwardTo(targetGroups, { blue: Number(blue), green: Number(green) }))
    },
  },
  {
    name: 'neighbours reorder rules',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ by: between(random, 1, 5) }),
    apply: (simulation, { by }) => reorder(simulation, Number(by)),
  },
]

/** The side that has less of the traffic. */
function idleSide(aws: SimulatedAws, pair: Pair): SideName {
  const { weights } = seeRelease(aws, pair)
  return (weights?.blue ?? 0) > (weights?.green ?? 0) ? 'green' : 'blue'
}

/** Somebody does not like the next thing that a controller does to the release, and a while later makes it as it was. */
function undoNextWrite(simulation: Simulation, pair: Pair, afterMs: number): void {
  const { aws, checkers } = simulation
  const strike = simulation.strikes.later()
  const { release } = pair
  let isOver = false
  let before = seeRelease(aws, pair)
  aws.listen({
    beforeCall({ who, writes }) {
      if (!isOver && writes && who !== 'people') before = seeRelease(aws, pair)
    },
    afterCall({ who, writes }, _reply, happened) {
      if (isOver || !writes || !happened || who === 'people') return
      const { weights, sides } = before
      const now = seeRelease(aws, pair)
      const side = sideNames.find((one) => sides[one].desiredCount !== now.sides[one].desiredCount)
      const isMoved =
        weights !== undefined && weights.blue + weights.green > 0 && isOther(weights, now.weights)
      if (!isMoved && side === undefined) return
      isOver = true
      simulation.later(afterMs, () => {
        strike()
        if (isMoved) simulation.setWeights(release, weights.blue, weights.green)
        else if (side !== undefined) simulation.setDesiredCount(release, side, sides[side].desiredCount)
      })
    },
  })
  // What nobody did until then is not undone any more.
  simulation.later(60_000, () => {
    isOver = true
  })
  checkers?.disturbed({ release })
}

const isOther = (
  one: Readonly<Record<SideName, number>>,
  other: Readonly<Record<SideName, number>> | undefined,
): boolean => sideNames.some((side) => one[side] !== other?.[side])

/** Other teams bring the rules of the listeners, ours among them, into another order: none of them overlaps with ours. */
function reorder(simulation: Simulation, by: number): void {
  const { aws } = simulation
  for (const { arn } of aws.world.elb.tables.listeners.list()) {
    // The last one is for whatever no other rule takes.
    const rules = rulesOf(aws, arn).slice(0, -1)
    if (rules.length < 2) continue
    const moved = [...rules.slice(by % rules.length), ...rules.slice(0, by % rules.length)]
    aws.byHand('elasticloadbalancing', 'SetRulePriorities', {
      RulePriorities: moved.map((rule, index) => ({ RuleArn: rule, Priority: 10 * (index + 1) })),
    })
  }
}
