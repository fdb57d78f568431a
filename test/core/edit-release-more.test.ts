import { describe, expect, it } from 'vitest'
import { editJson } from '../../controller/core/edit-release/json.ts'
import { editYaml } from '../../controller/core/edit-release/yaml.ts'

const pin = { rollout: 3, reason: 'worse' }
const line = 'pin: { rollout: 3, reason: "worse" }'

describe('the pin of a JSON document', () => {
  it.each([
    ['is added on one line where all is on one', '{"spec":{"a":1}}', pin, '{"spec":{"a":1,"pin":PIN}}'],
    ['makes a spec where there is none', '{"kind":"Release"}', pin, '{"kind":"Release","spec":{"pin":PIN}}'],
    ['makes a spec of what is no object', '{"spec":null}', pin, '{"spec":{"pin":PIN}}'],
    [
      'is taken away, and nothing else',
      '{"spec":{"a":1,"pin":{"rollout":1}}}',
      undefined,
      '{"spec":{"a":1}}',
    ],
    [
      'leaves the text as it was when it says so',
      '{ "spec":{ "pin":PIN } }',
      pin,
      '{ "spec":{ "pin":PIN } }',
    ],
    ['leaves the text as it was when none is there', '{ "spec": {} }', undefined, '{ "spec": {} }'],
    ['keeps tabs', '{\n\t"spec": {}\n}', null, '{\n\t"spec": {\n\t\t"pin": null\n\t}\n}'],
    [
      'is indented by two where lines have no indentation',
      '{\n"spec": {}\n}\n',
      null,
      '{\n  "spec": {\n    "pin": null\n  }\n}\n',
    ],
  ])('%s', (_, text, wanted, expected) => {
    const withPin = (each: string): string => each.replace('PIN', JSON.stringify(pin))
    expect(editJson({ text: withPin(text), pin: wanted })).toBe(withPin(expected))
  })
})

describe('the pin of a YAML document', () => {
  it.each([
    ['makes a spec after the last line', 'a: 1', pin, `a: 1\nspec:\n  ${line}\n`],
    ['makes a spec after a member without a value', 'a:\n', pin, `a:\nspec:\n  ${line}\n`],
    [
      'makes a spec before the next document',
      'a: 1\n---\nb: 2\n',
      pin,
      `a: 1\nspec:\n  ${line}\n---\nb: 2\n`,
    ],
    ['changes nothing without a spec to take it from', 'a:   1\n', undefined, 'a:   1\n'],
    ['changes nothing without a pin to take away', 'spec:\n  a:   1\n', undefined, 'spec:\n  a:   1\n'],
    [
      'is taken away with its line',
      `spec:\n  a:   1\n  ${line}\nb: 1\n`,
      undefined,
      'spec:\n  a:   1\nb: 1\n',
    ],
    ['is taken away at the end of the text', `spec:\n  a:   1\n  ${line}`, undefined, 'spec:\n  a:   1\n'],
    ['replaces one without a value', 'spec:\n  pin:\n  a: 1\n', pin, `spec:\n  ${line}\n  a: 1\n`],
    ['goes into an empty document on one line', '{}\n', null, '{ spec: { pin: null } }\n'],
    ['goes into an empty spec', 'spec: {}\n', null, 'spec: { pin: null }\n'],
    [
      'goes past documents that are empty or null',
      '# nothing\n---\n~\n---\nspec:\n  a:   1\n---\nnull\n',
      pin,
      `# nothing\n---\n~\n---\nspec:\n  ${line}\n  a:   1\n---\nnull\n`,
    ],
    [
      'replaces one of many lines up to its last',
      'spec:\n  pin:\n    rollout: 3\n    reason: old\n    by: ana\n  a:   1\n',
      pin,
      `spec:\n  ${line}\n  a:   1\n`,
    ],
    [
      'makes a spec after the last line of several',
      'a:\n  b: 1\n  c: 2\n  d:   3\n',
      pin,
      `a:\n  b: 1\n  c: 2\n  d:   3\nspec:\n  ${line}\n`,
    ],
    [
      'is written anew where its key is marked as one',
      'spec:\n  ? pin\n  : { rollout: 1 }\n  a:   1\n',
      pin,
      'spec:\n  pin:\n    rollout: 3\n    reason: worse\n  a: 1\n',
    ],
    [
      'goes last into a document on one line',
      '{ spec: { a: 1 } }\n',
      pin,
      '{ spec: { a: 1, pin: { rollout: 3, reason: worse } } }\n',
    ],
    [
      'is written anew without folding a long text',
      '{ spec: {} }\n',
      { rollout: 3, reason: 'word '.repeat(40).trim() },
      `{ spec: { pin: { rollout: 3, reason: ${'word '.repeat(40).trim()} } } }\n`,
    ],
    [
      'is taken out of a spec on one line',
      'spec: { pin: { rollout: 1 }, a: 1 }\nb:   1\n',
      undefined,
      'spec: { a: 1 }\nb: 1\n',
    ],
    [
      'is taken out of a spec that holds nothing else',
      'spec:\n  pin: { rollout: 1 }\n',
      undefined,
      'spec: {}\n',
    ],
    ['goes into what is no object', 'spec: 1\n', null, 'spec:\n  pin: null\n'],
    ['goes into what is a list', '- a\n', undefined, '- a\n'],
  ])('%s', (_, text, wanted, expected) => {
    expect(editYaml({ text, index: 0, pin: wanted })).toBe(expected)
  })
})
