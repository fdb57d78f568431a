import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { sep } from 'node:path'

const PROVIDER = ['registry.terraform.io', 'hashicorp', 'aws'].join(sep)
const SEARCH_TIME_LIMIT_MS = 60_000

/**
 * The root of a filesystem mirror that holds Terraform's AWS provider: `STEERSMAN_TEST_TF_MIRROR`, else what a search of
 * the disk finds; undefined when there is none. Where `STEERSMAN_REQUIRE_ALL` is `1` that is thrown instead.
 */
export function terraformMirror(): string | undefined {
  const named = process.env['STEERSMAN_TEST_TF_MIRROR']
  const found = named !== undefined && existsSync(named) ? named : searched()
  if (found === undefined && process.env['STEERSMAN_REQUIRE_ALL'] === '1') {
    throw new Error(
      "no mirror of Terraform's AWS provider; STEERSMAN_REQUIRE_ALL=1 allows no test to be skipped; set STEERSMAN_TEST_TF_MIRROR",
    )
  }
  return found
}

/** Find prints what it can read and exits with 1 for what it can't, so its status says nothing. */
function searched(): string | undefined {
  const words = [
    '/',
    '-xdev',
    '-type',
    'd',
    '-path',
    `*${sep}${PROVIDER}`,
    '-not',
    '-path',
    '*/.terraform/*',
    '-print',
    '-quit',
  ]
  let printed: string
  try {
    printed = execFileSync('find', words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: SEARCH_TIME_LIMIT_MS,
    })
  } catch (error) {
    printed =
      error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : ''
  }
  const [folder = ''] = printed.split('\n')
  return folder === '' ? undefined : folder.slice(0, -PROVIDER.length - 1)
}
