import { SECRET } from '../process/machine.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** I9: the credentials' secret appears in nothing that is told, stored, or written into a tag. */
export function checkSecrets({ simulation, report }: CheckerParts): Checker {
  return {
    told(event) {
      if (holdsSecret(event)) report('I9', `the secret is in a ${event.type}`)
    },
    rested() {
      if (simulation.trace.entries.some(({ what }) => what.includes(SECRET)))
        report('I9', 'the secret is in the trace')
      for (const [path, text] of simulation.machine.fileSystem.texts('/data'))
        if (text.includes(SECRET)) report('I9', `the secret is in ${path}`)
      if (simulation.machine.table?.text().includes(SECRET) === true)
        report('I9', 'the secret is in the table')
      if (simulation.machine.cluster?.text().includes(SECRET) === true)
        report('I9', 'the secret is in the cluster')
      for (const { message, id } of simulation.remote.objects.values())
        if (message.includes(SECRET)) report('I9', `the secret is in the message of ${id}`)
    },
  }
}

const holdsSecret = (value: unknown): boolean => {
  if (typeof value === 'string') return value.includes(SECRET)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret)
}
