import ipaddr from 'ipaddr.js'

/**
 * Ranges that no gate may ask, whoever allowed the host: cloud metadata and container credentials live there.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint.html
 */
const refused = [
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
  ['100.100.100.200', 32],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['ff00::', 8],
  ['::', 128],
] as const

const ranges = refused.map(([address, bits]) => ({ address: ipaddr.parse(address), bits }))

/** Whether an address is link-local, metadata, multicast or no address at all; IPv4 within IPv6 (mapped, compatible, NAT64, 6to4) counts as that IPv4. */
export function isRefusedAddress(text: string): boolean {
  const [plain = ''] = text.split('%')
  if (!ipaddr.isValid(plain)) return true
  return variants(ipaddr.parse(plain)).some((address) =>
    ranges.some(
      (range) => address.kind() === range.address.kind() && address.match(range.address, range.bits),
    ),
  )
}

type Address = ReturnType<typeof ipaddr.parse>

function variants(address: Address): readonly Address[] {
  if (address.kind() === 'ipv4') return [address]
  const bytes = address.toByteArray()
  const embedded = bytes.slice(0, 2).join(',') === '32,2' ? bytes.slice(2, 6) : bytes.slice(12, 16)
  return hasEmbeddedAddress(bytes) ? [address, ipaddr.fromByteArray(embedded)] : [address]
}

/** ::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d, 64:ff9b::a.b.c.d and 2002:a.b.c.d:: (RFC 4291, 6052, 6145, 3056). The address :: itself holds none. */
function hasEmbeddedAddress(bytes: readonly number[]): boolean {
  const prefix = bytes.slice(0, 12).join(',')
  const zeros = (count: number): string => Array<number>(count).fill(0).join(',')
  return (
    prefix === `${zeros(10)},255,255` ||
    prefix === `${zeros(8)},255,255,0,0` ||
    prefix === `0,100,255,155,${zeros(8)}` ||
    (prefix === zeros(12) && bytes.slice(12, 15).some((byte) => byte !== 0)) ||
    prefix.startsWith('32,2,')
  )
}
