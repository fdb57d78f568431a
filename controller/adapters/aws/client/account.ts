import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import { PortError } from '../../../ports/error.ts'
import { classifyError } from './errors.ts'
import type { AwsCredentials, CredentialsSource, RefreshingCredentials } from './credentials.ts'
import type { Sender } from './sender.ts'

/** Credentials of `roleArn`, taken on with the base credentials of `sts`. */
export function assumeRole(options: {
  readonly sts: STSClient
  readonly send: Sender
  readonly roleArn: string
  readonly externalId?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly sessionName: string
}): CredentialsSource {
  const { sts, send, roleArn, externalId, tags = {}, sessionName } = options
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return async () => {
    const command = (): AssumeRoleCommand =>
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName.slice(0, 64),
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        ...(Tags.length === 0 ? {} : { Tags }),
      })
    const { Credentials: answer } = await send('sts:AssumeRole', (sendOptions) =>
      sts.send(command(), sendOptions),
    )
    if (answer?.AccessKeyId === undefined || answer.SecretAccessKey === undefined) {
      throw new PortError(`AWS answered AssumeRole of ${roleArn} without credentials`, {
        code: 'UnreadableAnswer',
        handling: 'retry',
      })
    }
    const credentials: AwsCredentials = {
      accessKeyId: answer.AccessKeyId,
      secretAccessKey: answer.SecretAccessKey,
      ...(answer.SessionToken === undefined ? {} : { sessionToken: answer.SessionToken }),
      ...(answer.Expiration === undefined ? {} : { expiration: answer.Expiration }),
    }
    return credentials
  }
}

/** Whom the credentials belong to. */
export interface Identity {
  readonly accountId: string
  /** As a trail of calls names us. */
  readonly arn: string | undefined
}

/** Guards every call: resolves when the credentials belong to the wanted account. */
export interface AccountGuard {
  /** Rejects with `WrongAccount` (stall) when they belong to another one. Asks AWS once per access key. */
  check(): Promise<Identity>
}

export function createAccountGuard(options: {
  readonly sts: STSClient
  readonly send: Sender
  readonly credentials: RefreshingCredentials
  /** Undefined: whichever account the credentials belong to. */
  readonly accountId: string | undefined
  readonly region: string
}): AccountGuard {
  let checked: { readonly accessKeyId: string; readonly answer: Promise<Identity> } | undefined

  async function ask(): Promise<Identity> {
    const identity = await options.send('sts:GetCallerIdentity', (sendOptions) =>
      options.sts.send(new GetCallerIdentityCommand({}), sendOptions),
    )
    const wanted = options.accountId ?? identity.Account
    if (wanted === undefined || identity.Account !== wanted) throw wrongAccount(wanted, identity.Account)
    return { accountId: wanted, arn: identity.Arn }
  }

  async function currentAccessKey(): Promise<string> {
    try {
      return (await options.credentials.current()).accessKeyId
    } catch (error) {
      throw classifyError(error, {
        operation: 'sts:GetCallerIdentity',
        writes: false,
        ...options,
        accountId: options.accountId ?? 'unknown',
      })
    }
  }

  return {
    async check() {
      const accessKeyId = await currentAccessKey()
      if (checked?.accessKeyId === accessKeyId) return checked.answer
      const mine = { accessKeyId, answer: ask() }
      checked = mine
      mine.answer.catch(() => {
        if (checked === mine) checked = undefined
      })
      return mine.answer
    },
  }
}

function wrongAccount(wanted = 'a known one', actual: string | undefined): PortError {
  return new PortError(`the credentials belong to AWS account ${actual ?? 'unknown'}, not to ${wanted}`, {
    code: 'WrongAccount',
    handling: 'stall',
    remedy:
      "Correct the environment's aws.accountId or aws.roleArn, or give the controller that account's credentials.",
  })
}
