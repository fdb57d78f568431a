import { DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { DeepLooks } from '../../../ports/deep-looks.ts'
import { PortError } from '../../../ports/error.ts'
import { createBatcher } from '../client/batcher.ts'
import { objectsIn, requiredText, textOrEmpty } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html */
const ARNS_A_CALL = 20

type Tags = Readonly<Record<string, string>>

/** DescribeTags refuses a call of which one thing is gone: its things are asked for one by one then. */
export function createTagReads({ clients, send, clock }: AwsTools): DeepLooks['tags'] {
  async function describe(arns: readonly string[]): Promise<readonly Tags[]> {
    const command = new DescribeTagsCommand({ ResourceArns: [...arns] })
    const answer = await send('elasticloadbalancing:DescribeTags', (options) =>
      clients.elb.send(command, options),
    )
    const described = objectsIn(answer.TagDescriptions, 'a list of things with tags')
    return arns.map((arn) => {
      const own = described.find(({ ResourceArn }) => ResourceArn === arn)
      if (own === undefined) throw unreadable(`the tags of ${arn}`)
      const pairs = objectsIn(own.Tags, 'a list of tags')
      return Object.fromEntries(
        pairs.map(({ Key, Value }) => [
          requiredText(Key, "a tag's key"),
          textOrEmpty(Value, "a tag's value"),
        ]),
      )
    })
  }
  async function describeOne(arn: string): Promise<Tags | null> {
    const [tags] = (await unlessGone(() => describe([arn]))) ?? [null]
    return tags ?? null
  }
  const batcher = createBatcher<string, Tags | null>({
    clock,
    maxSize: ARNS_A_CALL,
    groupOf: () => 'tags',
    identityOf: (arn) => arn,
    async read(arns) {
      const all = await unlessGone(() => describe(arns))
      if (all !== undefined) return all
      return arns.length === 1 ? [null] : Promise.all(arns.map(describeOne))
    },
  })
  return (arn) => batcher.load(arn)
}

const GONE = new Set(['TargetGroupMissing', 'RuleMissing', 'ListenerMissing'])

/** Undefined where something that was asked for is gone. */
async function unlessGone<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof PortError && GONE.has(error.code)) return undefined
    throw error
  }
}
