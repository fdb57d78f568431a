import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createTerraform } from '../../../controller/adapters/terraform/terraform.ts'
import type { TerraformOptions } from '../../../controller/adapters/terraform/terraform.ts'
import type { Terraform, TerraformRequest, TerraformSession } from '../../../controller/ports/terraform.ts'
import { temporaryDirectory } from '../../support/temp-directory.ts'

export interface TerraformWorld {
  /** Where sessions get their directories. */
  readonly directory: string
  /** A state that every user of this machine may write, as a bucket would be. */
  readonly stateFile: string
  readonly terraform: Terraform
  /** Opens a root of one file with that state; it is closed when the test ends. */
  open(main: string, more?: Partial<TerraformRequest>): Promise<TerraformSession>
}

/** Terraform over directories of the running test; other users can pass through to theirs. */
export async function terraformWorld(options: Partial<TerraformOptions> = {}): Promise<TerraformWorld> {
  const top = await temporaryDirectory('steersman-terraform')
  chmodSync(top, 0o711)
  const states = join(top, 'states')
  mkdirSync(states)
  chmodSync(states, 0o777)
  const stateFile = join(states, 'app.tfstate')
  writeFileSync(stateFile, '')
  chmodSync(stateFile, 0o666)
  const directory = join(top, 'runs')
  const terraform = createTerraform({
    binary: 'terraform',
    directory,
    clock: systemClock,
    redact: (text) => text,
    outerEnvironment: { PATH: process.env['PATH'] },
    ...options,
  })
  const open: TerraformWorld['open'] = async (main, more = {}) => {
    const session = await terraform.open({ ...requestFor(main, stateFile), ...more })
    onTestFinished(() => session.close())
    return session
  }
  return { directory, stateFile, terraform, open }
}

/** A root that keeps its state in a file; `main` is what it holds beside the backend. */
export function requestFor(main: string, stateFile: string): TerraformRequest {
  return {
    files: [{ path: 'infra/app/main.tf', text: `terraform {\n  backend "local" {}\n}\n${main}` }],
    environment: 'prod',
    root: 'infra/app',
    workspace: { name: 'default', create: false },
    backendConfig: { path: stateFile },
    varFiles: [],
    variables: {},
    credentials: {},
    secrets: [],
  }
}
