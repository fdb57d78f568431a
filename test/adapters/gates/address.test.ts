import { describe, expect, it } from 'vitest'

import { isRefusedAddress } from '../../../controller/adapters/gates/address.ts'

describe('addresses that no gate may ask', () => {
  it.each([
    ['169.254.169.254', 'instance metadata'],
    ['169.254.170.2', 'task credentials'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local with a zone'],
    ['febf::1', 'the end of link-local'],
    ['fd00:ec2::254', 'instance metadata by IPv6'],
    ['::ffff:169.254.169.254', 'mapped IPv4'],
    ['::ffff:a9fe:a9fe', 'mapped IPv4 in hexadecimal'],
    ['::ffff:0:169.254.169.254', 'translated IPv4'],
    ['::169.254.169.254', 'compatible IPv4'],
    ['64:ff9b::a9fe:a9fe', 'NAT64'],
    ['2002:a9fe:a9fe::1', '6to4'],
    ['0.0.0.0', 'no address'],
    ['::', 'no address by IPv6'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast by IPv6'],
    ['not an address', 'text'],
    ['', 'nothing'],
  ])('%s is refused: %s', (address) => {
    expect(isRefusedAddress(address)).toBe(true)
  })

  it.each([
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '169.253.255.255',
    '::ffff:10.0.0.1',
    '2a00::1',
    '2002:a00:1::1',
    '64:ff9b::a00:1',
  ])('%s is left to the policy', (address) => {
    expect(isRefusedAddress(address)).toBe(false)
  })
})
