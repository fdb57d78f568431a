import { describe, expect, test } from 'vitest'
import { checkedBehavior, createImages, imageReference } from '../../controller/sandbox/images.ts'

describe('imageReference', () => {
  test.each([
    ['web', { repository: 'web', tag: 'latest' }],
    ['web:v1', { repository: 'web', tag: 'v1' }],
    ['shop/web:v1', { repository: 'shop/web', tag: 'v1' }],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:v1', { repository: 'shop/web', tag: 'v1' }],
    ['localhost:5000/web', { repository: 'web', tag: 'latest' }],
    ['web@sha256:ab', { repository: 'web', tag: 'latest', digest: 'sha256:ab' }],
    ['web:v1@sha256:ab', { repository: 'web', tag: 'v1', digest: 'sha256:ab' }],
  ])('takes %s apart', (image, expected) => {
    expect(imageReference(image)).toEqual(expected)
  })
})

describe('createImages', () => {
  test('finds an image by the digest of its tag, once it was spoken of', () => {
    const images = createImages()
    const digest = images.find('web:v1')?.digest ?? ''
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(images.find(`web@${digest}`)).toEqual({ repository: 'web', tag: 'v1', digest })
    expect(images.find(`other@${digest}`)).toBeUndefined()
    expect(images.find(`web@sha256:${'0'.repeat(64)}`)).toBeUndefined()
  })

  test('keeps behaviours through a dump', () => {
    const images = createImages()
    images.set('registry.example.com/web:v1', { status: 500 })
    const other = createImages()
    other.load(JSON.parse(JSON.stringify(images.dump())))
    expect(other.behaviorOf('web:v1')).toEqual({ status: 500 })
    expect(other.list()).toEqual([{ image: 'web:v1', behavior: { status: 500 } }])
  })

  test('does not find an image that is missing', () => {
    const images = createImages()
    images.set('web:v9', { missing: true })
    expect(images.find('web:v9')).toBeUndefined()
    expect(images.tagOf('web:v9')).toBe('v9')
  })
})

describe('checkedBehavior', () => {
  test.each<[unknown, string]>([
    [null, 'behavior must be an object'],
    [[], 'behavior must be an object'],
    [{ colour: 'blue' }, 'behavior.colour is not known'],
    [{ constructor: 1 }, 'behavior.constructor is not known'],
    [{ startSeconds: -1 }, 'behavior.startSeconds must be a number of seconds'],
    [{ startSeconds: '1' }, 'behavior.startSeconds must be a number of seconds'],
    [{ status: 99 }, 'behavior.status must be an HTTP status'],
    [{ health: 200 }, 'behavior.health must be'],
    [{ health: { status: 200, path: '/' } }, 'behavior.health must be'],
    [{ missing: 'yes' }, 'behavior.missing must be true or false'],
    [{ scan: { status: 'DONE' } }, 'behavior.scan must be'],
    [{ scan: { findings: { HIGH: -1 } } }, 'behavior.scan must be'],
    [{ scan: { counts: {} } }, 'behavior.scan must be'],
    [{ command: '' }, 'behavior.command must be a shell command'],
  ])('refuses %j with a sentence', (behavior, sentence) => {
    expect(() => checkedBehavior(behavior)).toThrow(sentence)
  })
})
