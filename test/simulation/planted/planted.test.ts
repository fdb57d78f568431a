import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

import { scenarios } from '../scenarios/all.ts'
import type { PlantedBug } from './bug.ts'
import { plantedBugs } from './bugs.ts'
import { fileOf, plantedSource } from './plant.ts'

const bugs = plantedBugs.map((bug) => [bug.name, bug] as const)
const root = new URL('../../../', import.meta.url)
const sourceOf = (bug: PlantedBug): string => readFileSync(fileOf(bug), 'utf8')

describe('the table of planted bugs', () => {
  it('has at least 40 of them, each with a kebab-case name of its own', () => {
    const names = plantedBugs.map(({ name }) => name)
    expect(names.length).toBeGreaterThanOrEqual(40)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([])
  })

  it('has a bug for each promise', () => {
    const promises = Array.from({ length: 12 }, (_, index) => `I${index + 1}`)
    const broken = new Set<string>(plantedBugs.map(({ breaks }) => breaks))
    expect(
      [...promises, 'traffic', 'infrastructure', 'steps', 'order', 'together', 'I5 liveness'].filter(
        (promise) => !broken.has(promise),
      ),
    ).toEqual([])
  })

  it('names the depth core for bugs of the core alone', () => {
    const misplaced = plantedBugs.filter(
      ({ depths, file }) =>
        !depths.includes('full') || (depths.includes('core') && !file.startsWith('controller/core/')),
    )
    expect(misplaced).toEqual([])
  })

  it('hunts a bug only on days that there are, at a depth that plays them', () => {
    const unplayed = plantedBugs.filter(({ scenario: name, depths }) => {
      const scenario = name === undefined ? undefined : scenarios.get(name)
      return name !== undefined && depths.some((depth) => (scenario?.depth ?? depth) !== depth)
    })
    expect(unplayed).toEqual([])
    expect(plantedBugs.filter(({ scenario }) => scenario !== undefined && !scenarios.has(scenario))).toEqual(
      [],
    )
  })

  it.each(bugs)('%s: its text occurs once, and what takes its place is TypeScript', (_, bug) => {
    const source = sourceOf(bug)
    const planted = plantedSource(bug, source)
    expect(planted).not.toBe(source)
    const { diagnostics } = ts.transpileModule(planted, { fileName: bug.file, reportDiagnostics: true })
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([])
    expect(stripTypeScriptTypes(planted)).not.toBe('')
  })
})

describe('a planted bug', () => {
  it.each([
    ['nothing is', undefined, 0],
    ['nothing is', '', 0],
    ['another bug is', 'ignore-a-pause', 0],
    ['this one is', 'count-warming-targets-as-healthy', 1],
  ])(
    'changes what runs: where %s planted (%j), a beginning target counts as %i healthy ones',
    (_, name, healthy) => {
      expect(run(name)).toEqual({ status: 0, stdout: `${healthy}`, stderr: '' })
    },
  )

  it('runs in the threads of its process too', () => {
    const { status, stdout } = run('count-warming-targets-as-healthy', inThread(question))
    expect({ status, stdout }).toEqual({ status: 0, stdout: '1' })
  })

  it('ends a process that asks for one that is not in the table', () => {
    const { status, stderr } = run('no-such-bug')
    expect(status).not.toBe(0)
    expect(stderr).toContain('there is no planted bug "no-such-bug"; there are count-warming')
  })

  it.each([
    ['no more', 'something else'],
    ['2 times', 'old; old'],
  ])('is refused where its text occurs %s', (times, source) => {
    const bug = { ...plantedBugs[0], name: 'some-bug', find: 'old', replace: 'new' } as PlantedBug
    expect(() => plantedSource(bug, source)).toThrow(
      `planted bug some-bug: the text to replace occurs ${times} in ${bug.file}`,
    )
  })
})

/** How many of a side's targets count as healthy while its only one begins. */
const question = `
  import { readiness } from ${JSON.stringify(new URL('controller/core/rollout/readiness.ts', root).href)}
  const task = { arn: 'task', taskDefinition: 'web:1', desiredStatus: 'RUNNING', targetIds: ['10.0.0.1'] }
  const targets = [{ id: '10.0.0.1', port: 80, state: 'initial' }]
  const wanted = { taskDefinition: 'web:1', count: 1, staleTasks: [] }
  process.stdout.write(String(readiness({ members: { tasks: [task], targets } }, wanted).healthy))
`

const inThread = (script: string): string => `
  import { Worker } from 'node:worker_threads'
  new Worker(new URL(${JSON.stringify(`data:text/javascript,${encodeURIComponent(script)}`)}))
`

function run(
  name: string | undefined,
  script = question,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { STEERSMAN_PLANTED_BUG: _mine, NODE_OPTIONS: _options, ...rest } = process.env
  const preload = new URL('test/simulation/planted/preload.ts', root).href
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', preload, '--input-type=module', '--eval', script],
    {
      encoding: 'utf8',
      env: { ...rest, ...(name === undefined ? {} : { STEERSMAN_PLANTED_BUG: name }) },
      timeout: 15_000,
    },
  )
  return { status, stdout, stderr }
}
