/** One HTTP request that a gate makes against a side of a release. */
export interface HttpProbe {
  readonly gate: string
  /** The listener to ask: the adapter finds its real address. */
  readonly loadBalancer: { readonly name: string; readonly dnsName: string }
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly path: string
  readonly host: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly expect: { readonly status: number; readonly body: string | undefined }
  /** Limit of one request, connection and body included. */
  readonly timeoutMs: number
}

/** What one attempt said. Inconclusive: the question could not be asked (no connection, refused address), so it says nothing about the release. */
export interface GateAttempt {
  readonly result: 'Success' | 'Failure' | 'Inconclusive'
  /** One sentence for people; never a body or a header, which may hold secrets. */
  readonly message: string
}

/** Asks the questions that decide whether a version may take the traffic. */
export interface GateRunner {
  probe(probe: HttpProbe, signal: AbortSignal): Promise<GateAttempt>
}
