import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'

import { temporaryDirectory } from '../support/temp-directory.ts'
import { steersman } from './stage.ts'

const manifests = fileURLToPath(new URL('../../manifests/', import.meta.url))
const demo = join(manifests, 'demo/repository/deploy')

async function treeOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

const release = `apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: web }
spec:
  image: { repository: shop/web, tagFromCommit: { paths: [src] } }
  taskDefinition:
    inline:
      family: prod-web
      containerDefinitions:
        - { name: web, image: x, portMappings: [{ containerPort: 80 }], environment: [{ name: COMMIT, value: "\${commit}" }] }
  service: { cluster: shop, desiredCount: 3 }
  traffic:
    loadBalancer: shop
    rule: { port: 80 }
    test: { port: 81 }
    targetGroups: { blue: web-blue, green: web-green }
`

const environment = `apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: prod }
spec:
  source: { repository: https://example.com/shop.git, branch: prod }
  aws: { region: eu-west-1, accountId: "123456789012" }
`

describe('validate', () => {
  it('finds nothing in the examples', async () => {
    const { code, out, err } = await steersman(['validate', manifests])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^\d+ releases and \d+ environments are valid\n$/)
  })

  it('tells every issue at once, each with its place', async () => {
    const directory = await treeOf({
      'deploy/releases/web.yaml': release.replace('desiredCount: 3', 'desiredCount: many'),
      'deploy/overlays/prod/web.yaml': 'metadata: { name: web }\nspec: { strategie: {} }\n',
      'config/prod.yaml': environment.replace('branch: prod', 'brunch: prod'),
      'README.yaml': 'steps: []\n',
    })
    const { code, out, err } = await steersman(['validate', directory])
    expect(code).toBe(1)
    expect(err).toMatch(/^error: \d issues; correct them before you push\n$/)
    expect(out).toContain(`${directory}/deploy/releases/web.yaml:11:`)
    expect(out).toContain(`${directory}/deploy/overlays/prod/web.yaml:2:9 /spec/strategie: `)
    expect(out).toContain(`${directory}/config/prod.yaml:5:`)
  })

  it('prints one object with -o json', async () => {
    const directory = await treeOf({ 'releases/web.yaml': release.replace('kind: Release', 'kind: Relaese') })
    const { code, out, err } = await steersman(['validate', directory, '-o', 'json'])
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      issues: [{ line: 2, path: '/kind', code: 'WrongKind' }],
    })
  })

  it('tries every environment that has overlays, or the one that is named', async () => {
    const directory = await treeOf({
      'releases/web.yaml': release,
      'overlays/prod/web.yaml': 'spec: { service: { desiredCount: 6 } }\n',
      'overlays/staging/web.yaml': 'spec: { service: { desiredCount: few } }\n',
    })
    expect((await steersman(['validate', directory])).out).toContain('overlays/staging/web.yaml:1:')
    expect((await steersman(['validate', directory, '--environment', 'prod'])).code).toBe(0)
    expect((await steersman(['validate', directory, '--environment', 'staging'])).code).toBe(1)
  })

  it('checks one release with what lies around it', async () => {
    const directory = await treeOf({
      'releases/web.yaml': release,
      'releases/api.yaml': 'kind: nonsense\n',
      'overlays/prod/web.yaml': 'spec: { service: { desiredCount: six } }\n',
    })
    const { out } = await steersman(['validate', join(directory, 'releases/web.yaml')])
    expect(out).toContain('overlays/prod/web.yaml:1:')
    expect(out).not.toContain('api.yaml')
  })

  it('refuses links', async () => {
    const directory = await treeOf({ 'releases/web.yaml': release })
    symlinkSync('/etc/passwd', join(directory, 'releases/other.yaml'))
    expect((await steersman(['validate', directory])).out).toContain('this is a symbolic link')
  })

  it('says that there is nothing to check', async () => {
    const { code, err } = await steersman(['validate', await treeOf({ 'a.txt': '' })])
    expect(code).toBe(1)
    expect(err).toMatch(/^error: there is nothing to check in .+; no releases\/ folder .+; give the folder/)
  })

  it('says that a path is not there', async () => {
    const { code, err } = await steersman(['validate', '/nowhere'])
    expect({ code, err }).toEqual({
      code: 1,
      err: "error: /nowhere can't be read: ENOENT; give a path that this user may read\n",
    })
  })
})

describe('render', () => {
  it('prints what the controller would read', async () => {
    const config = await treeOf({ 'prod.yaml': environment })
    const directory = await treeOf({
      'releases/web.yaml': release,
      'overlays/prod/web.yaml': 'spec: { service: { desiredCount: 6 } }\n',
    })
    const { code, out } = await steersman([
      'render',
      'prod',
      '--path',
      directory,
      '--commit',
      'c0ffee',
      '--config',
      config,
    ])
    expect(code).toBe(0)
    expect(parseAllDocuments(out).map((document) => document.toJS() as unknown)).toMatchObject([
      {
        metadata: { name: 'web' },
        spec: {
          service: { desiredCount: 6 },
          taskDefinition: {
            inline: { containerDefinitions: [{ environment: [{ name: 'COMMIT', value: 'c0ffee' }] }] },
          },
        },
      },
    ])
  })

  it('leaves what nobody gave, and prints one object with -o json', async () => {
    const { out } = await steersman([
      'render',
      'prod',
      '--path',
      await treeOf({ 'releases/web.yaml': release }),
      '-o',
      'json',
    ])
    expect(JSON.parse(out)).toMatchObject({ kind: 'List' })
    expect(out).toContain('"${commit}"')
  })

  it('puts a task definition’s file in its place', async () => {
    const { out } = await steersman(['render', 'demo', '--path', demo])
    expect(out).toContain('executionRoleArn: arn:aws:iam::123456789012:role/demo-exec')
  })

  it.each([
    ['no releases', {}, /has no releases; give the folder in which releases\/ lies/],
    [
      'two folders of them',
      { 'a/releases/web.yaml': release, 'b/releases/web.yaml': release },
      /has several folders with releases; a, b; give one of them/,
    ],
    ['an issue', { 'releases/web.yaml': 'kind: x\n' }, /^error: releases\/web.yaml:1:7 \/kind/],
  ])('refuses a folder with %s', async (_, files, message) => {
    const { code, out, err } = await steersman(['render', 'prod', '--path', await treeOf(files)])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(message)
  })
})

describe('a name from a Terraform output', () => {
  const files = { 'releases/web.yaml': release.replace(/cluster: \w+/, 'cluster: { terraform: cluster }') }

  it('is rendered as it was written', async () => {
    const { code, out } = await steersman(['render', 'prod', '--path', await treeOf(files)])
    expect(code).toBe(0)
    expect(out).toMatch(/cluster:\s+terraform: cluster\n/)
  })

  it('has to be given for an offline diff', async () => {
    const directory = await treeOf({ ...files, 'live.json': '{}' })
    const paths = ['--release', `${directory}/releases/web.yaml`, '--live', `${directory}/live.json`]
    const { code, err } = await steersman(['diff', ...paths])
    expect(code).toBe(1)
    expect(err).toMatch(
      /\/spec\/service\/cluster is held by the Terraform output cluster; give a copy of the file/,
    )
  })
})

describe('an offline diff', () => {
  const files = {
    'deploy/releases/web.yaml': release,
    'deploy/overlays/prod/web.yaml': 'spec: { service: { desiredCount: 6 } }\n',
    'prod.yaml': environment,
  }
  const service = (desiredCount: number): string =>
    JSON.stringify({ service: { serviceName: 'web-blue', status: 'ACTIVE', desiredCount } })
  const diff = async (live: string, more: readonly string[] = []) => {
    const directory = await treeOf({ ...files, 'live.json': live })
    const paths = ['--release', `${directory}/deploy/releases/web.yaml`, '--live', `${directory}/live.json`]
    return steersman(['diff', ...paths, ...more.map((each) => each.replace('{}', directory))])
  }

  it('is nothing, with exit code 0', async () => {
    expect(await diff(service(3))).toEqual({ code: 0, out: 'no differences\n', err: '' })
    expect((await diff(service(3), ['-o', 'json'])).out).toBe('[]\n')
  })

  it('is told with exit code 2', async () => {
    const { code, out } = await diff(service(5), ['-o', 'json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual([
      { path: '/service/desiredCount', wanted: 3, live: 5, owner: 'Steersman', class: 'service' },
    ])
    expect((await diff(service(5))).out).toBe(
      'PATH                    WANTED   LIVE   OWNER       CLASS\n/service/desiredCount   3        5      Steersman   service\n',
    )
  })

  it('heeds the overlay of the environment', async () => {
    expect((await diff(service(6), ['--environment', '{}/prod.yaml'])).code).toBe(0)
  })

  it.each([
    [
      ['diff', '--release', 'x'],
      'error: an offline diff compares two files; give --release FILE and --live FILE, and no name\n',
    ],
    [['diff', '--release', '/no', '--live', '/no'], 'error: there is no file /no; correct the path\n'],
    [
      ['diff', 'a/b/c', '--config', 'x'],
      'error: "a/b/c" names no release; give ENVIRONMENT or ENVIRONMENT/RELEASE, as prod/web\n',
    ],
  ])('%j is an error with exit code 1', async (args, err) => {
    expect(await steersman(args)).toEqual({ code: 1, out: '', err })
  })

  it('says that it compares no actions that are an output of Terraform, and compares the rest', async () => {
    const later = release.concat('    actions: { terraform: web_actions }\n')
    const directory = await treeOf({
      'releases/web.yaml': later,
      'overlays/prod/web.yaml': 'spec: { service: { desiredCount: 6 } }\n',
      'prod.yaml': environment,
      'live.json': service(5),
    })
    const paths = ['--release', `${directory}/releases/web.yaml`, '--live', `${directory}/live.json`]
    const { code, out, err } = await steersman([
      'diff',
      ...paths,
      '--environment',
      `${directory}/prod.yaml`,
      '-o',
      'json',
    ])
    expect(code).toBe(2)
    expect(err).toBe(
      'warning: actions beside forward are in the Terraform output web_actions, so none of them is compared; `steersman diff ENVIRONMENT` compares them\n',
    )
    expect(JSON.parse(out)).toMatchObject([{ path: '/service/desiredCount', wanted: 6, live: 5 }])
  })

  it('refuses a live state that is none', async () => {
    expect(await diff('{"services": []}')).toMatchObject({ code: 1, out: '' })
    expect((await diff('nonsense')).err).toContain('is not JSON; give a live state as JSON')
  })

  it('refuses a release with issues', async () => {
    const directory = await treeOf({ 'web.yaml': 'kind: x\n', 'live.json': '{}' })
    const { code, err } = await steersman([
      'diff',
      '--release',
      `${directory}/web.yaml`,
      '--live',
      `${directory}/live.json`,
    ])
    expect(code).toBe(1)
    expect(err).toContain('web.yaml:1:7 /kind')
  })
})
