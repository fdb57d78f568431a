import { describe, expect, test } from 'vitest'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { ecsWorld } from '../support/ecs-world.ts'

const TableName = 'state'
const key = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } })
const refused = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error

function world() {
  const aws = ecsWorld()
  const dynamo = (operation: string, input: Members = {}): Members =>
    aws.call('dynamodb', operation, {
      ...(operation === 'TransactWriteItems' ? {} : { TableName }),
      ...input,
    })
  const make = () =>
    dynamo('CreateTable', {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    })
  make()
  const put = (item: Members, more: Members = {}) => dynamo('PutItem', { Item: item, ...more })
  const get = (pk: string, sk: string) =>
    dynamo('GetItem', { Key: key(pk, sk), ConsistentRead: true })['Item']
  return { aws, dynamo, put, get, make }
}

/** Whether a condition lets an item with these attributes be written over. */
function holds(condition: string, attributes: Members, values: Members = {}, names: Members = {}): boolean {
  const { put } = world()
  put({ ...key('a', '1'), ...attributes })
  try {
    put(key('a', '1'), {
      ConditionExpression: condition,
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    })
    return true
  } catch (error) {
    if ((error as { code: string }).code === 'ConditionalCheckFailedException') return false
    throw error
  }
}

describe('tables', () => {
  test('are made once, described, and removed with their items', () => {
    const { dynamo, put, get } = world()
    expect(dynamo('DescribeTable')['Table']).toMatchObject({ TableStatus: 'ACTIVE', TableName })
    expect(() => dynamo('CreateTable')).toThrow(refused('ResourceInUseException'))
    put(key('a', '1'))
    dynamo('DeleteTable')
    expect(() => get('a', '1')).toThrow(refused('ResourceNotFoundException'))
  })

  test('keep what they hold through a dump', () => {
    const { aws, put } = world()
    put({ ...key('a', '1'), text: { S: 'kept' } })
    const other = ecsWorld()
    other.world.load(JSON.parse(JSON.stringify(aws.world.dump())))
    expect(other.call('dynamodb', 'GetItem', { TableName, Key: key('a', '1') })['Item']).toMatchObject({
      text: { S: 'kept' },
    })
  })
})

describe('conditions', () => {
  test.each([
    ['attribute_exists(n)', { n: { N: '1' } }, {}, true],
    ['attribute_exists(n)', {}, {}, false],
    ['attribute_not_exists(n)', {}, {}, true],
    ['n = :n', { n: { N: '1.0' } }, { ':n': { N: '1' } }, true],
    ['n = :n', { n: { S: '1' } }, { ':n': { N: '1' } }, false],
    ['n <> :n', {}, { ':n': { N: '1' } }, true],
    ['n > :n', { n: { N: '10' } }, { ':n': { N: '9' } }, true],
    ['n > :n', { n: { S: '10' } }, { ':n': { S: '9' } }, false],
    ['n < :n', {}, { ':n': { N: '1' } }, false],
    ['n BETWEEN :a AND :b', { n: { N: '5' } }, { ':a': { N: '1' }, ':b': { N: '5' } }, true],
    ['n IN (:a, :b)', { n: { N: '5' } }, { ':a': { N: '1' }, ':b': { N: '5' } }, true],
    ['begins_with(n, :n)', { n: { S: 'abc' } }, { ':n': { S: 'ab' } }, true],
    ['contains(n, :n)', { n: { SS: ['ab', 'c'] } }, { ':n': { S: 'ab' } }, true],
    ['size(n) >= :n', { n: { S: 'abc' } }, { ':n': { N: '3' } }, true],
    ['n.inner = :n', { n: { M: { inner: { BOOL: true } } } }, { ':n': { BOOL: true } }, true],
    ['NOT n = :n AND attribute_exists(pk)', { n: { N: '2' } }, { ':n': { N: '1' } }, true],
    [
      'n = :n OR (n = :m AND attribute_not_exists(pk))',
      { n: { N: '2' } },
      { ':n': { N: '1' }, ':m': { N: '2' } },
      false,
    ],
    ['n >= :n', { n: { N: '9007199254740993' } }, { ':n': { N: '9007199254740994' } }, false],
  ])('%s of %j with %j', (condition, attributes, values, expected) => {
    expect(holds(condition, attributes, values)).toBe(expected)
  })

  test.each([
    ['n =', 'Syntax error'],
    ['n = :n n', 'Syntax error'],
    ['(n = :n', 'Syntax error'],
    ['n = :other', 'is not defined'],
    ['#x = :n', 'is not defined'],
    ['unheard_of(n)', 'Invalid function name'],
    ['attribute_exists(n)', 'unused'],
    ['version = :n', 'reserved keyword'],
    ['n ? :n', 'Syntax error'],
  ])('refuses %s', (condition, message) => {
    expect(() => holds(condition, {}, { ':n': { N: '1' } })).toThrow(refused('ValidationException', message))
  })

  test('names in # are replaced, and a delete looks at its condition too', () => {
    const { dynamo, put, get } = world()
    put({ ...key('a', '1'), version: { N: '1' } })
    const condition = (version: string) => ({
      Key: key('a', '1'),
      ConditionExpression: '#v = :v',
      ExpressionAttributeNames: { '#v': 'version' },
      ExpressionAttributeValues: { ':v': { N: version } },
    })
    expect(() => dynamo('DeleteItem', condition('2'))).toThrow(refused('ConditionalCheckFailedException'))
    expect(get('a', '1')).toBeDefined()
    dynamo('DeleteItem', condition('1'))
    expect(get('a', '1')).toBeUndefined()
  })
})

describe('items', () => {
  test('hold at most 400 KB, in bytes of names and values', () => {
    const { put } = world()
    const rest = 'pk'.length + 'a'.length + 'sk'.length + '1'.length + 'text'.length
    const text = (bytes: number) => ({ text: { S: 'é'.repeat(bytes / 2) } })
    put({ ...key('a', '1'), ...text(400 * 1024 - rest) })
    expect(() => put({ ...key('a', '1'), ...text(400 * 1024 - rest + 2) })).toThrow(
      refused('ValidationException', 'Item size'),
    )
  })

  test.each([
    [{ pk: { S: 'a' } }, 'Missing the key sk'],
    [{ ...key('a', '') }, 'empty string'],
    [{ ...key('a', '1'), n: {} }, 'exactly one'],
    [{ ...key('a', '1'), n: { N: 'one' } }, 'numeric'],
    [{ ...key('a', '1'), n: { S: '1', N: '1' } }, 'has more than one'],
  ])('refuses the item %j', (item, message) => {
    expect(() => world().put(item)).toThrow(refused('ValidationException', message))
  })

  test('are shown by their expiry until they are removed an hour later', () => {
    const { aws, dynamo, put, get } = world()
    dynamo('UpdateTimeToLive', { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } })
    put({ ...key('a', '1'), expiresAt: { N: String(aws.clock.now() / 1_000 + 60) } })
    aws.clock.advance(3_600_000)
    expect(get('a', '1')).toBeDefined()
    aws.clock.advance(61_000)
    expect(get('a', '1')).toBeUndefined()
    expect(dynamo('DescribeTimeToLive')['TimeToLiveDescription']).toMatchObject({
      AttributeName: 'expiresAt',
    })
  })

  test('are read as they were under a fault of staleness, unless the read is consistent', () => {
    const { aws, dynamo, put, get } = world()
    put({ ...key('a', '1'), n: { N: '1' } })
    aws.clock.advance(10_000)
    put({ ...key('a', '1'), n: { N: '2' } })
    aws.world.faults.add({ service: 'dynamodb', operation: 'GetItem', staleForMs: 5_000 })
    expect(dynamo('GetItem', { Key: key('a', '1') })['Item']).toMatchObject({ n: { N: '1' } })
    expect(get('a', '1')).toMatchObject({ n: { N: '2' } })
  })
})

describe('queries', () => {
  const partition = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'a' } } }
  const names = (answer: Members) =>
    (answer['Items'] as { sk: { S: string } }[]).map(({ sk }) => sk.S).join(' ')

  test('give a partition in the order of its range keys, page by page, either way', () => {
    const { dynamo, put } = world()
    for (const sk of ['2', '1', '3', '10']) put(key('a', sk))
    put(key('b', '1'))
    expect(names(dynamo('Query', partition))).toBe('1 10 2 3')
    expect(names(dynamo('Query', { ...partition, ScanIndexForward: false, Limit: 3 }))).toBe('3 2 10')
    const first = dynamo('Query', { ...partition, Limit: 2 })
    expect(first).toMatchObject({ Count: 2, LastEvaluatedKey: key('a', '10') })
    const rest = dynamo('Query', { ...partition, ExclusiveStartKey: first['LastEvaluatedKey'] })
    expect(names(rest)).toBe('2 3')
    expect(rest['LastEvaluatedKey']).toBeUndefined()
  })

  test('go on either way after an item that is gone by now', () => {
    const { dynamo, put } = world()
    for (const sk of ['1', '2', '3', '4']) put(key('a', sk))
    dynamo('DeleteItem', { Key: key('a', '2') })
    const after = { ...partition, ExclusiveStartKey: key('a', '2') }
    expect(names(dynamo('Query', after))).toBe('3 4')
    expect(names(dynamo('Query', { ...after, ScanIndexForward: false }))).toBe('1')
  })

  test('show what was written last, in its place, also of a world that was loaded', () => {
    const { aws, dynamo, put } = world()
    for (const n of ['1', '2']) for (const sk of ['2', '1']) put({ ...key('a', sk), n: { N: n } })
    const other = ecsWorld()
    other.world.load(JSON.parse(JSON.stringify(aws.world.dump())))
    const wanted = ['1', '2'].map((sk) => ({ ...key('a', sk), n: { N: '2' } }))
    expect(dynamo('Query', partition)['Items']).toEqual(wanted)
    expect(other.call('dynamodb', 'Query', { TableName, ...partition })['Items']).toEqual(wanted)
  })

  test('show the partition as it was under a fault of staleness, unless they are consistent', () => {
    const { aws, dynamo, put } = world()
    for (const sk of ['2', '1']) put(key('a', sk))
    put(key('b', '1'))
    aws.clock.advance(10_000)
    put(key('a', '3'))
    aws.world.faults.add({ service: 'dynamodb', operation: 'Query', staleForMs: 5_000 })
    expect(names(dynamo('Query', partition))).toBe('1 2')
    expect(names(dynamo('Query', { ...partition, ConsistentRead: true }))).toBe('1 2 3')
  })

  test('are of a table that was made anew without what it held before', () => {
    const { dynamo, put, make } = world()
    put(key('a', '1'))
    dynamo('DeleteTable')
    make()
    expect(dynamo('Query', partition)).toMatchObject({ Count: 0 })
  })

  test('order texts by their bytes', () => {
    const { dynamo, put } = world()
    for (const sk of ['\u{1f600}', '\uff5e', 'b', 'B']) put(key('a', sk))
    expect(names(dynamo('Query', partition))).toBe('B b \uff5e \u{1f600}')
  })

  test('name the hash key', () => {
    const { dynamo } = world()
    const byRange = { ...partition, KeyConditionExpression: 'sk = :pk' }
    expect(() => dynamo('Query', byRange)).toThrow(refused('ValidationException', 'key schema element: pk'))
  })

  test('end a page at a megabyte, and filter after that', () => {
    const { dynamo, put } = world()
    for (const sk of ['1', '2', '3', '4']) put({ ...key('a', sk), text: { S: 'x'.repeat(390_000) } })
    const filtered = { ...partition, FilterExpression: 'sk > :pk' }
    expect(names(dynamo('Query', partition))).toBe('1 2 3')
    expect(dynamo('Query', filtered)).toMatchObject({ Count: 0, ScannedCount: 3 })
  })

  test('several items are read by their keys', () => {
    const { dynamo, put } = world()
    put(key('a', '1'))
    const Keys = [key('a', '1'), key('a', '2')]
    expect(dynamo('BatchGetItem', { RequestItems: { [TableName]: { Keys } } })).toEqual({
      Responses: { [TableName]: [key('a', '1')] },
      UnprocessedKeys: {},
    })
    const many = Array.from({ length: 101 }, (_, index) => key('a', String(index)))
    expect(() => dynamo('BatchGetItem', { RequestItems: { [TableName]: { Keys: many } } })).toThrow(
      refused('ValidationException', 'Too many items'),
    )
  })
})

describe('transactions', () => {
  const absent = { ConditionExpression: 'attribute_not_exists(pk)' }
  const putting = (sk: string, more: Members = {}) => ({ Put: { TableName, Item: key('a', sk), ...more } })

  test('happen as a whole, or say of each write why not', () => {
    const { dynamo, put, get } = world()
    put(key('a', '2'))
    const both = { TransactItems: [putting('1'), putting('2', absent)] }
    expect(() => dynamo('TransactWriteItems', both)).toThrow(
      expect.objectContaining({
        code: 'TransactionCanceledException',
        members: {
          CancellationReasons: [
            { Code: 'None' },
            { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
          ],
        },
      }) as Error,
    )
    expect(get('a', '1')).toBeUndefined()
    const check = {
      ConditionCheck: { TableName, Key: key('a', '2'), ConditionExpression: 'attribute_exists(pk)' },
    }
    dynamo('TransactWriteItems', { TransactItems: [putting('1', absent), check] })
    expect(get('a', '1')).toBeDefined()
  })

  test('happen once for one token, and refuse another request with it', () => {
    const { dynamo, get } = world()
    const request = { ClientRequestToken: 't', TransactItems: [putting('1', absent)] }
    dynamo('TransactWriteItems', request)
    dynamo('TransactWriteItems', request)
    expect(get('a', '1')).toBeDefined()
    expect(() => dynamo('TransactWriteItems', { ...request, TransactItems: [putting('2')] })).toThrow(
      refused('IdempotentParameterMismatchException'),
    )
  })

  test('name each item once, and nothing but what is there', () => {
    const { dynamo } = world()
    const of =
      (...TransactItems: Members[]) =>
      () =>
        dynamo('TransactWriteItems', { TransactItems })
    expect(of(putting('1'), putting('1'))).toThrow(refused('ValidationException', 'multiple operations'))
    expect(of({ Update: { TableName } })).toThrow(refused('ValidationException'))
    expect(of()).toThrow(refused('ValidationException', 'length'))
  })
})
