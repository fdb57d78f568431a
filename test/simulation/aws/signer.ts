import type { SignerConstructor } from '../../../controller/adapters/aws/client/clients.ts'

type Signer = InstanceType<SignerConstructor>
type Options = ConstructorParameters<SignerConstructor>[0]
type Signing = Parameters<Signer['sign']>
type Signed = ReturnType<Signer['sign']>

/** Turns of the queue of microtasks that the hashes of a true signature take: no call overtakes another that it did not overtake with one. */
const TURNS = { withBody: 8, withoutBody: 7 } as const

/**
 * Signs as far as the sandbox reads a signature: who asks, in which region, and which service. Nobody looks at its value, and the hashes of a true one are a
 * tenth of all that a run computes.
 */
export class SimulatedSigner implements Signer {
  readonly #credentials: Options['credentials']
  readonly #region: Options['region']
  readonly #service: string

  constructor({ credentials, region, service }: Options) {
    this.#credentials = credentials
    this.#region = region
    this.#service = service
  }

  async sign(
    ...[request, { signingDate = new Date(), signingRegion, signingService } = {}]: Signing
  ): Signed {
    const { accessKeyId } = await valueOf(this.#credentials)
    const region = signingRegion ?? (await valueOf(this.#region))
    const turns = request.body === undefined ? TURNS.withoutBody : TURNS.withBody
    for (let turn = 1; turn <= turns; turn += 1) await Promise.resolve()
    const day = new Date(signingDate).toISOString().slice(0, 10).replaceAll('-', '')
    const scope = `${day}/${region}/${signingService ?? this.#service}/aws4_request`
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host, Signature=none`
    return { ...request, headers: { ...request.headers, authorization } }
  }
}

const valueOf = <Value>(given: Value | (() => Promise<Value>)): Value | Promise<Value> =>
  typeof given === 'function' ? (given as () => Promise<Value>)() : given
