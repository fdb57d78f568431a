import type { Simulation } from '../run/simulation.ts'
import type { TerraformAct } from '../terraform/simulated-terraform.ts'
import type { Checker, CheckerEvents, Disturbance, Report, Violation } from './checker.ts'
import { checkAdopted } from './adopted.ts'
import { checkApprovals } from './approvals.ts'
import { checkAutoscaling } from './autoscaling.ts'
import { checkCalls } from './calls.ts'
import { checkCluster } from './cluster.ts'
import { checkCodeDeploy } from './code-deploy.ts'
import { checkCopies } from './copies.ts'
import { checkDefects } from './defects.ts'
import { checkDrift } from './drift.ts'
import { checkDeadlines } from './deadlines.ts'
import { Excuses } from './excuses.ts'
import { checkFailbacks } from './failbacks.ts'
import { checkFailures } from './failures.ts'
import { checkFollowed } from './followed.ts'
import { checkFrozen } from './frozen.ts'
import { checkGates } from './gates.ts'
import { checkHandOver } from './hand-over.ts'
import { checkHandsOff } from './hands-off.ts'
import { checkInfrastructure } from './infrastructure.ts'
import { checkIntents } from './intents.ts'
import { checkLeases } from './leases.ts'
import { excuseLostTime } from './lost-time.ts'
import { checkMigrations } from './migrations.ts'
import { checkNative } from './native.ts'
import { checkNews } from './news.ts'
import { checkNewsCalls } from './news-calls.ts'
import { checkOrder } from './order.ts'
import { checkTable } from './table.ts'
import { checkTogether } from './together.ts'
import { checkMetricGates } from './metric-gates.ts'
import { checkMarks } from './marks.ts'
import { checkOutsideGates } from './outside-gates.ts'
import { checkRecords } from './records.ts'
import { checkRepeats } from './repeats.ts'
import { checkRest } from './rest.ts'
import { checkRollouts } from './rollouts.ts'
import { checkSchedules } from './schedules.ts'
import { checkSecrets } from './secrets.ts'
import { checkSettings } from './settings.ts'
import { checkSteps } from './steps.ts'
import { checkSticky } from './sticky.ts'
import { checkTraffic } from './traffic.ts'
import { checkUnsafe } from './unsafe.ts'
import { checkWarmth } from './warmth.ts'
import { checkWatch } from './watch.ts'
import { checkWorkers } from './workers.ts'
import { checkWrites } from './writes.ts'

/** More would say nothing new. */
const MOST_VIOLATIONS = 10

/** All checkers of a run, and what they found. */
export class Checkers implements CheckerEvents {
  readonly violations: Violation[] = []
  readonly versions = new Map<string, { readonly release: string; readonly version: string }>()
  readonly #simulation: Simulation
  readonly #checkers: readonly Checker[]
  /** Those that look after every step. */
  readonly #stepping: readonly Checker[]
  readonly excuses: Excuses

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.excuses = new Excuses(simulation)
    const report: Report = (promise, message) => this.#report(promise, message)
    const parts = { simulation, checkers: this, report }
    this.#checkers = [
      checkTraffic(parts),
      checkWrites(parts),
      checkWorkers(parts),
      checkNative(parts),
      checkCodeDeploy(parts),
      checkLeases(parts),
      checkTable(parts),
      checkCopies(parts),
      checkCluster(parts),
      checkFollowed(parts),
      checkHandOver(parts),
      excuseLostTime(parts),
      checkRollouts(parts),
      checkFailures(parts),
      checkFailbacks(parts),
      checkHandsOff(parts),
      checkFrozen(parts),
      checkDeadlines(parts),
      checkMarks(parts),
      checkDrift(parts),
      checkCalls(parts),
      checkRecords(parts),
      checkSecrets(parts),
      checkDefects(parts),
      checkIntents(parts),
      checkRepeats(parts),
      checkGates(parts),
      checkAdopted(parts),
      checkApprovals(parts),
      checkMigrations(parts),
      checkUnsafe(parts),
      checkOutsideGates(parts),
      checkMetricGates(parts),
      checkWarmth(parts),
      checkAutoscaling(parts),
      checkSchedules(parts),
      checkSettings(parts),
      checkNews(parts),
      checkNewsCalls(parts),
      checkSteps(parts),
      checkOrder(parts),
      checkTogether(parts),
      checkSticky(parts),
      checkInfrastructure(parts),
      checkWatch(parts),
      checkRest(parts),
    ]
    this.#stepping = this.#checkers.filter(({ stepped }) => stepped !== undefined)
    simulation.aws.listen(this)
    simulation.checkers = this
  }

  beforeCall(...given: Parameters<CheckerEvents['beforeCall']>): void {
    for (const checker of this.#checkers) checker.beforeCall?.(...given)
  }

  afterCall(...given: Parameters<CheckerEvents['afterCall']>): void {
    const [call, reply, happened] = given
    if (call.writes || reply.error !== undefined) {
      const how = reply.error?.code ?? (happened ? reply.delivery : 'lost on the way')
      this.#simulation.trace.add('aws', `${call.operation} by ${call.who}: ${how}`)
    }
    for (const checker of this.#checkers) checker.afterCall?.(...given)
  }

  sent(...given: Parameters<CheckerEvents['sent']>): void {
    for (const checker of this.#checkers) checker.sent?.(...given)
  }

  pushed(push: Parameters<CheckerEvents['pushed']>[0]): void {
    this.versions.set(push.commit, push)
    for (const checker of this.#checkers) checker.pushed?.(push)
  }

  told(...given: Parameters<CheckerEvents['told']>): void {
    for (const checker of this.#checkers) checker.told?.(...given)
  }

  asking(...given: Parameters<CheckerEvents['asking']>): void {
    for (const checker of this.#checkers) checker.asking?.(...given)
  }

  asked(...given: Parameters<CheckerEvents['asked']>): void {
    for (const checker of this.#checkers) checker.asked?.(...given)
  }

  disturbed(what: Disturbance = {}): void {
    this.excuses.strike(what)
    for (const checker of this.#checkers) checker.disturbed?.(what)
  }

  terraform(act: TerraformAct): void {
    for (const checker of this.#checkers) checker.terraform?.(act)
  }

  defect(message: string): void {
    this.#report('defect', message)
  }

  stepped(): void {
    for (const checker of this.#stepping) checker.stepped?.()
  }

  rested(): void {
    for (const checker of this.#checkers) checker.rested?.()
  }

  #report(promise: string, message: string): void {
    if (this.violations.length >= MOST_VIOLATIONS) return
    const atMs = this.#simulation.time.elapsed()
    this.violations.push({ promise, message, atMs })
    this.#simulation.trace.add('checker', `BROKEN ${promise}: ${message}`)
  }
}
