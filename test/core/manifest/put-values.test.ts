import { describe, expect, it } from 'vitest'

import {
  findOutputReferences,
  putValues,
  withReferences,
  withStandIns,
} from '../../../controller/core/manifest/output-references.ts'

describe('a value that is put at its pointer', () => {
  it.each<[what: string, document: unknown, path: string, expected: unknown]>([
    ['replaces a document', { a: 1 }, '', 'x'],
    ['replaces a member of an object', { a: { b: 1, c: 2 } }, '/a/b', { a: { b: 'x', c: 2 } }],
    ['replaces an item of a list alone', { a: [1, 2, 3] }, '/a/1', { a: [1, 'x', 3] }],
    ['replaces a member of an item', [{ a: 1 }, { a: 2 }], '/0/a', [{ a: 'x' }, { a: 2 }]],
    ['leaves what has no members as it is', { a: 'text' }, '/a/b', { a: 'text' }],
    ['leaves a list without that item as it is', { a: [1] }, '/a/7', { a: [1] }],
  ])('%s', (_what, document, path, expected) => {
    expect(putValues(document, [{ path, value: 'x' }])).toEqual(expected)
  })
})

describe('references in a list of rules', () => {
  const document = {
    spec: {
      service: { cluster: { terraform: 'cluster' }, name: { terraform: 'a', more: 'b' } },
      traffic: { rules: [{ ruleArn: 'arn:1' }, { ruleArn: { terraform: 'rule' } }] },
    },
  }
  const references = findOutputReferences(document)

  it('are found by their place, and nothing else is one', () => {
    expect(references).toEqual([
      { path: '/spec/service/cluster', output: 'cluster' },
      { path: '/spec/traffic/rules/1/ruleArn', output: 'rule' },
    ])
  })

  it('are stood in for by a rule’s ARN in a rule, and come back as they were', () => {
    const stood = withStandIns<unknown>(document, references)
    expect(stood).toMatchObject({
      spec: {
        service: { cluster: expect.stringMatching(/^output-[0-9a-f]{12}$/) as unknown },
        traffic: {
          rules: [
            { ruleArn: 'arn:1' },
            {
              ruleArn: expect.stringMatching(
                /^arn:aws:elasticloadbalancing:::listener-rule\/app\/output-[0-9a-f]{12}$/,
              ) as unknown,
            },
          ],
        },
      },
    })
    expect(withReferences(stood, references)).toEqual(document)
  })
})
