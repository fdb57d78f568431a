import { PortError } from '../../ports/error.ts'
import type { PortErrorDetails } from '../../ports/error.ts'
import type { Diagnostic } from './log-lines.ts'
import type { ProcessResult } from './process.ts'

/** A Terraform command that did not do what it was asked for. */
export interface Failure {
  readonly command:
    'version' | 'init' | 'workspace' | 'plan' | 'show' | 'state' | 'apply' | 'output' | 'force-unlock'
  readonly ended: ProcessResult['ended']
  readonly diagnostics: readonly Diagnostic[]
  /** Takes secrets out. */
  readonly redact: (text: string) => string
}

type Class = Pick<PortErrorDetails, 'code' | 'handling' | 'remedy'>

const UNTIMELY: Readonly<Record<Exclude<ProcessResult['ended'], 'exited'>, Class>> = {
  notStarted: {
    code: 'TerraformMissing',
    handling: 'stall',
    remedy:
      'Install the Terraform CLI where the controller finds it (PATH), executable for other users, and let them pass through the folders above dataDir.',
  },
  timedOut: {
    code: 'TerraformTimedOut',
    handling: 'retry',
    remedy: 'Nothing to do if it passes; else see what the root waits for.',
  },
  tooLarge: {
    code: 'TerraformTooLarge',
    handling: 'stall',
    remedy: 'Split the root: its plan or output is larger than the controller reads.',
  },
  aborted: { code: 'TerraformAborted', handling: 'retry' },
  leftRunning: {
    code: 'TerraformAborted',
    handling: 'retry',
    remedy: 'Nothing: whoever comes next follows it to its end.',
  },
}

const BY_COMMAND: Readonly<Record<Failure['command'], Class>> = {
  version: { code: 'TerraformMissing', handling: 'stall', remedy: 'Install the Terraform CLI.' },
  init: {
    code: 'TerraformInitFailed',
    handling: 'stall',
    remedy:
      'See that the lock file names every provider, that they can be installed, and that the backend can be reached.',
  },
  workspace: {
    code: 'WorkspaceMissing',
    handling: 'stall',
    remedy: 'Create the workspace, or correct spec.terraform.workspace.',
  },
  plan: {
    code: 'TerraformPlanFailed',
    handling: 'stall',
    remedy: 'Correct the root; `terraform plan` says the same.',
  },
  show: { code: 'TerraformPlanFailed', handling: 'stall', remedy: 'Plan again.' },
  state: { code: 'TerraformPlanFailed', handling: 'stall', remedy: 'See that the backend can be reached.' },
  apply: {
    code: 'TerraformApplyFailed',
    handling: 'stall',
    remedy: 'Correct what the message names; the next plan starts from what was made.',
  },
  output: { code: 'TerraformPlanFailed', handling: 'retry', remedy: 'Nothing to do if it passes.' },
  'force-unlock': {
    code: 'StateUnlockFailed',
    handling: 'retry',
    remedy: 'See that the role may delete the lock; else free it by `terraform force-unlock`.',
  },
}

/** Another apply came in between. */
const STALE: Class = { code: 'SavedPlanStale', handling: 'retry', remedy: 'Nothing: it is planned again.' }

/** What exists and the state lacks: the provider says so where AWS takes no second one of that name. */
const EXISTS: Class = {
  ...BY_COMMAND.apply,
  remedy: 'Bring what exists into the state by an import block in the root, and push.',
}
const ALREADY_EXISTS = /already ?exists/i

/** The error that crosses the port: what Terraform calls it, where, and nothing that holds values. */
export function terraformFailure(failure: Failure): PortError {
  const { command, ended, diagnostics, redact } = failure
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const isStale = errors.some(isOfStalePlan)
  const what = ended === 'exited' ? described(errors, redact) : WORDS[ended]
  return new PortError(`terraform ${command} ${what}`, {
    ...(ended === 'exited' ? classOf(command, errors) : UNTIMELY[ended]),
    ambiguous: command === 'apply' && !isStale && ended !== 'notStarted',
  })
}

const isOfStalePlan = ({ summary }: Diagnostic): boolean => summary === 'Saved plan is stale'

function classOf(command: Failure['command'], errors: readonly Diagnostic[]): Class {
  if (errors.some(isOfStalePlan)) return STALE
  return command === 'apply' && errors.some(({ summary }) => ALREADY_EXISTS.test(summary))
    ? EXISTS
    : BY_COMMAND[command]
}

const WORDS: Readonly<Record<Exclude<ProcessResult['ended'], 'exited'>, string>> = {
  notStarted: 'could not be started',
  timedOut: 'took longer than it may, and was interrupted',
  tooLarge: 'wrote more than is read, and was interrupted',
  aborted: 'was interrupted',
  leftRunning: 'was interrupted, and still runs',
}

const MOST_ERRORS = 3

function described(errors: readonly Diagnostic[], redact: Failure['redact']): string {
  if (errors.length === 0) return 'failed without saying why'
  const more = errors.length > MOST_ERRORS ? `, and ${errors.length - MOST_ERRORS} more` : ''
  const told = errors.slice(0, MOST_ERRORS).map((error) => describeDiagnostic(error, redact))
  return `failed: ${told.join('; ')}${more}`
}

/**
 * One line for a diagnostic. What providers say in detail may repeat whatever they were sent; of a resource only the summary's
 * first line is told. Secrets are taken out before anything is cut: half a secret would not be found.
 */
export function describeDiagnostic(
  { summary, detail, address, place }: Diagnostic,
  redact: (text: string) => string,
): string {
  const [first = ''] = redact(summary).split('\n')
  const where = [address, place].filter((part) => part !== '').join(', ')
  const why = address === '' && detail !== '' ? `: ${cut(redact(detail).replaceAll(/\s+/g, ' '))}` : ''
  return `${cut(first)}${where === '' ? '' : ` (${where})`}${why}`
}

const LONGEST = 300

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
