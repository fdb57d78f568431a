import { describe, expect, it } from 'vitest'

import { editPin } from '../../../controller/core/edit-release.ts'
import type { Pin } from '../../../controller/resources/types.ts'
import { file } from '../manifest/files.ts'

const pin: Pin = { rollout: 3, reason: 'worse' }
const base = (...names: readonly string[]): string =>
  names.map((name) => `kind: Release\nmetadata: { name: ${name} }\nspec: { a: 1 }\n`).join('---\n')

/** Pins release web of environment prod, whose only base file is web.yaml. */
const edit = (
  overlay: string | undefined,
  {
    bases = base('web'),
    wanted = pin,
    overlayFile = 'web.yaml',
    baseFile = 'web.yaml',
    path = 'deploy',
    release = 'web',
  }: {
    readonly bases?: string
    readonly wanted?: Pin | null
    readonly overlayFile?: string
    readonly baseFile?: string
    readonly path?: string
    readonly release?: string
  } = {},
) => {
  const folder = path === '.' ? '' : `${path}/`
  const overlays = overlay === undefined ? [] : [file(`${folder}overlays/prod/${overlayFile}`, overlay)]
  const files = [file(`${folder}releases/${baseFile}`, bases), ...overlays]
  return editPin({ files, path, environment: 'prod', release, pin: wanted })
}

const overlayIssue = (code: string, message: string) => ({
  file: 'deploy/overlays/prod/web.yaml',
  line: 1,
  column: 1,
  path: '',
  code,
  message,
})

describe('a pin is refused', () => {
  const missing = (message: string) => ({
    ...overlayIssue('ReleaseMissing', message),
    file: 'deploy/releases',
  })

  it.each([
    ['names all that there are', base('api', 'cron'), 'expected one of api, cron'],
    [
      'names ten of many',
      base(...Array.from({ length: 12 }, (_, index) => `r${index}`)),
      'expected one of r0, r1, r2, r3, r4, r5, r6, r7, r8, r9',
    ],
    ['asks for one where there is none', '# nothing\n', 'expected a Release there'],
    ['passes over what has no name', `kind: Release\n---\n${base('api')}`, 'expected one of api'],
  ])('for a release that is not there, and %s', (_what, bases, expected) => {
    expect(edit(undefined, { bases })).toEqual(missing(`there is no release "web"; ${expected}`))
  })

  it('where two documents of the overlay are for the release', () => {
    const text = 'metadata: { name: web }\n---\nmetadata: { name: web }\n'
    expect(edit(text)).toEqual(
      overlayIssue(
        'DuplicateName',
        'the overlay has several documents for web, and the last would hide the pin of another; expected one',
      ),
    )
  })

  it('where the overlay can be read but not edited', () => {
    const message =
      'the overlay is written in a way that can be read but not edited; expected plain YAML with a line feed after each line'
    expect(edit('metadata: { name: web }\rspec: { a: 1 }\r')).toEqual(overlayIssue('NotEditable', message))
  })

  it('where a document of others can be read but not edited', () => {
    const text = 'metadata: { name: web }\n---\nmetadata: { name: api }\rspec: { a: 1 }\r'
    expect(edit(text)).toMatchObject({ code: 'NotEditable' })
  })

  it('where the overlay is JSON for another release', () => {
    const text = JSON.stringify({ metadata: { name: 'api' } })
    expect(edit(text)).toEqual(
      overlayIssue(
        'OverlayWithoutBase',
        'the overlay has no document for web, and a JSON file holds only one; expected an overlay in YAML',
      ),
    )
  })

  it('with the first thing that is wrong in the overlay', () => {
    expect(edit('metadata: { name: web }\nspec: { a: 1, a: 2 }\n')).toMatchObject({
      code: 'DuplicateKey',
      line: 2,
      path: '/spec/a',
    })
  })
})

describe('the overlay that a pin goes into', () => {
  const fresh = 'metadata:\n  name: web\nspec:\n  pin:\n    rollout: 3\n    reason: worse\n'

  it.each([
    ['below a folder', {}, 'deploy/overlays/prod/web.yaml', fresh],
    ['at the root', { path: '.' }, 'overlays/prod/web.yaml', fresh],
    ['in a folder of its own', { baseFile: 'team/a.yml' }, 'deploy/overlays/prod/team/a.yml', fresh],
    [
      'in JSON, whatever the case of its ending',
      { baseFile: 'web.JSON', bases: '{"metadata":{"name":"web"}}' },
      'deploy/overlays/prod/web.JSON',
      `${JSON.stringify({ metadata: { name: 'web' }, spec: { pin } }, undefined, 2)}\n`,
    ],
  ])('is made where there is none: %s', (_what, options, path, text) => {
    expect(edit(undefined, options)).toEqual({ path, text })
  })

  it('is not folded, however long the reason', () => {
    const reason = 'word '.repeat(60).trim()
    expect(edit(undefined, { wanted: { rollout: 3, reason } })).toMatchObject({
      text: fresh.replace('worse', reason),
    })
  })

  it('may name no release where its base has one only', () => {
    expect(edit('spec:\n  a: 1\n')).toMatchObject({
      text: 'spec:\n  pin: { rollout: 3, reason: "worse" }\n  a: 1\n',
    })
  })

  it('gets a document of its own for the release where its base has several and it names none', () => {
    expect(edit('spec:\n  a: 1\n', { bases: base('api', 'web') })).toMatchObject({
      path: 'deploy/overlays/prod/web.yaml',
      text: `spec:\n  a: 1\n---\n${fresh}`,
    })
  })

  it('stays as it is where there is no pin to take away', () => {
    expect(edit('metadata: { name: api }\n', { wanted: null })).toEqual({
      path: 'deploy/overlays/prod/web.yaml',
      text: 'metadata: { name: api }\n',
    })
  })

  it.each([
    ['with another one, member by member', pin, 'taskDefinition: null'],
    ['with none', null, 'pin: null'],
  ])('covers the pin of its base %s', (_what, wanted, expected) => {
    const bases = 'metadata: { name: web }\nspec: { pin: { taskDefinition: arn, reason: old } }\n'
    expect(edit(undefined, { bases, wanted })).toMatchObject({
      text: expect.stringContaining(expected) as unknown,
    })
  })

  it('says its own members, not null, where its base has them too', () => {
    const bases = 'metadata: { name: web }\nspec: { pin: { rollout: 1, reason: old } }\n'
    expect(edit(undefined, { bases })).toMatchObject({ text: fresh })
  })

  it('does not cover the pin of another release of its base', () => {
    const bases = `metadata: { name: api }\nspec: { pin: { taskDefinition: arn } }\n---\n${base('web')}`
    expect(edit(undefined, { bases })).toMatchObject({ text: fresh })
  })

  it('may be an empty file', () => {
    expect(edit('')).toMatchObject({ text: fresh })
  })

  it('needs nothing where its base says null, which is no pin', () => {
    const bases = 'metadata: { name: web }\nspec: { pin: null }\n'
    expect(edit(undefined, { bases, wanted: null })).toEqual({
      path: 'deploy/releases/web.yaml',
      text: bases,
    })
  })

  it('keeps the pin that it says already, to the letter', () => {
    const text = 'spec: { pin: { "rollout": 3, reason: worse } }\n'
    expect(edit(text)).toEqual({ path: 'deploy/overlays/prod/web.yaml', text })
  })
})
