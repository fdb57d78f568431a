import type { Finding } from './sources.ts'

/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  line: number
  keyword: string
  rest: string
}

/** Reads a Dockerfile into its instructions; comments and blank lines are left out. */
function parseDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = []
  let open: Instruction | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    const trimmed = raw.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const continues = trimmed.endsWith('\\')
    const content = continues ? trimmed.slice(0, -1).trim() : trimmed
    if (open === undefined) {
      const [keyword = '', ...rest] = content.split(/\s+/u)
      open = { line: index + 1, keyword: keyword.toUpperCase(), rest: rest.join(' ') }
    } else {
      open.rest += ` ${content}`
    }
    if (continues) continue
    instructions.push(open)
    open = undefined
  }
  return open === undefined ? instructions : [...instructions, open]
}

/** What is known of the clone that an image is made from. */
export interface Clone {
  readonly exists: (path: string) => boolean
  /** Flags of Node in the first line of the program. */
  readonly nodeFlags: readonly string[]
}

/** What keeps an image from being small, repeatable and unprivileged, and its program from running as the clone's does. */
export function judgeDockerfile(file: string, text: string, { exists, nodeFlags }: Clone): Finding[] {
  const instructions = parseDockerfile(text)
  const at = (instruction: Instruction | undefined, what: string): Finding => ({
    file,
    line: instruction?.line ?? 1,
    what,
  })
  return [
    ...judgeStages(instructions, at),
    ...judgeLastStage(instructions, at),
    ...judgeCopies(instructions, exists, at),
    ...judgeEnvironment(instructions, at),
    ...judgeLauncher(instructions, nodeFlags, at),
  ]
}

type At = (instruction: Instruction | undefined, what: string) => Finding

function judgeStages(instructions: readonly Instruction[], at: At): Finding[] {
  const stages = instructions.filter(({ keyword }) => keyword === 'FROM')
  const defaults = new Map<string, string>()
  for (const { keyword, rest } of instructions) {
    const [, name, value] = /^(\w+)=(\S+)$/u.exec(rest) ?? []
    if (keyword === 'ARG' && name !== undefined && value !== undefined) defaults.set(name, value)
  }
  const findings = stages.length < 2 ? [at(stages[0], 'one stage only: the build tools would ship')] : []
  for (const stage of stages) {
    const image =
      stage.rest.replaceAll(/\$\{(\w+)\}/gu, (_, name: string) => defaults.get(name) ?? '').split(' ')[0] ??
      ''
    const isPinned = /@sha256:[0-9a-f]{64}$/u.test(image) || /:\d+\.\d+\.\d+(?:-[\w.-]+)?$/u.test(image)
    if (!isPinned) findings.push(at(stage, `${image} is not pinned to an exact version or a digest`))
  }
  return findings
}

function judgeLastStage(instructions: readonly Instruction[], at: At): Finding[] {
  const from = instructions.findLastIndex(({ keyword }) => keyword === 'FROM')
  const stage = instructions.slice(Math.max(0, from))
  const last = (keyword: string): Instruction | undefined =>
    stage.findLast((each) => each.keyword === keyword)
  const user = last('USER')
  const isUnprivileged = /^[1-9]\d*(?::[1-9]\d*)?$/u.test(user?.rest ?? '')
  const entrypoint = last('ENTRYPOINT')
  const findings: Finding[] = []
  if (!isUnprivileged)
    findings.push(
      at(user ?? stage[0], 'the last USER must be a number above 0 (runAsNonRoot sees numbers only)'),
    )
  if (last('HEALTHCHECK')?.rest.includes('CMD') !== true)
    findings.push(at(stage[0], 'the last stage has no HEALTHCHECK'))
  if (entrypoint?.rest.startsWith('[') !== true) {
    findings.push(at(entrypoint ?? stage[0], 'ENTRYPOINT must be a JSON list: a shell would swallow SIGTERM'))
  }
  return findings
}

function judgeCopies(
  instructions: readonly Instruction[],
  exists: (path: string) => boolean,
  at: At,
): Finding[] {
  return instructions.flatMap((instruction) => {
    if (instruction.keyword === 'ADD') return [at(instruction, 'ADD fetches and unpacks by guess: use COPY')]
    if (instruction.keyword !== 'COPY' || instruction.rest.startsWith('--from=')) return []
    const sources = instruction.rest
      .split(' ')
      .filter((part) => !part.startsWith('--'))
      .slice(0, -1)
    return sources
      .filter((path) => !exists(path))
      .map((path) => at(instruction, `${path} is not in the clone`))
  })
}

function judgeEnvironment(instructions: readonly Instruction[], at: At): Finding[] {
  return instructions
    .filter(
      ({ keyword, rest }) =>
        ['ENV', 'ARG'].includes(keyword) && /(?:TOKEN|SECRET|PASSWORD|ACCESS_KEY)\w*=/u.test(rest),
    )
    .map((instruction) => at(instruction, 'a secret in ENV or ARG stays in the image for everybody to read'))
}

/** The image starts the program by a launcher, so that the flags of the program's own first line are not seen. */
function judgeLauncher(
  instructions: readonly Instruction[],
  nodeFlags: readonly string[],
  at: At,
): Finding[] {
  const launcher = instructions.find(({ keyword, rest }) => keyword === 'RUN' && rest.includes('exec node '))
  const words = launcher?.rest.split(' ') ?? []
  return nodeFlags
    .filter((flag) => !words.includes(flag))
    .map((flag) => at(launcher, `Node is started without ${flag}, which the program's first line has`))
}
