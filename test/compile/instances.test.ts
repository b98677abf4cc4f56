import { expect, test } from 'vitest'
import type { IngestPolicy } from '../../src/compile/instances.ts'
import { canonicalAddress, ingest, instanceName, serverName } from '../../src/compile/instances.ts'
import { instanceOf } from '../../src/model/server-name.ts'
import { aCheck, anInstance } from '../builders.ts'

function policy(change: Partial<IngestPolicy> = {}): IngestPolicy {
  return {
    tags: [],
    healthyWhen: 'PassingOrWarning',
    weightFrom: 'Consul',
    allowLoopback: false,
    allowHostnames: false,
    allowedCIDRs: [],
    ...change,
  }
}

function whyLeftOut(
  address: string,
  change: Partial<IngestPolicy> = {},
  port = 80,
): string | undefined {
  return ingest([anInstance({ address, port })], policy(change)).leftOut[0]?.why
}

test.each([
  ['', 'is not an IP address'],
  ['localhost', 'is not an IP address'],
  ['127.1', 'is not an IP address'],
  ['0x7f000001', 'is not an IP address'],
  ['2130706433', 'is not an IP address'],
  ['/var/run/docker.sock', 'is not an IP address'],
  ['unix@/run/x', 'is not an IP address'],
  ['*', 'is not an IP address'],
  ['${HOME}', 'is not an IP address'],
  ['10.0.0.1\nserver evil', 'is not an IP address'],
  ['fe80::1%eth0', 'is not in canonical form'],
  ['2001:DB8::1', 'is not in canonical form'],
  ['2001:db8:0:0:0:0:0:1', 'is not in canonical form'],
  ['0.0.0.0', 'is unspecified'],
  ['::', 'is unspecified'],
  ['169.254.169.254', 'is link-local'],
  ['fe80::1', 'is link-local'],
  ['224.0.0.1', 'is multicast'],
  ['ff02::1', 'is multicast'],
  ['255.255.255.255', 'is reserved'],
  ['::ffff:7f00:1', 'is an IPv4 address in IPv6 form'],
  ['127.0.0.1', 'is loopback and the Backend does not allow it'],
  ['::1', 'is loopback and the Backend does not allow it'],
])('address %j is left out: %s', (address, why) => {
  expect(whyLeftOut(address)).toContain(why)
})

test('good addresses are taken', () => {
  for (const address of ['10.0.0.1', '203.0.113.9', '2001:db8::1'])
    expect(whyLeftOut(address)).toBeUndefined()
  expect(whyLeftOut('127.0.0.1', { allowLoopback: true })).toBeUndefined()
})

test('allowedCIDRs refuses what is outside, of either family', () => {
  const change = { allowedCIDRs: ['10.0.0.0/8', '2001:db8::/32'] }
  expect(whyLeftOut('10.9.9.9', change)).toBeUndefined()
  expect(whyLeftOut('2001:db8::5', change)).toBeUndefined()
  expect(whyLeftOut('192.0.2.1', change)).toContain('outside addresses.allowedCIDRs')
  expect(whyLeftOut('2001:db9::5', change)).toContain('outside addresses.allowedCIDRs')
})

test.each([0, -1, 65_536, 99_999, 1.5, Number.NaN])('port %d is left out', (port) => {
  expect(whyLeftOut('10.0.0.1', {}, port)).toContain('is not between 1 and 65535')
})

test('hostile text in a refused instance is printable in the reason', () => {
  const [out] = ingest([anInstance({ id: 'a\u001B[2J', address: 'x\n' })], policy()).leftOut
  expect(out?.instance).toContain('\\u{1b}')
  expect(`${out?.instance}${out?.why}`).not.toMatch(/[\n\u001B]/)
})

test('critical and maintenance are out, warning depends', () => {
  const warning = [anInstance({ checks: [aCheck('passing'), aCheck('warning', 'disk')] })]
  expect(ingest(warning, policy()).servers).toHaveLength(1)
  const strict = ingest(warning, policy({ healthyWhen: 'Passing' }))
  expect(strict.servers).toHaveLength(0)
  expect(strict.leftOut[0]).toMatchObject({ kind: 'health', why: 'is warning: check "disk"' })
  const critical = ingest([anInstance({ checks: [aCheck('critical')] })], policy())
  expect(critical.leftOut[0]?.why).toBe('is critical: check "http"')
  const maintained = ingest(
    [anInstance({ checks: [aCheck('maintenance'), aCheck('critical')] })],
    policy(),
  )
  expect(maintained.leftOut[0]?.why).toBe('is in maintenance')
})

test('instances without the wanted tags are others, not left out', () => {
  const instances = [
    anInstance({ id: 'a', tags: ['v1', 'prod'] }),
    anInstance({ id: 'b', port: 81 }),
  ]
  const found = ingest(instances, policy({ tags: ['prod', 'v1'] }))
  expect(found.servers).toHaveLength(1)
  expect(found.leftOut).toEqual([])
})

test('the same address and port counts once, the same one whatever the order', () => {
  const twins = [anInstance({ id: 'b' }), anInstance({ id: 'a' })]
  for (const instances of [twins, twins.toReversed()]) {
    const found = ingest(instances, policy())
    expect(found.servers.map((s) => s.name)).toEqual([serverName(anInstance({ id: 'a' }))])
    expect(found.leftOut).toMatchObject([{ kind: 'duplicate' }])
  }
})

test('host names only where the Backend allows them, and only real ones', () => {
  const change = { allowHostnames: true }
  for (const good of ['node-a', 'node-a.example.com', 'a1.b2.io', 'abc.de'])
    expect(whyLeftOut(good, change), good).toBeUndefined()
  for (const bad of [
    '127.1',
    '0x7f.1',
    'a..b',
    '-a.b',
    'a b',
    '*',
    'A.example',
    'a.1',
    'unix@x',
    '',
  ])
    expect(whyLeftOut(bad, change), bad).toContain('neither an IP address nor a host name')
  for (const local of ['localhost', 'a.localhost'])
    expect(whyLeftOut(local, change), local).toContain('is loopback')
  expect(whyLeftOut('node-a')).toContain('does not allow names')
  expect(whyLeftOut('node-a', change, 0)).toContain('port 0')
})

test('one bad instance does not take the others with it', () => {
  const instances = [anInstance({ id: 'bad', address: 'evil\n' }), anInstance({ id: 'good' })]
  expect(ingest(instances, policy()).servers).toHaveLength(1)
})

test('the name is the identity and the place, and the parts of neither can run together', () => {
  const base = anInstance()
  const moved = { ...base, address: '10.9.9.9', port: 1 }
  expect(serverName(moved)).not.toBe(serverName(base))
  expect(instanceOf(serverName(moved))).toBe(instanceOf(serverName(base)))
  expect(instanceOf(serverName(base))).toBe(instanceName(base))
  expect(serverName({ ...base, address: '10.0.0.1', port: 12 })).not.toBe(
    serverName({ ...base, address: '10.0.0.11', port: 2 }),
  )
  expect(instanceOf('web-1')).toBe('web-1')
  expect(serverName({ ...base, node: 'ab', id: 'c' })).not.toBe(
    serverName({ ...base, node: 'a', id: 'bc' }),
  )
  expect(serverName(base)).toMatch(/^i-[0-9a-f]{12}-[0-9a-f]{4}$/)
})

test('weights: equal is 100, others keep their proportions up to 256', () => {
  const weigh = (...weights: number[]): number[] =>
    ingest(
      weights.map((passing, i) =>
        anInstance({ id: `i${i}`, port: 80 + i, weights: { passing, warning: 1 } }),
      ),
      policy(),
    )
      .servers.toSorted((a, b) => a.port - b.port)
      .map((s) => s.weight)
  expect(weigh(7, 7)).toEqual([100, 100])
  expect(weigh(1, 2, 4)).toEqual([64, 128, 256])
  expect(weigh(1, 65_535)).toEqual([1, 256])
})

test('a warning instance weighs what Consul says for warning', () => {
  const found = ingest(
    [
      anInstance({ id: 'a', weights: { passing: 10, warning: 1 } }),
      anInstance({
        id: 'b',
        port: 81,
        weights: { passing: 10, warning: 5 },
        checks: [aCheck('warning')],
      }),
    ],
    policy(),
  )
  expect(found.servers.map((s) => s.weight).toSorted((a, b) => a - b)).toEqual([128, 256])
})

test('canonical form', () => {
  expect(canonicalAddress('2001:DB8:0::1')).toBe('2001:db8::1')
  expect(canonicalAddress('fe80::1%lo')).toBeUndefined()
  expect(canonicalAddress('10.0.0.1')).toBe('10.0.0.1')
})
