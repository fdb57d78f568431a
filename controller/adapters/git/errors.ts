import { PortError } from '../../ports/error.ts'
import type { PortErrorDetails } from '../../ports/error.ts'
import type { ProcessResult } from './process.ts'

/** A git command that did not do what it was asked for; classed by {@link classifyFailure}, never seen outside this folder. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure'
  readonly ended: ProcessResult['ended']
  readonly stderr: string

  constructor(operation: string, result: Pick<ProcessResult, 'ended' | 'stderr'>) {
    super(`git ${operation} failed`)
    this.ended = result.ended
    this.stderr = result.stderr
  }
}

type Class = Pick<PortErrorDetails, 'code' | 'handling' | 'remedy'>

const UNAVAILABLE: Class = {
  code: 'SourceUnavailable',
  handling: 'retry',
  remedy: 'Nothing to do if it passes; else check that the repository can be reached from the controller.',
}

function refused(remedy: string): Class {
  return { code: 'SourceRefused', handling: 'stall', remedy }
}

/** What git and its transports say (in English: LC_ALL=C), most telling first. */
const CLASSES: readonly (readonly [RegExp, Class])[] = [
  [
    /host key verification failed|remote host identification has changed|no .* host key is known/i,
    refused(
      'Put the current host key of the git server into knownHostsFile (ssh-keyscan, checked against the vendor).',
    ),
  ],
  [
    /authentication failed|could not read (?:username|password)|permission denied \(|invalid credentials|returned error: 40[13]|http basic: access denied|unprotected private key|load key .*(?:permission denied|error in libcrypto|invalid format)/i,
    refused(
      'Check spec.source.credentialsFrom: the token or key must be current and may read (to move tags: write) this repository.',
    ),
  ],
  [
    /transport '.*' not allowed|unable to find remote helper/i,
    refused(
      'Set spec.source.repository to an https or ssh URL or to the absolute path of a local repository.',
    ),
  ],
  [
    /certificate|ssl[ _](?:connect|certificate)|unable to get local issuer/i,
    refused("Give the controller the git server's certificate authority (SSL_CERT_FILE)."),
  ],
  [
    /fsck error|fsck failed|error in object|unpack-objects abnormal exit|invalid index-pack output|refusing to (?:create|fetch)/i,
    refused(
      'The repository holds objects that git itself calls broken or unsafe; mend it with `git fsck` and push again.',
    ),
  ],
  [/dubious ownership/i, refused('Let the user that runs the controller own the local repository.')],
  [
    /object file .* is empty|loose object .* is corrupt|inflate: data stream error|reference broken|bad object refs\/|did not send all necessary objects|packfile .* (?:cannot be|does not match)|too short to be a packfile/i,
    {
      code: 'MirrorDamaged',
      handling: 'retry',
      remedy:
        'A damaged local mirror is removed and fetched anew; else mend the repository itself with `git fsck`.',
    },
  ],
  [
    /not a tree object|not a valid object name|bad object|bad revision|not a valid commit name|invalid object name|did not receive expected object|unknown revision/i,
    {
      code: 'CommitMissing',
      handling: 'retry',
      remedy: 'It is fetched again; a commit that no branch or tag reaches may be gone for good.',
    },
  ],
  [
    /does not appear to be a git repository|repository .*not found|returned error: 404|project .*could not be found|no such file or directory|repository not found/i,
    {
      code: 'SourceMissing',
      handling: 'wait',
      remedy: 'Create the repository, or correct spec.source.repository; it is looked at every interval.',
    },
  ],
]

/** Turns a failure into the one error that crosses the port, with every secret taken out of the message. */
export function classifyFailure(
  failure: unknown,
  operation: string,
  secrets: readonly string[],
  write = false,
): PortError {
  if (failure instanceof PortError) return failure
  if (!(failure instanceof GitFailure)) {
    return new PortError(`git ${operation} failed: ${redact(String(failure), secrets)}`, {
      ...UNAVAILABLE,
      ambiguous: write,
    })
  }
  const said = redact(firstLine(failure.stderr), secrets).slice(0, 400)
  switch (failure.ended) {
    case 'timedOut':
      return new PortError(`git ${operation} took too long and was ended`, {
        ...UNAVAILABLE,
        ambiguous: write,
      })
    case 'aborted':
      return new PortError(`git ${operation} was ended because the controller stops`, {
        ...UNAVAILABLE,
        ambiguous: write,
      })
    case 'tooLarge':
      return tooLarge(`git ${operation} answered more than the controller is willing to hold`)
    case 'notStarted':
      return new PortError(
        `git could not be started: ${said}`,
        refused('Install git (2.34 or newer) where the controller runs.'),
      )
    case 'exited': {
      const found = CLASSES.find(([pattern]) => pattern.test(failure.stderr))?.[1] ?? UNAVAILABLE
      const ambiguous = write && found.handling === 'retry'
      return new PortError(`git ${operation} failed: ${said}`, { ...found, ambiguous })
    }
  }
}

/** The error for a listing, a file or an answer beyond its bound. */
export function tooLarge(message: string): PortError {
  return new PortError(message, {
    code: 'SourceTooLarge',
    handling: 'stall',
    remedy: 'Point spec.source.path at a smaller folder, or remove large files from it.',
  })
}

/** The error for output that is cut, or that is not what this git command prints: never read half. */
export function unreadable(operation: string): PortError {
  return new PortError(`git ${operation} printed something that can't be read`, UNAVAILABLE)
}

/** The text without userinfo in URLs and without the given secrets, plain or percent-encoded. */
export function redact(text: string, secrets: readonly string[]): string {
  const withoutUserinfo = text.replaceAll(/(\w:\/\/)[^/\s@']*@/g, '$1***@')
  return secrets
    .flatMap((secret) => (secret === '' ? [] : [secret, encodeURIComponent(secret)]))
    .reduce((result, secret) => result.replaceAll(secret, '***'), withoutUserinfo)
}

/** The line that says most: the last `fatal:` or `error:` line, else the first line that is not blank. */
function firstLine(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim().replaceAll(/[\u0000-\u001f\u007f]/g, ''))
    .filter((line) => line !== '')
  const telling = lines.find((line) =>
    /permission denied|host key verification|^remote: |^ssh: |^ERROR: /i.test(line),
  )
  const chosen = telling ?? lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines[0] ?? 'no message'
  return chosen
}
