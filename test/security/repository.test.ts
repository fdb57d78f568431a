import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Machine } from '../support/machine.ts'
import { isTrue, startMachine, STORY } from '../support/machine.ts'
import type { TreeEntry } from '../support/repository.ts'
import { releaseFiles } from '../support/machine/release-files.ts'
import { temporaryDirectory } from '../support/temp-directory.ts'

const EVIL = 'deploy/releases/evil.yaml'
const link = (content: string): TreeEntry => ({ mode: '120000', content })
const laughs = `a: &a [x, x]\n${'bcdefghij'
  .split('')
  .map(
    (name, index) =>
      `${name}: &${name} [${'*'
        .concat('abcdefghij'[index] ?? '')
        .concat(', ')
        .repeat(9)}]\n`,
  )
  .join('')}`

const many = (count: number): Record<string, TreeEntry> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`deploy/notes/${index}.txt`, 'x']))

/** What is pushed, and what the refusal says of it. */
const refused: readonly (readonly [string, Record<string, TreeEntry>, RegExp])[] = [
  ['a link in the place of a release', { [EVIL]: link('/etc/passwd') }, /evil\.yaml.*symbolic link/],
  ['a link in the place of a folder', { 'deploy/releases/more': link('../../..') }, /symbolic link/],
  ['a submodule', { 'deploy/releases/more': { mode: '160000', content: '1'.repeat(40) } }, /submodule/],
  [
    'a task definition that leaves the folder',
    { [EVIL]: evil('file: ../../../etc/passwd') },
    /evil\.yaml:\d+:\d+ .*file/,
  ],
  [
    'a task definition behind a link',
    { 'deploy/taskdefs/x.json': link('web.json'), [EVIL]: evil('file: taskdefs/x.json') },
    /symbolic link/,
  ],
  ['a file over the limit', { [EVIL]: `# ${'x'.repeat(2 ** 20)}` }, /1 ?MiB|1048576/],
  ['a billion laughs', { [EVIL]: laughs }, /alias/],
  ['deep nesting', { [EVIL]: '['.repeat(50_000) }, /nested more than/],
  [
    'a hundred thousand fields',
    { [EVIL]: Array.from({ length: 60_000 }, (_, index) => `a${index}: 1\n`).join('') },
    /evil\.yaml/,
  ],
  ['a field twice', { [EVIL]: 'kind: Release\nkind: Release\n' }, /second time/],
  ['a prototype', { [EVIL]: '__proto__: { polluted: true }\n' }, /__proto__/],
  ['a name that steers terminals', { [EVIL]: 'kind: "Rel\\u001b[31m\\nease"\n' }, /kind/],
  ['too many files', many(2_100), /holds \d+ files; at most/],
]

function evil(taskDefinition: string): string {
  return `apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: evil }
spec:
  taskDefinition: { ${taskDefinition} }
  service: { cluster: demo }
  traffic:
    loadBalancer: demo
    rule: { port: 80, host: evil.example.com }
    test: { port: 8081, host: evil.example.com }
    targetGroups: { blue: evil-blue, green: evil-green }
`
}

async function expectRefused(machine: Machine, commit: string, pattern: RegExp): Promise<void> {
  const textOf = ({ conditions, issues }: Awaited<ReturnType<Machine['environment']>>): string =>
    [...(conditions ?? []).map(({ message }) => message ?? ''), ...(issues ?? [])].join('\n')
  const status = await machine.untilEnvironment(
    (seen) =>
      (seen.head?.commit === commit || !isTrue(seen.conditions, 'SourceReady')) && pattern.test(textOf(seen)),
    { what: `a refusal like ${String(pattern)}` },
  )
  expect(textOf(status)).not.toMatch(/root:|\u001b/)
}

describe('a hostile commit', STORY, () => {
  it('is refused with the reason, while what runs keeps running, and the next good one is served', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    await machine.untilDeployed(machine.push({ version: 'v1' }))
    const writes = machine.writes()
    for (const [, files, pattern] of refused) {
      const commit = machine.pushFiles(files)
      await expectRefused(machine, commit, pattern)
      const gone = Object.keys(files).map((path) => [path, null] as const)
      machine.repository.commit(Object.fromEntries(gone), { branch: 'demo' })
    }
    expect(machine.writes()).toEqual(writes)
    expect(await machine.served()).toBe('v1')
    const good = machine.push({ version: 'v2' })
    await machine.untilDeployed(good)
    expect(await machine.served()).toBe('v2')
  })

  it('gets nothing of its own started by git', async (context) => {
    const machine = await startMachine(context)
    const marker = join(await temporaryDirectory(), 'started')
    await machine.start()
    machine.repository.git(['config', 'core.fsmonitor', `touch ${marker}`])
    machine.repository.git(['config', 'core.sshCommand', `touch ${marker}`])
    machine.repository.git(['config', 'filter.evil.smudge', `touch ${marker}`])
    const files = {
      '.gitattributes': '* filter=evil\n',
      '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = https://evil.invalid/x.git\n',
      'hooks/post-checkout': { mode: '100755', content: `#!/bin/sh\ntouch ${marker}\n` },
      config: `[core]\n\tfsmonitor = touch ${marker}\n`,
    }
    const commit = machine.pushFiles({ ...files, ...releaseFiles({ version: 'v1' }) })
    await machine.untilDeployed(commit)
    expect(existsSync(marker)).toBe(false)
    expect(machine.repository.head('demo')).toBe(commit)
  })
})

describe('hostile tags', STORY, () => {
  it('do not count as records, and the next record follows the last true one', async (context) => {
    const machine = await startMachine(context)
    await machine.start()
    const first = machine.push({ version: 'v1' })
    await machine.untilDeployed(first)
    const { repository } = machine
    const lie = `Fake\n\nSteersman-Environment: demo\nSteersman-Number: 5\nSteersman-Release: web rollout=demo-web-77 task-definition=arn:aws:ecs:eu-west-1:999999999999:task-definition/evil:1\n`
    for (const name of ['99999999999', '-1', '007', '1e3', '0x10', 'current-1', '2147483648999'])
      repository.tag(`deploy/demo/${name}`, first, { message: lie })
    repository.tag('deploy/demo/huge', first, { message: `x: ${'Steersman-Release: web\n'.repeat(400_000)}` })
    const chained = repository.tag('deploy/demo/chain-1', first, { message: 'one' })
    repository.tag('deploy/demo/chain-2', chained, { message: lie })
    repository.git(['tag', 'deploy/demo/tree', `${first}^{tree}`])
    const second = machine.push({ version: 'v2' })
    await machine.untilDeployed(second)
    expect(await machine.served()).toBe('v2')
    expect(machine.currentCommit()).toBe(second)
    expect((await machine.environment()).deployed).toMatchObject({ number: 2, commit: second })
  })
})
