import { EVERYTHING } from './allow.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { shardNames } from '../../../controller/core/shards.ts'
import type { DefaultedEnvironment } from '../../../controller/resources/types.ts'
import type { FaultRule } from '../../../controller/sandbox/kernel/faults.ts'
import type { EnvironmentSpec } from '../../support/machine/environment.ts'
import { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { makeAdopted } from '../aws/adopted.ts'
import { forwardTo, writeByHand } from '../aws/listeners.ts'
import { makeAlarms } from '../aws/alarms.ts'
import { trackCounts } from '../aws/scaling.ts'
import { makeEventQueue } from '../aws/event-queue.ts'
import { makeSchedules } from '../aws/schedules.ts'
import { SimulatedAws } from '../aws/simulated-aws.ts'
import type { Pair } from '../aws/shape.ts'
import type { SideName } from '../aws/names.ts'
import { ENVIRONMENT, makeInstances } from '../aws/shape.ts'
import { serviceAt, shapeOf } from '../aws/workers.ts'
import type { CheckerEvents } from '../checkers/checker.ts'
import { Branch } from './branch.ts'
import { MemoryRemote } from '../git/remote.ts'
import { createMirror } from '../git/source.ts'
import { coreDecisions } from '../core/core.ts'
import type { Decisions } from '../core/core.ts'
import type { CoreMachine } from '../core/core-seat.ts'
import { CoreSeat } from '../core/core-seat.ts'
import { CoreLease } from '../core/core-lease.ts'
import { CoreStore } from '../core/core-store.ts'
import type { Forge } from '../process/git-gateway.ts'
import type { Machine, Surroundings } from '../process/machine.ts'
import type { ControllerSeat, SeatOptions } from '../process/seat.ts'
import { Seat } from '../process/seat.ts'
import type { WriteWatcher } from '../process/simulated-process.ts'
import { TERRAFORM_SETTINGS, terraformFor } from '../terraform/of-simulation.ts'
import type { SimulatedTerraform } from '../terraform/simulated-terraform.ts'
import { Randomness } from '../time/randomness.ts'
import { PlainTime } from '../time/plain-time.ts'
import type { Time } from '../time/time.ts'
import { VirtualTime } from '../time/virtual-time.ts'
import { environmentWith } from './environment-with.ts'
import { FaultWindows } from './fault-windows.ts'
import { looksOf } from './interval.ts'
import { Measures } from './measures.ts'
import { PhaseWaits } from './phase-waits.ts'
import { SharedStores } from './shared-stores.ts'
import type { Story } from './story.ts'
import { Strikes } from './strikes.ts'
import { describeEvent, Trace } from './trace.ts'
import { Webhooks } from './webhooks.ts'

/** How long the machine is down when its power goes in the middle of a write, in milliseconds. */
const TORN_DOWN_MS = 5_000

/** A whole town in virtual time: AWS, the forge, developers, a machine with its disk, and the controllers on it. */
export class Simulation {
  readonly story: Story
  readonly time: Time
  readonly trace = new Trace(() => this.time.elapsed())
  readonly strikes = new Strikes()
  readonly measures = new Measures(() => this.time.elapsed())
  readonly phases = new PhaseWaits((delayMs, act) => this.later(delayMs, act))
  /** Places that somebody changed and nobody has made as they were yet, with what does that. */
  readonly changedByHand = new Map<string, () => void>()
  readonly randomness: Randomness
  readonly aws: SimulatedAws
  readonly webhooks: Webhooks
  readonly remote = new MemoryRemote({ clock: { now: () => this.time.now() } })
  readonly branch = new Branch(this)
  readonly pairs: readonly Pair[]
  /** Those whose traffic CodeDeploy moves. */
  readonly moved: readonly Pair[]
  readonly machine: Machine
  /** Undefined where the story has no Terraform. */
  readonly terraform: SimulatedTerraform | undefined
  /** Told of everything that the checkers judge by. */
  checkers: CheckerEvents | undefined
  /** Asked around each write of a controller. */
  onWrite: WriteWatcher = () => {}
  readonly #forge: Forge = { state: 'There', struck: () => undefined }
  /** What decides at core depth. */
  decisions: Decisions = coreDecisions
  readonly #core: CoreMachine | undefined
  readonly #seats: readonly ControllerSeat[]
  readonly #awsFaults: FaultWindows
  readonly #stores: SharedStores
  #fullDisks = 0
  #spec: EnvironmentSpec = {}
  #busyUntilMs = 0
  #awayUntilMs = 0
  #fullDiskStruck = (): void => undefined

  constructor(story: Story) {
    this.story = story
    this.time = story.depth === 'core' ? new PlainTime() : new VirtualTime()
    this.randomness = new Randomness(story.seed)
    this.aws = new SimulatedAws({ time: this.time, random: this.randomness.stream('aws') })
    this.webhooks = new Webhooks({
      time: this.time,
      random: this.randomness.stream('webhooks'),
      deliver: () => this.#seats.forEach((seat) => seat.reconcile(ENVIRONMENT)),
    })
    ;({ pairs: this.pairs, moved: this.moved } = shapeOf(this.aws, story))
    if (story.launchType === 'EC2') makeInstances(this.aws)
    if (story.adopted === true) makeAdopted(this.aws, this.pairs, story.desiredCount)
    if (story.scaling !== undefined) trackCounts(this.aws)
    if (story.schedules !== undefined) makeSchedules(this.aws, story.releases)
    if (story.watched !== undefined) makeAlarms(this.aws, story.releases)
    if (story.news !== undefined) makeEventQueue(this.aws)
    this.terraform = story.infrastructure === undefined ? undefined : terraformFor(this)
    this.aws.begin()
    this.#awsFaults = new FaultWindows(this.aws.world, this)
    this.aws.listen({ afterCall: () => this.#awsFaults.count() })
    const fileSystem = new MemoryFileSystem(this.randomness.stream('disk'))
    const living = new Set<string>()
    if (story.depth === 'core') {
      const isFull = (): boolean => fileSystem.isFull
      this.#core = {
        store: new CoreStore({ isFull }),
        lease: new CoreLease({ living, isFull, isApart: story.apart === true }),
      }
    }
    this.#stores = new SharedStores(this, (done, process) => this.machine.disk.onDone(done, process))
    this.machine = {
      fileSystem,
      mirror: createMirror(),
      disk: { mostMs: 0, struck: () => undefined, onDone: () => undefined },
      coreStore: this.#core?.store,
      table: this.#stores.table,
      cluster: this.#stores.cluster,
      shards: shardNames(story.shards ?? 1),
      living,
      isApart: story.apart === true,
      wallOffsetMs: 0,
      onPowerLoss: () => this.powerLoss(TORN_DOWN_MS),
    }
    const surroundings: Surroundings = {
      time: this.time,
      aws: this.aws,
      remote: this.remote,
      forge: this.#forge,
      randomness: this.randomness,
      terraform: this.terraform,
    }
    this.#seats = Array.from({ length: story.seats }, (_, index) => this.#makeSeat(surroundings, index))
  }

  /** Starts the controllers, one soon after the other. */
  start(): void {
    this.#applyEnvironments()
    for (const [index, seat] of this.#seats.entries()) this.time.after(index * 2_000, () => seat.start())
  }

  seat(index: number): ControllerSeat {
    const seat = this.#seats[index % this.#seats.length]
    if (seat === undefined) throw new RangeError(`no controller ${index}`)
    return seat
  }

  get seats(): readonly ControllerSeat[] {
    return this.#seats
  }

  pairOf(release: string): Pair {
    const pair = this.pairs.find((candidate) => candidate.release === release)
    if (pair === undefined) throw new RangeError(`no release ${release}`)
    return pair
  }

  /** A developer merges another version. */
  push(release: string, version: string): void {
    this.branch.publish(version)
    this.branch.push(release, { version })
  }

  awsFault(rule: FaultRule, forMs: number): void {
    this.#awsFaults.openFor(rule, forMs)
  }

  /** Calls to the table that the controllers share go wrong for a while. */
  storeFault(rule: FaultRule, forMs: number): void {
    this.#stores.tableFault(rule, forMs)
  }

  forgeIs(state: Forge['state'], forMs: number): void {
    this.#forge.state = state
    this.#forge.struck = this.strikes.later()
    this.time.after(forMs, () => {
      this.#forge.state = 'There'
    })
  }

  fullDisk(forMs: number): void {
    this.#fullDisks += 1
    this.#fullDiskStruck = this.strikes.later()
    this.machine.fileSystem.setFull(true)
    this.time.after(forMs, () => {
      this.#fullDisks -= 1
      this.machine.fileSystem.setFull(this.#fullDisks > 0)
    })
  }

  /** The machine goes down: every process is gone, and what was not synced has its fate. */
  powerLoss(downMs: number): void {
    for (const seat of this.#seats) seat.kill(downMs)
    this.terraform?.powerLoss()
    this.machine.fileSystem.restart()
  }

  /** A task of the side stops by itself, as when its host fails. */
  stopTask(release: string, side: string, which: number): void {
    const name = serviceAt(this, release, side as SideName)
    const running = this.aws.ecs.tables.tasks
      .list()
      .filter(({ group, desiredStatus }) => group === `service:${name}` && desiredStatus === 'RUNNING')
    const task = running[which % Math.max(1, running.length)]
    if (task === undefined) return this.strikes.missed()
    this.checkers?.disturbed({ release, side: side as SideName })
    this.aws.byHand('ecs', 'StopTask', { cluster: 'demo', task: task.taskArn, reason: 'host failure' })
  }

  setWeights(release: string, blue: number, green: number): void {
    const pair = this.pairOf(release)
    this.checkers?.disturbed({ release })
    for (const rule of pair.production)
      writeByHand(this.aws, rule, forwardTo(pair.targetGroups, { blue, green }))
  }

  setDesiredCount(release: string, side: string, desiredCount: number): void {
    const service = serviceAt(this, release, side as SideName)
    const exists = this.aws.ecs.tables.services
      .list()
      .some(({ serviceName: name, status }) => name === service && status === 'ACTIVE')
    if (!exists) return this.strikes.missed()
    this.checkers?.disturbed({ release, side: side as SideName })
    this.aws.byHand('ecs', 'UpdateService', { cluster: 'demo', service, desiredCount })
  }

  /** The platform team changes members of the Environment's spec, and every controller there is reads the change. */
  configure(spec: EnvironmentSpec): void {
    this.#spec = { ...this.#spec, ...spec }
    // In a cluster the Environments are people's own objects, which controllers watch.
    if (this.machine.cluster === undefined) for (const seat of this.#seats) seat.configure()
    else this.#applyEnvironments()
  }

  /** What a happening does later on; no run comes to its end before. */
  later(delayMs: number, act: () => void): void {
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.time.elapsed() + delayMs)
    this.time.after(delayMs, act)
  }

  /** Nobody is at the gates for a while. */
  leaveGates(forMs: number): void {
    this.#awayUntilMs = Math.max(this.#awayUntilMs, this.time.elapsed() + forMs)
    this.later(forMs, () => undefined)
  }

  /** Until when those who approve are away. */
  get awayUntilMs(): number {
    return this.#awayUntilMs
  }

  /** Until when something of the story's happenings is left to come. */
  get busyUntilMs(): number {
    return this.#busyUntilMs
  }

  /** Whether nothing goes wrong that would be stopped now. */
  get isCalm(): boolean {
    return this.#awsFaults.isEmpty && this.#forge.state === 'There' && !this.machine.fileSystem.isFull
  }

  /** Whether each call to the store that controllers share is answered, and soon. */
  get isStoreThere(): boolean {
    return this.#stores.areThere
  }

  /** Everything that goes wrong stops. */
  calm(): void {
    this.#awsFaults.closeAll()
    this.#stores.calm()
    this.#forge.state = 'There'
    this.machine.fileSystem.setFull(false)
    this.machine.disk.mostMs = 0
    this.aws.heldUp = undefined
    this.terraform?.calm()
  }

  end(): void {
    for (const seat of this.#seats) seat.process?.kill()
    this.time.end()
  }

  #applyEnvironments(): void {
    for (const { metadata, spec } of this.#environments())
      this.machine.cluster?.apply('Environment', metadata.name, spec)
  }

  #makeSeat(surroundings: Surroundings, index: number): ControllerSeat {
    const options: SeatOptions = {
      surroundings,
      machine: this.machine,
      name: `controller ${index + 1}`,
      environments: () => this.#environments(),
      emit: (event, who) => this.#told(event, who),
      onDefect: (message) => this.checkers?.defect(message),
      onWrite: (write) => this.#writes(write, `controller ${index + 1}`),
    }
    return this.#core === undefined
      ? new Seat(options)
      : new CoreSeat(options, this.#core, () => this.decisions)
  }

  #environments(): DefaultedEnvironment[] {
    const terraform = this.terraform && { terraform: TERRAFORM_SETTINGS }
    const allow = this.story.gates === 'outside' ? { allow: EVERYTHING } : {}
    const scans = this.story.scans && { images: { requireScan: { maxSeverity: 'HIGH' } } }
    const spec = { ...looksOf(this.story), ...terraform, ...scans, ...allow, ...this.#spec }
    return [environmentWith(spec)]
  }

  #told(event: SteersmanEvent, who: string): void {
    this.checkers?.told(event, who)
    this.strikes.told(event)
    this.measures.told(event, who)
    this.phases.told(event)
    if (event.type === 'AwsCall' || event.type.startsWith('Queue')) return
    this.trace.add(who, describeEvent(event))
  }

  #writes(write: Parameters<WriteWatcher>[0], who: string): void {
    if (write.moment === 'before') this.checkers?.sent({ who, what: write.what })
    if (this.#fullDisks > 0 && write.what.startsWith('store')) this.#fullDiskStruck()
    this.onWrite(write)
  }
}
