import { join } from 'node:path'
import { STATIC_CHECKS } from '../checks/static-checks.ts'
import {
  judgeBench,
  judgeDemo,
  judgeSimulation,
  judgeSoak,
  judgeTerraformBench,
  SOAK_SWAPS,
} from './measurements.ts'

/** One thing that CI does: a program that must exit 0 within three times its time box. */
export interface Step {
  name: string
  /** How long it should take at most. After three times that it is ended, and has failed. */
  boxMinutes: number
  command: readonly [string, ...string[]]
  /** Where vitest leaves its outcome, for steps that are tests. */
  testReport?: string
  /** What is wrong with the JSON on standard output, for steps that measure. */
  judge?: (output: string) => string[]
}

/** What CI does after `npm ci && npm test`, cheap before dear. `reports` is a directory for the outcomes of tests. */
export function stepsOf(reports: string): Step[] {
  const checks = STATIC_CHECKS.map((check) => npmRun(`Static: ${check}`, 0.5, check))
  return [
    { name: 'Programs that tests need', boxMinutes: 0.5, command: ['node', 'scripts/check-requirements.ts'] },
    ...checks,
    npmRun('Alerts', 0.5, 'alerts'),
    npmRun('Build', 0.5, 'build'),
    npmRun('Built program starts', 0.25, 'build:check'),
    npmRun('Branch coverage of core', 2, 'test:coverage'),
    { ...npmRun('Long tests', 3, 'test:long'), testReport: join(reports, 'long.json') },
    realProcesses('Tests with real processes', 'alone', reports),
    realProcesses('Controllers that are killed, and several at once', 'ended', reports),
    { ...npmRun('Terraform modules', 8, 'test:terraform'), testReport: join(reports, 'terraform.json') },
    { name: 'AWS CLI against the sandbox', boxMinutes: 0.5, command: ['node', 'scripts/check-aws-cli.ts'] },
    {
      name: 'Demo, played to the end',
      boxMinutes: 1,
      command: ['npm', 'run', '--silent', 'demo', '--', '--once', '-o', 'json'],
      judge: judgeDemo,
    },
    {
      name: 'Demo of the built program',
      boxMinutes: 1,
      command: ['node', 'dist/controller/main.js', 'demo', '--once', '-o', 'json'],
      judge: judgeDemo,
    },
    {
      name: 'Benchmark',
      boxMinutes: 2,
      command: ['npm', 'run', '--silent', 'bench', '--', '-o', 'json'],
      judge: judgeBench,
    },
    {
      name: 'Benchmark of drift, its counts',
      boxMinutes: 1,
      command: ['npm', 'run', '--silent', 'bench:drift', '--', '--releases', '50', '--check'],
    },
    { ...npmRun('Benchmark of Terraform', 2, 'bench:terraform'), judge: judgeTerraformBench },
    {
      name: 'Soak, short',
      boxMinutes: 3,
      command: ['npm', 'run', '--silent', 'soak', '--', '--swaps', String(SOAK_SWAPS), '-o', 'json'],
      judge: judgeSoak,
    },
    {
      name: 'Simulation',
      boxMinutes: 6,
      // Always the same seeds, so that a change breaks it and not chance; who looks for more plays others, and for longer.
      command: simulate('--faults', 'harsh', '--seeds', '400', '--minutes', '5', '-o', 'json'),
      judge: judgeSimulation,
    },
    {
      name: 'Simulation, the same seeds twice',
      boxMinutes: 1,
      command: simulate('--check-determinism', '--faults', 'harsh', '--seeds', '6'),
    },
  ]
}

const simulate = (...given: readonly string[]): Step['command'] => [
  'npm',
  'run',
  '--silent',
  'simulate',
  '--',
  ...given,
]

/** A project of vitest.e2e.config.ts. */
function realProcesses(name: string, project: string, reports: string): Step {
  return {
    name,
    boxMinutes: 4,
    command: ['npm', 'run', '--silent', 'test:e2e', '--', '--project', project],
    testReport: join(reports, `e2e-${project}.json`),
  }
}

function npmRun(name: string, boxMinutes: number, script: string): Step {
  return { name, boxMinutes, command: ['npm', 'run', '--silent', script] }
}
