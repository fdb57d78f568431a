import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Secrets in the environment of the controller. */
export const IN_ENVIRONMENT = {
  GIT_TOKEN: 'planted-git-token',
  SLACK_URL: 'planted-slack-url',
  STEERSMAN_TOKEN: 'planted-api-token',
  AWS_SECRET_ACCESS_KEY: 'planted-aws-key',
  AWS_SESSION_TOKEN: 'planted-session-token',
  TF_VAR_password: 'planted-variable',
  TF_TOKEN_app_terraform_io: 'planted-registry-token',
} as const

/** Where the environment's credentials for git are. */
const TOKEN_FILE = 'git-token'

/** Secrets in files of the controller's user, from its home. */
const IN_HOME = {
  [TOKEN_FILE]: 'planted-in-git-token\n',
  '.aws/credentials': '[default]\naws_secret_access_key = planted-in-credentials\n',
  '.git-credentials': 'https://robot:planted-in-git-credentials@example.com\n',
  '.netrc': 'machine example.com password planted-in-netrc\n',
  '.terraform.d/credentials.tfrc.json': '{"credentials":{"app.terraform.io":{"token":"planted-in-tfrc"}}}',
  '.ssh/id_ed25519': 'planted-in-ssh-key\n',
} as const

/** Everything that must be found nowhere. */
export const PLANTED: readonly string[] = [
  ...Object.values(IN_ENVIRONMENT),
  ...Object.values(IN_HOME).flatMap((text) => text.match(/planted-in-[\w-]+/g) ?? []),
]

/** Writes them into a home that is the user's alone; returns the file of the token for git. */
export function plantHome(home: string): string {
  mkdirSync(home, { mode: 0o700 })
  for (const [name, text] of Object.entries(IN_HOME)) {
    const file = join(home, name)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, text, { mode: 0o600 })
  }
  return join(home, TOKEN_FILE)
}

/** Those of the planted secrets that a text holds. */
export const plantedIn = (text: string): string[] => PLANTED.filter((secret) => text.includes(secret))
