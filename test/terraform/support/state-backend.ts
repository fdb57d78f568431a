/** moto finds the service by the scope of a signature, and does not check it. */
const signedFor = (service: string): Readonly<Record<string, string>> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
})

/** A bucket for states, in a moto of this address. */
export async function createStateBucket(url: string, bucket: string): Promise<void> {
  const body =
    '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>'
  await succeed(await fetch(`${url}/${bucket}`, { method: 'PUT', headers: signedFor('s3'), body }))
}

/** A table for the locks of states, as the s3 backend wants it. */
export async function createLockTable(url: string, table: string): Promise<void> {
  const body = JSON.stringify({
    TableName: table,
    AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  const headers = {
    ...signedFor('dynamodb'),
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.CreateTable',
  }
  await succeed(await fetch(url, { method: 'POST', headers, body }))
}

async function succeed(answer: Response): Promise<void> {
  const text = await answer.text()
  if (!answer.ok) throw new Error(`moto answered ${answer.status}: ${text}`)
}
