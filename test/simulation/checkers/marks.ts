import type { StoredObject } from '../../../controller/ports/store.ts'
import { annotations } from '../../../controller/resources/annotations.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import type { Asked } from '../run/asked.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { environmentMark, storedEnvironment, storedObjects } from './stored.ts'

/** Where each wish is written down. An abort goes away with its rollout. */
const MARKS: Readonly<Partial<Record<Asked['verb'], string>>> = {
  pause: annotations.paused,
  resume: annotations.resumed,
  'override-freeze': annotations.freezeOverridden,
  restart: annotations.restart,
  retry: annotations.retry,
  'rollback-now': annotations.failback,
}

/** I7: what people asked for stays written down, whatever else is stored at the same time; only a newer wish of the kind takes its place. */
export function checkMarks({ simulation: { machine }, report }: CheckerParts): Checker {
  /** By object and annotation: when the newest wish was made. */
  const wishes = new Map<
    string,
    {
      readonly of: string | undefined
      readonly mark: string
      readonly at: string
      readonly uid: string | undefined
    }
  >()
  let seen: unknown
  const judge = (of: string | undefined, object: StoredObject | undefined): void => {
    for (const [key, wish] of wishes) {
      if (wish.of !== of || object === undefined) continue
      // Whoever deletes an object takes the wishes back that are on it.
      if (object.metadata.uid !== wish.uid) {
        wishes.delete(key)
        continue
      }
      const now = object.metadata.annotations?.[wish.mark]
      if (now !== undefined && now >= wish.at) continue
      report('I7', `${key} was asked for at ${wish.at}, and what is stored says ${now ?? 'nothing'}`)
      wishes.delete(key)
    }
  }
  const release = (name: string): StoredObject | undefined =>
    storedObjects(machine, 'Release').find(({ metadata }) => metadata.labels?.[RELEASE_LABEL] === name)
  return {
    asked(asked) {
      const mark = MARKS[asked.verb]
      if (mark === undefined) return
      const of = 'release' in asked ? asked.release : undefined
      const object = of === undefined ? storedEnvironment(machine) : release(of)
      const at = object?.metadata.annotations?.[mark]
      const key = `${of ?? 'the environment'}: ${asked.verb}`
      if (at !== undefined) wishes.set(key, { of, mark, at, uid: object?.metadata.uid })
      // Where nothing else has served there is nothing to go back to.
      else if (object !== undefined && asked.verb !== 'rollback-now')
        report('I7', `${key} was asked for, and is written nowhere`)
    },
    stepped() {
      const mark = environmentMark(machine)
      if (mark === seen) return
      seen = mark
      judge(undefined, storedEnvironment(machine))
    },
    rested() {
      for (const { of } of wishes.values()) if (of !== undefined) judge(of, release(of))
    },
  }
}
