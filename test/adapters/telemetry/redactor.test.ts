import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../../controller/adapters/telemetry/redactor.ts'

describe('what looks like a secret', () => {
  it.each([
    ['key AKIAIOSFODNN7EXAMPLE used', 'key [redacted] used'],
    ['Authorization: Bearer abc.def-123', 'Authorization: [redacted]'],
    ['authorization: "Basic dXNlcjpwYXNz", next', 'authorization: "[redacted]", next'],
    ['sent Bearer abc.def-123 to', 'sent Bearer [redacted] to'],
    ['a bearer token is missing', 'a bearer token is missing'],
    ['git clone https://user:p%40ss@host/repo.git', 'git clone https://[redacted]@host/repo.git'],
    ['postgres://app:p@ss!@db:5432/x?y=a@b', 'postgres://[redacted]@db:5432/x?y=a@b'],
    ['ssh://git@github.com/acme/shop.git', 'ssh://[redacted]@github.com/acme/shop.git'],
    ['password=hunter2 user=x', 'password=[redacted] user=x'],
    ['DB_PASSWORD: "hunter 2", x: 1', 'DB_PASSWORD: [redacted], x: 1'],
    ['{"db_password":"hunter \\"2","a":1}', '{"db_password":[redacted],"a":1}'],
    ['"{\\"token\\":\\"abc\\",\\"a\\":1}"', '"{\\"token\\":[redacted],\\"a\\":1}"'],
    ['?X-Amz-Security-Token=abc%2Fdef&X-Amz-Date=1', '?X-Amz-Security-Token=[redacted]&X-Amz-Date=1'],
    ['aws_secret_access_key = wJalr/XUtn+FEMI', 'aws_secret_access_key = [redacted]'],
    [`session IQoJ${'a'.repeat(60)} end`, 'session [redacted] end'],
    [`ghp_${'a'.repeat(36)}`, '[redacted]'],
    ['https://hooks.slack.com/services/T0/B0/xyz', 'https://hooks.slack.com/services/[redacted]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def', '[redacted]'],
    ['a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb', 'a\n[redacted]\nb'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\\nb3Blb', '[redacted]'],
    ['rollout prod-web-42 is Shifting: step 2 of 3', 'rollout prod-web-42 is Shifting: step 2 of 3'],
    [
      'web@sha256:0123456789abcdef at https://host/path?x=1',
      'web@sha256:0123456789abcdef at https://host/path?x=1',
    ],
  ])('%j becomes %j', (text, expected) => {
    expect(createRedactor().text(text)).toBe(expected)
  })

  it('is recognised by its key, unless the key only tells where the secret lies', () => {
    const copy = createRedactor().value({
      password: 'a',
      apiKey: 12,
      credentials: { user: 'a' },
      tokens: ['a'],
      tokenFrom: { env: 'TOKEN' },
      secretName: 'db',
      hasToken: true,
      cookie: null,
    })
    expect(copy).toEqual({
      password: '[redacted]',
      apiKey: '[redacted]',
      credentials: '[redacted]',
      tokens: '[redacted]',
      tokenFrom: { env: 'TOKEN' },
      secretName: 'db',
      hasToken: true,
      cookie: null,
    })
  })

  it.each([
    'password=',
    '://',
    'authorization: ',
    'eyJaaaaaaaaaa.',
    '-----BEGIN PRIVATE KEY-----',
    '"\\"',
    'token"',
  ])(
    'is looked for in time that grows with the text alone, also in many repetitions of %j',
    (part) => {
      expect(createRedactor().text(part.repeat(100_000 / part.length)).length).toBeGreaterThan(0)
    },
    5_000,
  )
})

describe('a registered secret', () => {
  const secret = fc.oneof(
    fc.string({ minLength: 4, maxLength: 40, unit: 'binary-ascii' }),
    fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }),
    fc.base64String({ minLength: 8, maxLength: 60 }),
    fc.webUrl({ withQueryParameters: true }),
    fc.stringMatching(/^[A-Za-z0-9/+]{40}$/),
  )
  const around = fc.string({ maxLength: 20 })

  it('never comes out, however it is nested, wrapped or encoded', () => {
    fc.assert(
      fc.property(secret.filter(isTellable), around, around, (planted, before, after) => {
        const redactor = createRedactor()
        redactor.register(planted)
        const text = `${before}${planted}${after}`
        const shown = [
          redactor.text(text),
          JSON.stringify(redactor.value(nested(text, planted))),
          redactor.text(encodeURIComponent(text)),
          redactor.text(
            `https://host/?q=${encodeURIComponent(planted)}&r=${encodeURIComponent(encodeURIComponent(planted))}`,
          ),
          redactor.text(new URLSearchParams({ q: planted }).toString()),
          redactor.text(JSON.stringify({ text })),
          redactor.text(JSON.stringify(JSON.stringify({ planted }))),
          redactor.text(Buffer.from(planted).toString('base64')),
          redactor.text(Buffer.from(planted).toString('hex')),
        ]
        for (const each of shown) expectAbsent(each, planted)
      }),
      { numRuns: 500 },
    )
  })

  it.each(['', 'x', 'xy', 'user:', 'longer-user:'])('is found in Basic credentials after %j', (user) => {
    const redactor = createRedactor()
    redactor.register('correct horse battery')
    const encoded = Buffer.from(`${user}correct horse battery`).toString('base64')
    expect(redactor.text(`got ${encoded}.`)).toContain('[redacted]')
    expect(redactor.text(`got ${encoded}.`)).not.toContain(encoded.slice(16, 24))
  })

  it('is found line by line, and in the path of a webhook', () => {
    const redactor = createRedactor()
    redactor.register('first line of it\nsecond line of it\n')
    redactor.register('https://chat.example.com/hooks/abcdefgh?key=1')
    expect(redactor.text('saw "second line of it"')).toBe('saw "[redacted]"')
    expect(redactor.text('chat.example.com refused POST /hooks/abcdefgh?key=1')).toBe(
      'chat.example.com refused POST [redacted]',
    )
  })

  it('leaves no rest of itself when it holds another one', () => {
    const redactor = createRedactor()
    redactor.register('abcd')
    redactor.register('abcdefgh')
    expect(redactor.text('abcdefgh')).toBe('[redacted]')
  })

  it('is forgotten when its last registration has ended', () => {
    const redactor = createRedactor()
    const first = redactor.register('expired-credential')
    const second = redactor.register('expired-credential')
    first()
    first()
    expect(redactor.text('expired-credential')).toBe('[redacted]')
    second()
    expect(redactor.text('expired-credential')).toBe('expired-credential')
  })

  it('is not cut in two at the end of a long text', () => {
    const redactor = createRedactor()
    redactor.register('s3cr3t-value-0123456789')
    for (let shift = 0; shift < 30; shift += 1) {
      const text = 's3cr3t-value-0123456789'.repeat(20_000).padStart(20_000 * 23 + shift, '.')
      expect(redactor.text(text)).not.toContain('s3cr')
    }
  })
})

describe('a copy', () => {
  it('keeps an error whole: message, stack, code, cause and the errors inside', () => {
    const error = new AggregateError([new Error('inner password=a')], 'outer', {
      cause: new Error('token=b'),
    })
    const copy = JSON.stringify(createRedactor().value({ error: Object.assign(error, { code: 'Conflict' }) }))
    expect(copy).toContain('inner password=[redacted]')
    expect(copy).toContain('token=[redacted]')
    expect(copy).toContain('"code":"Conflict"')
    expect(copy).toContain('"stack":"AggregateError: outer')
  })

  it('of anything at all can be written as JSON', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        expect(() => JSON.stringify(createRedactor().value(value))).not.toThrow()
      }),
    )
  })

  it('cuts cycles, depth, getters that throw and endless lists', () => {
    const cycle: Record<string, unknown> = { list: Array.from({ length: 600 }, () => 1) }
    cycle['self'] = cycle
    Object.defineProperty(cycle, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    let deep: unknown = 'bottom'
    for (let level = 0; level < 1_000; level += 1) deep = { deep }
    const copy = createRedactor().value({ cycle, deep, run: () => 1, url: new URL('https://u:p@h/') })
    expect(copy).toMatchObject({
      cycle: { self: '[circular]', bad: '[unreadable]' },
      run: '[function]',
      url: 'https://[redacted]@h/',
    })
    expect(JSON.stringify(copy)).toContain('[too deep]')
    expect(JSON.stringify(copy)).toContain('[100 more]')
  })
})

/** Too short, or found in what replaces it and in the words around it: such a secret can't be told from ordinary text. */
function isTellable(planted: string): boolean {
  const ordinary = `${JSON.stringify(nested('', ''))} [redacted] https://host/?q=&r= text planted stack`
  return planted.trim().length >= 4 && !ordinary.includes(planted.trim())
}

function nested(text: string, key: string): unknown {
  const error = Object.assign(new Error(text, { cause: new Error(`inner ${text}`) }), { detail: { text } })
  error.stack = `Error: ${text}\n    at here`
  return { text, list: [text, { [key]: text }], map: new Map([[text, new Set([text])]]), error, [key]: 1 }
}

function expectAbsent(shown: string, planted: string): void {
  expect(shown).not.toContain(planted)
  expect(shown).not.toContain(JSON.stringify(planted).slice(1, -1))
  expect(shown).not.toContain(encodeURIComponent(planted.toWellFormed()))
}
