import { countsText } from '../../core/infrastructure/summary.ts'
import type { PlannedEnvironment } from '../context.ts'
import { printable } from '../errors.ts'
import { table } from '../output.ts'
import { counted } from '../words.ts'

/** A look at a root, for people. No value of the plan is in it, but those of drift, masked. */
export function plannedText(planned: PlannedEnvironment): string {
  switch (planned.result) {
    case 'Unchanged':
      return 'nothing to do: the commit gives Terraform what was applied before\n'
    case 'Waits':
      return `not planned: ${printable(planned.message)}\n`
    case 'RootRefused':
      return `the root is refused: ${counted(planned.issues.length, 'issue')}; Terraform was not started\n${table(
        ['FILE', 'RULE', 'WHY'],
        planned.issues.map(({ file, rule, message }) => [file, rule, message]),
      )}`
    case 'StateLocked':
      return `the state is locked by ${printable(planned.lock.who)} (${planned.lock.operation}, lock ${planned.lock.id})\n`
    case 'Planned':
      return judgedText(planned)
  }
}

const FOLLOWS = {
  Nothing: 'nothing to do',
  Apply: 'would be applied',
  AwaitApproval: 'would wait for a person’s approval of this plan',
  PlanOnly: 'would only be shown: apply is Never',
  Refuse: 'would be refused',
} as const

type Judged = Extract<PlannedEnvironment, { result: 'Planned' }>

function judgedText({ judgement, permission, drift, planDigest, isolation }: Judged): string {
  const { verdict, reasons, summary } = judgement
  const resources = summary.resources.map(({ action, address, attributes }) => [
    action,
    address,
    attributes.join(', '),
  ])
  const because = reasons.map(({ rule, address, message }) => [rule, address, message])
  const drifted = drift.map(({ address, attribute, live, state }) => [address, attribute, live, state])
  return [
    `${countsText(summary)}\n`,
    resources.length === 0 ? '' : table(['ACTION', 'ADDRESS', 'ATTRIBUTES'], resources),
    summary.outputs.length === 0 ? '' : `outputs that change: ${printable(summary.outputs.join(', '))}\n`,
    `verdict: ${verdict}; ${FOLLOWS[permission]}\n`,
    because.length === 0 ? '' : table(['RULE', 'ADDRESS', 'WHY'], because),
    drifted.length === 0 ? '' : `drift:\n${table(['ADDRESS', 'ATTRIBUTE', 'LIVE', 'STATE'], drifted)}`,
    `plan: ${planDigest}\n`,
    isolation === 'OtherUser'
      ? ''
      : 'note: Terraform ran as the same user, who may read this program’s memory\n',
  ].join('')
}
