/** IP addresses and networks in canonical form go in, whether the one lies in the other comes out. */

/** 16 bits each: two of an IPv4 address, eight of an IPv6 address. */
export type Groups = readonly number[]

export interface Net {
  readonly groups: Groups
  readonly bits: number
}

/** `10.0.0.1`, `2001:db8::1`; what is no address has no meaning here. */
export function groupsOf(address: string): Groups {
  return address.includes(':') ? groupsOfV6(address) : groupsOfV4(address)
}

function groupsOfV4(address: string): Groups {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  return [a * 256 + b, c * 256 + d]
}

function groupsOfV6(address: string): Groups {
  const halves = address.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const [first = [], last = []] = halves
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16))
}

/** `10.0.0.0/8`; bits behind the length may be set. */
export function netOf(cidr: string): Net {
  const [address = '', bits] = cidr.split('/')
  return { groups: groupsOf(address), bits: Number(bits) }
}

/** Never true for an address of the other family. */
export function isIn(address: Groups, { groups, bits }: Net): boolean {
  if (address.length !== groups.length) return false
  for (let at = 0; at * 16 < bits; at += 1) {
    const free = Math.max(0, 16 - (bits - at * 16))
    if ((address[at] ?? 0) >> free !== (groups[at] ?? 0) >> free) return false
  }
  return true
}
