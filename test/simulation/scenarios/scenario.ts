import type { RolloutPhase } from '../../../controller/resources/generated/rollout.ts'
import type { Depth, Story } from '../run/story.ts'
import type { VersionKind } from './version.ts'

/** A kind of day that a team may have; its file says which, the seed says how it goes. */
export interface Scenario {
  readonly name: string
  /** One sentence for people. */
  readonly says: string
  /** How many releases the environment may have. */
  readonly releases: readonly number[]
  readonly seats: number
  readonly mostPushes: number
  /** From one push to the next. */
  readonly pause: { readonly fromMs: number; readonly toMs: number }
  /** What pushed versions may be like; one named more often comes more often. */
  readonly versions: readonly VersionKind[]
  /** What the last pushed version is like; left out: like any. */
  readonly lastVersion?: VersionKind
  /** EC2 needs instances, which may have no room; default FARGATE. */
  readonly launchType?: 'FARGATE' | 'EC2'
  readonly apart?: Story['apart']
  readonly store?: Story['store']
  readonly shards?: Story['shards']
  readonly rules?: Story['rules']
  readonly sticky?: Story['sticky']
  readonly content?: Story['content']
  readonly pace?: Story['pace']
  readonly scaling?: Story['scaling']
  readonly schedules?: Story['schedules']
  readonly gates?: Story['gates']
  readonly strategy?: Story['strategy']
  readonly supersede?: Story['supersede']
  readonly infrastructure?: Story['infrastructure']
  readonly watched?: Story['watched']
  readonly scans?: Story['scans']
  readonly settings?: Story['settings']
  readonly quietMs?: Story['quietMs']
  readonly relations?: Story['relations']
  readonly adopted?: Story['adopted']
  readonly news?: Story['news']
  /** The only depth that can play it: what it is about is not there at another one; left out: every depth. */
  readonly depth?: Depth
  /** Phases of a rollout in which faults strike, one of them for each fault; left out: at any time. */
  readonly phases?: readonly RolloutPhase[]
  /** Names of happenings that are part of every day of this kind, however much goes wrong. */
  readonly always?: readonly string[]
  /** Names of the happenings that go wrong. */
  readonly faults: readonly string[]
}
