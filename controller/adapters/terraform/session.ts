import type { TerraformRequest, TerraformSession } from '../../ports/terraform.ts'
import { join } from 'node:path'
import { applySavedPlan } from './apply.ts'
import { createCommands } from './commands.ts'
import type { CommandContext, Commands } from './commands.ts'
import { readOutputs } from './outputs.ts'
import { readSerial } from './state-serial.ts'
import { savePlan } from './plan.ts'
import { freeLock } from './lock-of-backend.ts'
import type { WorkingDirectory } from './working-directory.ts'
import { writePrivate } from './working-directory.ts'

/** An initialised root, in its workspace. */
export async function startSession(request: {
  readonly asked: TerraformRequest
  readonly directory: WorkingDirectory
  readonly context: CommandContext
  /** From now on these texts are taken out of whatever is told. */
  readonly hide: (secrets: readonly string[]) => void
  /** `keep`: the directory is still worked in. */
  readonly onClose: (how: { readonly keep: boolean }) => Promise<void>
}): Promise<TerraformSession> {
  const { asked, directory, context, hide, onClose } = request
  const { limits, user } = context
  const { exchange, root } = directory
  const commands = createCommands(context)
  const planFile = join(exchange, 'plan')
  const variables = join(exchange, 'steersman.tfvars.json')
  const backend = join(exchange, 'backend.json')
  await writePrivate(variables, JSON.stringify(asked.variables), user)
  await writePrivate(backend, JSON.stringify(asked.backendConfig), user)
  await initialise({ asked, backend, commands, limits })
  const variableFiles = [...asked.varFiles.map((file) => join(root, file)), variables]
  return {
    isolation: user === undefined ? 'SameUser' : 'OtherUser',
    plan: (wanted) => savePlan({ ...wanted, commands, limits, planFile, variableFiles, hide }),
    apply: (wanted) => applySavedPlan({ ...wanted, commands, context, planFile, directory: directory.path }),
    unlock: (id) => freeLock(id, { commands, context }),
    serial: () => readSerial(commands, limits),
    outputs: () => readOutputs(commands, limits),
    close: () => onClose({ keep: commands.isLeftRunning() }),
  }
}

async function initialise({
  asked,
  backend,
  commands,
  limits,
}: {
  readonly asked: TerraformRequest
  readonly backend: string
  readonly commands: Commands
  readonly limits: CommandContext['limits']
}): Promise<void> {
  const settings = Object.keys(asked.backendConfig).length === 0 ? [] : [`-backend-config=${backend}`]
  await commands.succeed('init', {
    args: ['init', '-input=false', '-no-color', '-lockfile=readonly', ...settings],
    timeoutMs: limits.initMs,
  })
  const { name, create } = asked.workspace
  if (name === 'default') return
  await commands.succeed('workspace', {
    args: ['workspace', 'select', '-no-color', ...(create ? ['-or-create'] : []), name],
    timeoutMs: limits.readMs,
  })
}
