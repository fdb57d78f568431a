import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { jsonText, yamlText } from '../../controller/cli/encode.ts'
import { environmentView, releaseView, rolloutView, steersman } from '../cli/stage.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

/** Colour, a C1 control sequence, a title, text turned around, a line break, a tag of Unicode's and a joiner. */
const NASTY = 'a\u001b[31mred\u009b2Jb\u001b]0;title\u0007c\u202etxt.exe\u2028d\u{e0041}e\u200bf\rg\u007f'
const STEERING = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/u

const objects = {
  environment: environmentView({
    head: { commit: 'a'.repeat(40), subject: NASTY },
    conditions: [bad('Stalled')],
  }),
  release: releaseView({ conditions: [bad('Stalled'), bad('Ready')], drift: [drift()] }),
  rollout: rolloutView(42, { status: { phase: 'Verifying', message: NASTY, reason: NASTY } }),
}

function bad(type: string) {
  return {
    type,
    status: 'True',
    reason: NASTY,
    message: `${NASTY}\n\n${NASTY}`,
    lastTransitionTime: NASTY,
  } as const
}

function drift() {
  return { path: `/${NASTY}`, wanted: NASTY, live: NASTY, class: 'service', since: NASTY } as const
}

const page = <Item>(item: Item) =>
  ({ apiVersion: 'steersman.dev/v1alpha1', metadata: { resourceVersion: '7' }, items: [item] }) as const
const client = {
  environments: () => Promise.resolve({ ...page(objects.environment), kind: 'EnvironmentList' as const }),
  environment: () => Promise.resolve(objects.environment),
  releases: () => Promise.resolve({ ...page(objects.release), kind: 'ReleaseList' as const }),
  rollouts: () => Promise.resolve({ ...page(objects.rollout), kind: 'RolloutList' as const }),
}

describe('what others wrote', () => {
  it.each([
    'status',
    'status -o json',
    'status -o yaml',
    'get environments',
    'get releases -o wide',
    'get releases -o yaml',
    'get rollouts -o json',
    'get rollouts -o name',
    'history prod/web',
    'history prod/web -o yaml',
  ])('does not steer a terminal: steersman %s', async (line) => {
    const { code, out, err } = await steersman(line.split(' '), { client })
    expect([code, err]).toEqual([0, ''])
    expect(out.length).toBeGreaterThan(5)
    expect(STEERING.exec(out)).toBeNull()
  })

  it('does not steer a terminal by names of files, fields and folders', async () => {
    const directory = await temporaryDirectory()
    mkdirSync(join(directory, 'releases'))
    const name = NASTY.replaceAll('/', '')
    writeFileSync(
      join(directory, 'releases', `${name}.yaml`),
      `kind: ${JSON.stringify(NASTY)}\n${JSON.stringify(NASTY)}: 1\n`,
    )
    for (const output of ['', ' -o json']) {
      const { code, out, err } = await steersman(`validate ${directory}${output}`.split(' '))
      expect(code).toBe(1)
      expect(STEERING.exec(out + err)).toBeNull()
    }
  })

  it('does not steer a terminal by a message of the controller or of a config file', async () => {
    const failing = { environments: () => Promise.reject(new Error(NASTY)) }
    const issues = Object.assign(new Error(NASTY), { issues: [NASTY] })
    const told = [
      await steersman(['get', 'environments'], { client: failing }),
      await steersman(['run', '--config', 'x'], { starters: { run: () => Promise.reject(issues) } }),
      await steersman(['get', NASTY]),
    ]
    for (const { code, err } of told) {
      expect(code).toBe(1)
      expect(STEERING.exec(err)).toBeNull()
    }
  })

  it.each([
    ['a text', NASTY],
    ['a key and a value', { [NASTY]: [NASTY, { deep: `${NASTY}\nsecond line\n` }] }],
    ['ordinary lines', { text: 'one\ntwo\n\tthree\n', number: 1.5, nothing: null }],
  ])('reads back as it was: %s', (_what, value) => {
    expect(JSON.parse(jsonText(value))).toEqual(value)
    expect(parse(yamlText(value))).toEqual(value)
  })
})
