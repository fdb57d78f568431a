import type { TerraformAct } from './simulated-terraform.ts'

/** A line of the trace; undefined for what is told by another line. */
export function describeAct(act: TerraformAct): string | undefined {
  if (act.type === 'Unlocked') return `${act.lock.id} of ${act.lock.who} is freed by ${act.by}`
  const { process, work, by, lock } = act.run.request
  const who = `${work.command} ${process.pid} of ${by}`
  switch (act.type) {
    case 'Planned':
    case 'Saved':
      return undefined
    case 'ApplyBegins':
      return `${who} begins ${act.plan.id.slice(7, 15)} with ${lock.id}: ${changesOf(act.plan)}`
    case 'Changed':
    case 'MadeAgain':
      return `${who}: ${act.change.action} ${act.change.address}${act.type === 'MadeAgain' ? ', which is there already' : ''}`
    case 'Ended': {
      const { end } = act.run
      return `${who} ends: ${end?.kind ?? ''}${end?.kind === 'Planned' ? ` ${end.plan.id.slice(7, 15)}, ${changesOf(end.plan)}` : ''}`
    }
  }
}

const changesOf = ({
  changes,
}: {
  readonly changes: readonly { action: string; address: string }[]
}): string => changes.map(({ action, address }) => `${action} ${address}`).join(', ') || 'no changes'
