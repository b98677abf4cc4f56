/** Addresses in networks, held against Node's own list. */
import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalAddress } from '../../src/compile/instances.ts'
import { groupsOf, isIn, netOf } from '../../src/compile/nets.ts'

const v4 = fc.ipV4()
const v6 = fc.ipV6().map((text) => canonicalAddress(text) ?? '::')
const address = fc.oneof(v4, v6)

function isInByNode(one: string, base: string, bits: number): boolean {
  const type = (text: string): 'ipv4' | 'ipv6' => (isIP(text) === 6 ? 'ipv6' : 'ipv4')
  if (type(one) !== type(base)) return false
  const list = new BlockList()
  list.addSubnet(base, bits, type(base))
  return list.check(one, type(one))
}

test('says what Node says', () => {
  fc.assert(
    fc.property(address, address, fc.nat(128), fc.boolean(), (one, other, length, isSame) => {
      const base = isSame ? one : other
      const bits = isIP(base) === 4 ? length % 33 : length
      expect(isIn(groupsOf(one), netOf(`${base}/${bits}`))).toBe(isInByNode(one, base, bits))
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['192.168.255.255', '192.168.128.0/17', true],
  ['192.168.127.255', '192.168.128.0/17', false],
  ['1.2.3.4', '0.0.0.0/0', true],
  ['::', '::/128', true],
  ['::1', '::/128', false],
  ['febf::1', 'fe80::/10', true],
  ['fec0::1', 'fe80::/10', false],
  ['2001:db8:1::', '2001:db8::/33', true],
  ['2001:db8:8000::', '2001:db8::/33', false],
  ['::ffff:7f00:1', '::ffff:0:0/96', true],
  ['10.0.0.1', '::/0', false],
])('%s in %s: %s', (one, net, is) => {
  expect(isIn(groupsOf(one), netOf(net))).toBe(is)
})
