import { lookup as systemLookup } from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { isIP } from 'node:net'

import { Client } from 'undici'

import { isRefusedAddress } from './address.ts'

/** An address that a gate may not ask. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress'
  readonly code = 'AddressRefused'
}

export type AllAddressesLookup = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

export interface Destination {
  /** `http://host:port` or `https://host:port`. */
  readonly origin: string
  /** The name that the server's certificate must be for. */
  readonly serverName: string | undefined
  readonly lookup?: AllAddressesLookup | undefined
}

/**
 * A client for one request on a connection of its own. The address is judged when the connection is made, so a name that answers differently
 * the second time gains nothing. Certificates are always verified. Throws {@link RefusedAddress} for an address written as such.
 */
export function connectTo(destination: Destination): Client {
  const host = new URL(destination.origin).hostname.replaceAll(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && isRefusedAddress(host)) throw new RefusedAddress(`the address ${host} is refused`)
  const serverName = destination.serverName
  return new Client(destination.origin, {
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16_384,
    connect: {
      lookup: judgedLookup(destination.lookup ?? systemLookup),
      timeout: 0,
      ...(serverName === undefined || isIP(serverName) !== 0 ? {} : { servername: serverName }),
    },
  })
}

type Callback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/** One refused address among a name's answers refuses them all: mixing one in is what an attacker would do. */
function judgedLookup(lookup: AllAddressesLookup) {
  return (host: string, options: LookupOptions, callback: Callback): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null) callback(error, '', 0)
      else if (first === undefined) callback(new RefusedAddress(`${host} has no address`), '', 0)
      else if (addresses.some(({ address }) => isRefusedAddress(address))) {
        callback(new RefusedAddress(`${host} resolves to a refused address`), '', 0)
      } else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}
