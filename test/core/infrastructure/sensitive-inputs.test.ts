import { describe, expect, it } from 'vitest'

import type { ParsedModule } from '../../../controller/core/infrastructure/root/parsed.ts'
import {
  declaredVariables,
  sensitiveDefaults,
  sensitiveNames,
} from '../../../controller/core/infrastructure/root/variables.ts'
import { sensitiveInputs, sensitiveTexts } from '../../../controller/core/infrastructure/sensitive-texts.ts'
import { planOf } from './plans.ts'

/** A module of files with these variables each; undefined for a file without any. */
const moduleOf = (
  folder: string,
  ...files: readonly (Readonly<Record<string, unknown>> | undefined)[]
): ParsedModule => ({
  folder,
  files: files.map((variables, index) => ({
    path: `${folder}/${index}.tf`,
    blocks: variables === undefined ? {} : { variable: variables },
  })),
})
const root = moduleOf(
  'live',
  { password: [{ sensitive: true, default: 'root-default' }], region: [{ default: 'eu-west-1' }] },
  undefined,
  { keys: [{ sensitive: true }], count: [{ sensitive: false, default: 'not-secret' }] },
)
const inner = moduleOf('modules/db', { token: [{ sensitive: true, default: ['inner-default', 'abc'] }] })

describe('the variables of a module', () => {
  it('are those of all its files, by name', () => {
    expect(declaredVariables(root)).toEqual(['count', 'keys', 'password', 'region'])
    expect(declaredVariables(moduleOf('live', undefined))).toEqual([])
  })

  it('are sensitive where they say so', () => {
    expect(sensitiveNames(root)).toEqual(['password', 'keys'])
    expect(sensitiveDefaults(root)).toEqual(['root-default', undefined])
    expect(sensitiveNames(moduleOf('live', undefined))).toEqual([])
  })
})

describe('the texts of sensitive inputs', () => {
  it('are the defaults of every module, and what is given to the root', () => {
    const given = [
      { password: 'given-once', keys: { main: ['given-key', 12_345], off: true }, region: 'us-east-1' },
      { password: 'given-again', token: 'not of the root' },
    ]
    expect(sensitiveInputs([root, inner], given).toSorted()).toEqual(
      ['12345', 'given-again', 'given-key', 'given-once', 'inner-default', 'root-default'].toSorted(),
    )
  })

  it('are none where nothing is declared or given', () => {
    expect(sensitiveInputs([], [{ password: 'given' }])).toEqual([])
    expect(sensitiveInputs([moduleOf('live', undefined)], [])).toEqual([])
  })

  it('are not those that could be ordinary words', () => {
    expect(sensitiveInputs([root], [{ password: 'abc' }, { password: '' }, { keys: null }])).toEqual([
      'root-default',
    ])
  })
})

describe('the sensitive texts of a plan', () => {
  it.each<readonly [title: string, more: Readonly<Record<string, unknown>>]>([
    ['entries that are no objects', { resource_changes: ['x', null, 7] }],
    ['entries without a change', { resource_changes: [{ address: 'a' }], resource_drift: {} }],
    ['outputs that are no objects', { output_changes: { url: 'planted', other: null } }],
    ['outputs that are no map', { output_changes: 'planted' }],
    ['variables that are declared as a text', { configuration: { root_module: { variables: 'planted' } } }],
    ['a module that is a text', { configuration: { root_module: 'planted' } }],
    ['a configuration that is a text', { configuration: 'planted' }],
    [
      'a variable that was not given',
      { configuration: { root_module: { variables: { key: { sensitive: true }, odd: 'planted' } } } },
    ],
    [
      'a variable that was given as a text',
      {
        configuration: { root_module: { variables: { key: { sensitive: true } } } },
        variables: { key: 'planted' },
      },
    ],
    ['a mark that does not fit its value', drifted({ inner: ['planted'] }, { inner: 'yes' })],
    ['a mark on a value without a text', drifted({ inner: [true, null] }, true)],
  ])('are none of %s', (_title, more) => {
    expect(sensitiveTexts(planOf([], more))).toEqual([])
  })

  it('are those that drift, too', () => {
    expect(sensitiveTexts(planOf([], drifted({ inner: ['planted', 'open'] }, { inner: [true] })))).toEqual([
      'planted',
    ])
  })

  it('are at most five thousand', () => {
    const many = Array.from({ length: 5_001 }, (_, index) => `secret-${index}`)
    const texts = sensitiveTexts(planOf([], drifted({ many }, true)))
    expect(texts).toHaveLength(5_000)
    expect(texts[0]).toBe('secret-0')
  })
})

function drifted(before: unknown, marks: unknown): Readonly<Record<string, unknown>> {
  return { resource_drift: [{ change: { before, before_sensitive: marks } }] }
}
