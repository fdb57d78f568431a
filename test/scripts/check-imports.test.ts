import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkImports, type ImportReport } from '../../scripts/checks/imports.ts'
import { root } from '../../scripts/checks/sources.ts'
import { makeTemporaryDirectory } from '../support/temp-directory.ts'

/** A small tree with every module that a planted import needs as its target, and nothing wrong in it. */
const SOUND: Readonly<Record<string, string>> = {
  'controller/main.ts': `import './engine/reconcile.ts'; import './adapters/aws/ecs.ts'; import './adapters/git/mirror.ts'
import './compose/demo.ts'; import './api/server.ts'; import './cli/get.ts'; import './sandbox/world.ts'; import './config.ts'`,
  'controller/config.ts': `import { kinds } from './resources/kinds.ts'; export const config = kinds`,
  'controller/resources/kinds.ts': `import { Ajv } from 'ajv'; export const kinds = Ajv; export type Kind = string`,
  'controller/core/plan.ts': `import { createHash } from 'node:crypto'; import { kinds } from '../resources/kinds.ts'
export const plan = { createHash, kinds }; export type Plan = typeof plan`,
  'controller/ports/store.ts': `import type { Kind } from '../resources/kinds.ts'; export interface Store { kind: Kind }
export const value = 1`,
  'controller/engine/reconcile.ts': `import type { Store } from '../ports/store.ts'; import { plan } from '../core/plan.ts'
export const reconcile = (store: Store): unknown => [plan, store]`,
  'controller/adapters/aws/ecs.ts': `import { ECSClient } from '@aws-sdk/client-ecs'; export const ecs = ECSClient`,
  'controller/adapters/git/mirror.ts': `import { readFile } from 'node:fs/promises'; export const mirror = readFile`,
  'controller/api/view.ts': `import { plan } from '../core/plan.ts'; export const view = plan; export type View = typeof plan`,
  'controller/api/client.ts': `import { view } from './view.ts'; export const client = view`,
  'controller/api/server.ts': `import { view } from './view.ts'; export const server = view`,
  'controller/cli/get.ts': `import { client } from '../api/client.ts'; export const get = client`,
  'controller/dashboard/page.ts': `import type { View } from '../api/view.ts'; export const page = (view: View): View => view`,
  'controller/sandbox/world.ts': `import { createServer } from 'node:http'; export const world = createServer`,
  'controller/demo/demo.ts': `import { request } from 'undici'; import { story } from './story.ts'
import { client } from '../api/client.ts'; export const demo = [request, story, client]`,
  'controller/demo/story.ts': `import { simpleGit } from 'simple-git'; export const story = simpleGit`,
  'controller/compose/demo.ts': `import { demo } from '../demo/demo.ts'; import { world } from '../sandbox/world.ts'
export const startDemo = [demo, world]`,
  'scripts/tool.ts': `export const tool = 1`,
}

/** Each rule of the table with one file that breaks it: where it stands and what it imports. */
const PLANTED: readonly { rule: string; file: string; text: string }[] = [
  { rule: 'resources-stand-alone', file: 'controller/resources/x1.ts', text: `import '../core/plan.ts'` },
  { rule: 'core-knows-only-the-kinds', file: 'controller/core/x2.ts', text: `import '../ports/store.ts'` },
  {
    rule: 'core-knows-only-the-kinds',
    file: 'controller/core/x3.ts',
    text: `import '../engine/reconcile.ts'`,
  },
  { rule: 'core-uses-no-io-library', file: 'controller/core/x4.ts', text: `import 'undici'` },
  { rule: 'core-uses-no-io-library', file: 'controller/resources/x5.ts', text: `import 'chokidar'` },
  { rule: 'core-uses-no-io-builtin', file: 'controller/core/x6.ts', text: `import 'node:fs'` },
  { rule: 'core-uses-no-io-builtin', file: 'controller/core/x7.ts', text: `import 'node:child_process'` },
  { rule: 'core-uses-no-io-builtin', file: 'controller/core/x8.ts', text: `import 'node:timers/promises'` },
  { rule: 'core-uses-no-io-builtin', file: 'controller/core/x9.ts', text: `import 'node:process'` },
  { rule: 'core-uses-no-io-builtin', file: 'controller/core/x10.ts', text: `import 'http'` },
  {
    rule: 'ports-speak-of-core-and-kinds',
    file: 'controller/ports/x11.ts',
    text: `import '../engine/reconcile.ts'`,
  },
  {
    rule: 'ports-are-types',
    file: 'controller/ports/x12.ts',
    text: `import { plan } from '../core/plan.ts'\nexport { plan }`,
  },
  { rule: 'ports-need-no-library', file: 'controller/ports/x13.ts', text: `import 'undici'` },
  {
    rule: 'engine-works-through-ports',
    file: 'controller/engine/x14.ts',
    text: `import '../adapters/aws/ecs.ts'`,
  },
  {
    rule: 'adapters-know-no-other-adapter',
    file: 'controller/adapters/git/x15.ts',
    text: `import '../aws/ecs.ts'`,
  },
  {
    rule: 'adapters-know-no-other-adapter',
    file: 'controller/adapters/git/x16.ts',
    text: `import '../../engine/reconcile.ts'`,
  },
  { rule: 'adapters-live-in-a-folder', file: 'controller/adapters/x17.ts', text: `import './x18.ts'` },
  { rule: 'adapters-live-in-a-folder', file: 'controller/adapters/x18.ts', text: `import '../core/plan.ts'` },
  { rule: 'api-reads-through-ports', file: 'controller/api/x19.ts', text: `import '../engine/reconcile.ts'` },
  { rule: 'cli-talks-to-core-and-the-api', file: 'controller/cli/x20.ts', text: `import '../api/server.ts'` },
  {
    rule: 'cli-talks-to-core-and-the-api',
    file: 'controller/cli/x21.ts',
    text: `import '../sandbox/world.ts'`,
  },
  {
    rule: 'api-and-cli-take-types-of-ports',
    file: 'controller/api/x22.ts',
    text: `import { value } from '../ports/store.ts'\nexport { value }`,
  },
  {
    rule: 'dashboard-sees-the-api-alone',
    file: 'controller/dashboard/x23.ts',
    text: `import '../core/plan.ts'`,
  },
  {
    rule: 'dashboard-takes-types-of-the-view',
    file: 'controller/dashboard/x24.ts',
    text: `import { view } from '../api/view.ts'\nexport { view }`,
  },
  {
    rule: 'sandbox-imports-nothing-of-the-project',
    file: 'controller/sandbox/x25.ts',
    text: `import type { Kind } from '../resources/kinds.ts'\nexport type X = Kind`,
  },
  { rule: 'sandbox-uses-no-library', file: 'controller/sandbox/x26.ts', text: `import 'undici'` },
  {
    rule: 'config-knows-only-the-kinds',
    file: 'controller/config.ts',
    text: `import './engine/reconcile.ts'`,
  },
  { rule: 'nothing-imports-main', file: 'controller/cli/x27.ts', text: `import '../main.ts'` },
  { rule: 'only-main-composes', file: 'controller/cli/x35.ts', text: `import '../compose/demo.ts'` },
  { rule: 'demo-plays-a-user', file: 'controller/demo/x36.ts', text: `import '../sandbox/world.ts'` },
  { rule: 'demo-uses-http-and-git-alone', file: 'controller/demo/x37.ts', text: `import 'winston'` },
  {
    rule: 'only-compose-starts-the-demo',
    file: 'controller/cli/x38.ts',
    text: `import '../demo/demo.ts'`,
  },
  {
    rule: 'compose-uses-the-door-of-the-demo',
    file: 'controller/compose/x39.ts',
    text: `import '../demo/story.ts'`,
  },
  {
    rule: 'the-program-never-imports-tests-or-scripts',
    file: 'controller/engine/x28.ts',
    text: `import '../../scripts/tool.ts'`,
  },
  {
    rule: 'only-adapters-use-the-aws-sdk',
    file: 'controller/engine/x29.ts',
    text: `import '@aws-sdk/client-ecs'`,
  },
  {
    rule: 'the-program-uses-no-development-library',
    file: 'controller/engine/x30.ts',
    text: `import 'vitest'`,
  },
  { rule: 'no-cycle', file: 'controller/engine/x31.ts', text: `import './x32.ts'` },
  { rule: 'no-cycle', file: 'controller/engine/x32.ts', text: `import './x31.ts'` },
  { rule: 'no-orphan', file: 'controller/engine/x33.ts', text: `export const alone = 1` },
  { rule: 'resolvable', file: 'controller/engine/x34.ts', text: `import './not-there.ts'` },
]

async function plant(
  directory: string,
  files: readonly (readonly [file: string, text: string])[],
): Promise<void> {
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
    await cp(join(root, file), join(directory, file))
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'))
  for (const [file, text] of files) {
    await mkdir(dirname(join(directory, file)), { recursive: true })
    await writeFile(join(directory, file), `${text}\n`)
  }
}

describe('the rules of who may import whom', () => {
  const removals: (() => Promise<void>)[] = []
  let sound: ImportReport
  let broken: ImportReport

  beforeAll(async () => {
    const [one, other] = [await makeTemporaryDirectory('imports'), await makeTemporaryDirectory('imports')]
    removals.push(one.remove, other.remove)
    await plant(one.path, Object.entries(SOUND))
    await plant(other.path, [
      ...Object.entries(SOUND),
      ...PLANTED.map(({ file, text }) => [file, text] as const),
    ])
    sound = await checkImports(one.path)
    broken = await checkImports(other.path)
  }, 60_000)

  afterAll(async () => {
    for (const remove of removals) await remove()
  })

  it('find nothing wrong in a tree that keeps them', () => {
    expect(sound).toEqual({ modules: Object.keys(SOUND).toSorted(), unread: [], violations: [] })
  })

  it.each(PLANTED)('find $file breaking $rule', ({ rule, file }) => {
    const ofFile = broken.violations.filter(({ from, to }) => from === file || to === file)
    expect(ofFile.map((violation) => violation.rule)).toContain(rule)
  })

  it('read every file there is', () => {
    expect(broken.unread).toEqual([])
  })
})
