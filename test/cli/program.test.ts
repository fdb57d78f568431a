import { describe, expect, it } from 'vitest'

import { steersman } from './stage.ts'

const verbs = [
  'demo',
  'run',
  'sandbox',
  'validate',
  'render',
  'diff',
  'drift',
  'get',
  'status',
  'history',
  'pin',
  'unpin',
  'rollback',
  'approve',
  'reject',
  'abort',
  'retry',
  'pause',
  'resume',
  'override-freeze',
  'reconcile',
  'restart',
  'terraform',
  'adopt',
  'crds',
  'version',
]

describe('the help', () => {
  it('lists every verb', async () => {
    const { code, out, err } = await steersman(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.match(/^ {2}[a-z-]+(?= )/gm)?.map((line) => line.trim())).toEqual(verbs)
  })

  it.each(verbs)('of %s shows an example of it', async (verb) => {
    const { code, out, err } = await steersman([verb, '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`Usage: steersman ${verb}`)
    expect(out).toMatch(new RegExp(`\nExample:\n  steersman ${verb}\\b`))
  })

  it.each(verbs.filter((verb) => !['run', 'terraform'].includes(verb)).concat('terraform plan'))(
    'of %s names the form of its answer',
    async (verb) => {
      expect((await steersman([...verb.split(' '), '--help'])).out).toContain('-o, --output')
    },
  )

  it('without a verb goes to standard error, because nothing was done', async () => {
    const { code, out, err } = await steersman([])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('Usage: steersman')
  })

  it('has colours on a terminal at most', async () => {
    expect((await steersman(['--help'])).out).not.toContain('\u001b')
  })
})

describe('a command line that can’t be read', () => {
  it.each([
    [['statsu'], "error: unknown command 'statsu'; did you mean status?; see steersman --help\n"],
    [['frobnicate'], "error: unknown command 'frobnicate'; see steersman --help\n"],
    [
      ['status', '--sever', 'x'],
      "error: unknown option '--sever'; did you mean --server?; see steersman --help\n",
    ],
    [['history'], "error: missing required argument 'environment/release'; see steersman --help\n"],
    [
      ['pin', 'prod/web', '--rollout', '1'],
      "error: required option '--reason <text>' not specified; see steersman --help\n",
    ],
    [['history', 'web'], 'error: "web" names no release; give ENVIRONMENT/RELEASE, as prod/web\n'],
    [['history', 'prod/web', '--limit', '0'], 'error: --limit is "0"; give a whole number above 0\n'],
    [['get', 'pods'], 'error: there is no kind "pods"; give environments, releases or rollouts\n'],
    [['status', '-o', 'xml'], 'error: unknown output format "xml"; give -o json, yaml\n'],
    [
      ['run'],
      'error: no configuration was named; it says which environments there are; give --config PATH or set STEERSMAN_CONFIG\n',
    ],
    [['sandbox', '--port', '70000'], 'error: --port is "70000"; give a number up to 65535\n'],
    [
      ['rollback', 'prod/web', '--to', '1', '--unsafe', '--forge', 'gitlab'],
      'error: --forge is for a pull request; add --pull-request, or leave it out\n',
    ],
    [
      ['pin', 'prod/web', '--reason', 'x'],
      'error: a pin names one version; give either --rollout N or --task-definition ARN\n',
    ],
  ])('%j says what, why and how to mend it', async (args, message) => {
    expect(await steersman(args)).toEqual({ code: 1, out: '', err: message })
  })

  it('never lets a name steer the terminal', async () => {
    const { err } = await steersman(['history', 'x\u001b[2J'])
    expect(err).not.toContain('\u001b')
  })
})

describe('version', () => {
  it('is one line', async () => {
    expect(await steersman(['version'])).toEqual({ code: 0, out: 'steersman 1.2.3\n', err: '' })
  })

  it('is one object with -o json', async () => {
    expect(await steersman(['version', '-o', 'json'])).toEqual({
      code: 0,
      out: '{"version":"1.2.3"}\n',
      err: '',
    })
  })
})

describe('crds', () => {
  it('prints each one as a document', async () => {
    expect((await steersman(['crds'])).out).toBe('---\nkind: A\n---\nkind: B\n')
  })

  it('prints one list with -o json', async () => {
    expect(JSON.parse((await steersman(['crds', '-o', 'json'])).out)).toEqual({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ kind: 'A' }, { kind: 'B' }],
    })
  })
})

describe('what is started', () => {
  it('gets the configuration from the flag before the variable', async () => {
    const seen: unknown[] = []
    const run = (request: unknown): Promise<number> => {
      seen.push(request)
      return Promise.resolve(0)
    }
    const variables = { STEERSMAN_CONFIG: 'from-variable' }
    await steersman(['run'], { starters: { run }, variables })
    await steersman(['run', '--config', 'from-flag', '--log-level', 'warn'], { starters: { run }, variables })
    expect(seen).toEqual([
      { config: 'from-variable', listen: undefined, logLevel: undefined },
      { config: 'from-flag', listen: undefined, logLevel: 'warn' },
    ])
  })

  it('tells its exit code', async () => {
    const demo = ({ json, once }: { json: boolean; once: boolean }): Promise<number> =>
      Promise.resolve(json && once ? 1 : 7)
    expect((await steersman(['demo', '--once', '-o', 'json'], { starters: { demo } })).code).toBe(1)
  })

  it('tells what stopped it, with the remedy', async () => {
    const run = (): Promise<number> =>
      Promise.reject(Object.assign(new Error('another controller acts here'), { remedy: 'stop it' }))
    const told = await steersman(['run', '--config', 'x'], { starters: { run } })
    expect(told).toEqual({ code: 1, out: '', err: 'error: another controller acts here; stop it\n' })
  })

  it('tells every issue of a configuration on a line of its own', async () => {
    const run = (): Promise<number> =>
      Promise.reject(Object.assign(new Error('bad'), { issues: ['a.yaml:1:1: one', 'a.yaml:2:1: two'] }))
    const told = await steersman(['run', '--config', 'x'], { starters: { run } })
    expect(told.err).toBe('error: a.yaml:1:1: one\nerror: a.yaml:2:1: two\n')
  })

  it('is a sandbox that says how to reach it', async () => {
    const sandbox = ({ onListening }: { onListening: (url: string) => void }): Promise<number> => {
      onListening('http://127.0.0.1:4566')
      return Promise.resolve(0)
    }
    const text = await steersman(['sandbox'], { starters: { sandbox } })
    expect(text.out).toContain('export AWS_ENDPOINT_URL=http://127.0.0.1:4566\n')
    expect(text.out).toContain('export STEERSMAN_LISTENERS_URL=http://127.0.0.1:4566/_sandbox/listeners\n')
    const json = await steersman(['sandbox', '-o', 'json'], { starters: { sandbox } })
    expect(JSON.parse(json.out)).toMatchObject({ url: 'http://127.0.0.1:4566' })
  })
})
