import { isDeepStrictEqual } from 'node:util'
import type { LeaseMark } from '../../../controller/adapters/kubernetes/objects.ts'
import { fromKube } from '../../../controller/adapters/kubernetes/objects.ts'
import { canonicalJson } from '../../../controller/core/canonical-json.ts'
import type { KubeObject } from '../../support/kube-api/model.ts'
import { annotationsOf, TOUCHED } from '../cluster/simulated-cluster.ts'
import type { Change } from '../../support/kube-api/objects.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** A Release that somebody changed or deleted is put back within so long, while nothing goes wrong and somebody leads, in milliseconds. */
const PUT_BACK_MS = 60_000

/**
 * Of the cluster that controllers share: no lease is taken from a holder who may still believe in it, and each Rollout says under which it was written (I4);
 * Releases, which mirror git, are put back when somebody has changed or deleted one.
 */
export function checkCluster(parts: CheckerParts): Checker {
  const { cluster } = parts.simulation.machine
  if (cluster === undefined) return {}
  const leases = leasesOf(parts)
  const mirror = new Mirror(parts)
  cluster.listen((change, isByHand) => {
    if (change.kind.kind === 'Lease') leases(change.object)
    if (!isByHand) judgeNotes(parts, change)
    if (!isByHand && change.kind.kind === 'Rollout') judgeEpoch(parts, change)
    if (change.kind.kind === 'Release') mirror.changed(change, isByHand)
  })
  return {
    stepped: () => mirror.look(),
    rested: () => mirror.rested(),
  }
}

/** I7: what people have written on an object stays there, whatever a controller writes. */
function judgeNotes({ report }: CheckerParts, { type, object, before }: Change): void {
  if (type !== 'MODIFIED' || before === undefined) return
  const [was, is] = [annotationsOf(before)[TOUCHED], annotationsOf(object)[TOUCHED]]
  if (was !== is)
    report(
      'I7',
      `${object.kind} ${object.metadata.name} had the note ${was ?? ''}, and has ${is ?? 'none'} now`,
    )
}

/** I4: what a controller stores of a Rollout says under which lease, and no earlier epoch comes after a later one. */
function judgeEpoch({ report }: CheckerParts, { type, object, before }: Change): void {
  if (type !== 'MODIFIED' || before === undefined) return
  if (isDeepStrictEqual(before['status'], object['status'])) return
  const [was, is] = [markOf(before), markOf(object)]
  const { name } = object.metadata
  if (is === undefined) report('I4', `Rollout ${name} does not say under which lease it was written`)
  else if (was?.uid === is.uid && is.epoch < was.epoch)
    report('I4', `Rollout ${name} was written under epoch ${is.epoch}, after epoch ${was.epoch}`)
}

const markOf = (object: KubeObject): LeaseMark | undefined =>
  (object['status'] as { readonly lease?: LeaseMark } | undefined)?.lease

interface KnownLease {
  readonly holder: string
  readonly epoch: number
  readonly lastsMs: number
  readonly atMs: number
}

/** Nobody can know more of a holder than since when it is silent: whoever took the lease sooner has guessed. */
function leasesOf({ simulation, report }: CheckerParts): (object: KubeObject) => void {
  const known = new Map<string, KnownLease>()
  return (object) => {
    const { name } = object.metadata
    const spec = object['spec'] as {
      readonly holderIdentity?: string
      readonly leaseDurationSeconds?: number
      readonly leaseTransitions?: number
    }
    const now = {
      holder: spec.holderIdentity ?? '',
      epoch: (spec.leaseTransitions ?? 0) + 1,
      lastsMs: (spec.leaseDurationSeconds ?? 0) * 1_000,
      atMs: simulation.time.elapsed(),
    }
    const last = known.get(name)
    known.set(name, now)
    if (last === undefined) return
    if (now.epoch < last.epoch)
      report('I4', `the lease ${name} went back from epoch ${last.epoch} to ${now.epoch}`)
    const isTaken = now.holder !== last.holder && now.holder !== '' && last.holder !== ''
    if (isTaken && now.epoch === last.epoch)
      report('I4', `${now.holder} holds the lease ${name} under the epoch of ${last.holder}`)
    const silentMs = now.atMs - last.atMs
    if (isTaken && simulation.machine.isApart && silentMs < last.lastsMs)
      report('I4', `${now.holder} took the lease ${name} ${silentMs} ms after ${last.holder} renewed it`)
  }
}

/** What somebody has done to Releases, until a controller has put it back. */
class Mirror {
  readonly #parts: CheckerParts
  /** By name: what was done, and since when it could have been put back. */
  readonly #open = new Map<string, { readonly what: string; sinceMs: number }>()
  #before = ''

  constructor(parts: CheckerParts) {
    this.#parts = parts
  }

  changed({ type, object, before }: Change, isByHand: boolean): void {
    const { name } = object.metadata
    const isSame = before !== undefined && type === 'MODIFIED' && specOf(before) === specOf(object)
    if (isSame) return
    if (!isByHand) this.#open.delete(name)
    else
      this.#open.set(name, {
        what: type === 'DELETED' ? 'deleted' : 'changed',
        sinceMs: this.#parts.simulation.time.elapsed(),
      })
  }

  look(): void {
    const { simulation, report } = this.#parts
    const { time, machine, seats } = simulation
    const isCalm = simulation.isStoreThere && machine.cluster?.isCalm === true
    const now = `${seats.map(({ lives, process }) => `${lives}${process?.isRunning === true && !process.isCutOff}`).join(' ')} ${isCalm}`
    const isNew = now !== this.#before
    this.#before = now
    for (const [name, open] of this.#open) {
      if (isNew || !isCalm) open.sinceMs = time.elapsed()
      if (time.elapsed() - open.sinceMs <= PUT_BACK_MS) continue
      this.#open.delete(name)
      report('store', `Release ${name} was ${open.what} by hand, and is not put back`)
    }
  }

  rested(): void {
    for (const [name, { what }] of this.#open)
      this.#parts.report('store', `Release ${name} was ${what} by hand, and is not put back at rest`)
  }
}

const specOf = (object: KubeObject): string => canonicalJson(fromKube('Release', object).spec)
