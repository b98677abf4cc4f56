import { expect, test } from 'vitest'
import { readAddress, readNetwork } from '../../src/manifest/addresses.ts'
import { saidOf } from './parse.ts'

const REDIRECT = '{ type: RequestRedirect, requestRedirect: { scheme: https } }'

function log(address: string): string[] {
  return saidOf('Global', `log: [{ address: "${address}" }]`)
}

test('Global: log targets are IP addresses with ports, sockets or streams', () => {
  for (const good of [
    'stdout',
    '/dev/log',
    '10.0.0.1',
    '10.0.0.1:514',
    '[2001:db8::1]:514',
    '[::1]',
  ])
    expect(log(good)).toEqual([])
  expect(log('300.0.0.1:514')).toEqual(['5:20-35 LG1005 "300.0.0.1" is not an IP address'])
  expect(log('[2001:db8:0::1]')).toEqual([
    '5:20-37 LG1005 "2001:db8:0::1" is not in canonical form [write 2001:db8::1]',
  ])
  expect(log('10.0.0.1:99999')).toEqual([
    '5:11-18 LG1009 "99999" is no port [ports go from 1 to 65535]',
  ])
})

test('Defaults: one error file a status', () => {
  const spec = 'errorFiles: [{ status: 503, file: a }, { status: 503, file: b }]'
  expect(saidOf('Defaults', spec)).toEqual([
    '5:52-55 LG1008 status "503" is also that of spec.errorFiles[0]',
  ])
})

test('Frontend: listeners have names of their own, and TLS if and only if HTTPS', () => {
  const spec = `listeners:
  - { name: a, port: 80, tls: { certificateRefs: [{ name: c }] } }
  - { name: b, port: 443, protocol: HTTPS }
  - { name: a, port: 81, address: 2001:db8::0001 }
  - { name: d, port: 82, address: 1.2.3.256 }
`
  const errors = saidOf('Frontend', spec).filter((line) => !line.includes('LG2003'))
  expect(errors).toEqual([
    '6:28-31 LG1009 tls is only for protocol HTTPS [add "protocol: HTTPS"]',
    '7:7-46 LG1001 "tls" is missing in spec.listeners[1] [a listener with protocol HTTPS needs certificates]',
    '8:15-16 LG1008 name "a" is also that of spec.listeners[0]',
    '8:37-51 LG1005 "2001:db8::0001" is not in canonical form [write 2001:db8::1]',
    '9:37-46 LG1005 "1.2.3.256" is not an IP address',
  ])
})

test('filters have the field of their type and no other', () => {
  const spec = `listeners: [{ name: a, port: 80 }]
filters:
  - type: RequestHeaderModifier
  - type: ResponseHeaderModifier
    requestHeaderModifier: { remove: [a] }
    responseHeaderModifier: { remove: [a] }
`
  expect(saidOf('Frontend', spec)).toEqual([
    '7:7-34 LG1001 "requestHeaderModifier" is missing in spec.filters[0] [a filter of type RequestHeaderModifier says there what it does]',
    '9:7-28 LG1009 requestHeaderModifier is not for type ResponseHeaderModifier',
  ])
})

test('HostRoute: a rule has backends or redirects', () => {
  const spec = `parentRefs: [{ name: x }]
rules:
  - name: a
  - name: b
    filters: [${REDIRECT}]
    backendRefs: [{ name: c }]
  - name: b
    filters: [${REDIRECT}, ${REDIRECT}]
  - filters:
      - type: RequestRedirect
        requestRedirect: { port: 8443 }
        responseHeaderModifier: {}
`
  const errors = saidOf('HostRoute', spec).filter((line) => !/LG2|LG3/.test(line))
  expect(errors).toEqual([
    '7:7-14 LG1007 the rule leads nowhere [a rule has either backendRefs or a filter of type RequestRedirect]',
    '10:7-18 LG1007 a rule that redirects has no backendRefs [a rule has either backendRefs or a filter of type RequestRedirect]',
    '11:13-14 LG1008 name "b" is also that of spec.rules[1]',
    '12:88-103 LG1008 type "RequestRedirect" is also that of spec.rules[2].filters[0]',
    '16:11-33 LG1009 responseHeaderModifier is not for type RequestRedirect',
  ])
})

test('Backend: exactly one source', () => {
  expect(saidOf('Backend', 'source: {}')).toEqual([
    '5:3-9 LG1007 spec.source has neither consul nor static [give exactly one of consul, static]',
  ])
  const both =
    'source:\n  static: { servers: [{ name: a, address: 10.0.0.1, port: 1 }] }\n  consul: { service: a }\n'
  expect(saidOf('Backend', both)).toEqual([
    '6:5-11 LG1007 spec.source has both consul and static [give exactly one of consul, static]',
  ])
})

test('Backend: fields that belong to each other', () => {
  const source = 'source: { consul: { service: a } }\n'
  expect(
    saidOf('Backend', `${source}balance: { algorithm: Header }\nonEmpty: { policy: Fallback }`),
  ).toEqual([
    '6:3-10 LG1001 "header" is missing in spec.balance [algorithm Header hashes the header named here]',
    '7:3-10 LG1001 "fallbackRef" is missing in spec.onEmpty [policy Fallback needs the Backend that answers instead]',
  ])
  const other = `${source}balance: { header: X-User }\ncapacity: { desired: 2, minimum: 3 }\n`
  expect(saidOf('Backend', other)).toEqual([
    '6:14-20 LG1009 header is only for algorithm Header [add "algorithm: Header"]',
    '7:27-34 LG1009 the minimum of 3 is more than the desired 2',
  ])
  expect(
    saidOf(
      'Backend',
      `${source}balance: { algorithm: StaticRR }\ncapacity: { desired: 2, minimum: 2 }`,
    ),
  ).toEqual([])
})

test('Backend: servers and networks', () => {
  const spec = `source:
  static:
    servers:
      - { name: a, address: 10.0.0.1, port: 1 }
      - { name: a, address: "::ffff:10.0.0.2", port: 1 }
addresses: { allowedCIDRs: [10.0.0.0/8, 10.0.0.0/33, "2001:db8:0::/32", 10.0.0.0/08] }
onEmpty: { fallbackRef: { name: x } }
`
  expect(saidOf('Backend', spec).filter((line) => !line.includes('LG2006'))).toEqual([
    '9:19-20 LG1008 name "a" is also that of spec.source.static.servers[0]',
    '9:31-48 LG1005 "::ffff:10.0.0.2" is not in canonical form [write 10.0.0.2]',
    '10:43-54 LG1005 "10.0.0.0/33" is not a network, as 10.0.0.0/8',
    '10:56-73 LG1005 "2001:db8:0::/32" is not in canonical form [write 2001:db8::/32]',
    '10:75-86 LG1005 "10.0.0.0/08" is not in canonical form [write 10.0.0.0/8]',
    '11:14-25 LG1009 fallbackRef is only for policy Fallback [add "policy: Fallback"]',
  ])
})

test('Certificate and Userlist', () => {
  expect(saidOf('Certificate', '{}')).toEqual([
    '4:1-5 LG1007 spec has neither file nor crtList [give exactly one of file, crtList]',
  ])
  expect(saidOf('Certificate', 'file: a.pem\ncrtList: b.txt')).toEqual([
    '6:3-10 LG1007 spec has both file and crtList [give exactly one of file, crtList]',
  ])
  const users =
    'users: [{ name: a, passwordFrom: { file: b } }, { name: a, passwordFrom: { file: b } }]'
  expect(saidOf('Userlist', users)).toEqual([
    '5:59-60 LG1008 name "a" is also that of spec.users[0]',
  ])
})

test('a contradiction that a misspelt field explains is not told as well', () => {
  const listener = 'listeners: [{ name: a, port: 443, protocol: HTTPS, tsl: {} }]'
  expect(saidOf('Frontend', listener)).toEqual([
    '5:54-57 LG1002 unknown field "tsl" in spec.listeners[0] [did you mean "tls"?]',
  ])
  const rule = 'parentRefs: [{ name: x }]\nrules: [{ filters: [{ type: RequestRedirct }] }]'
  expect(saidOf('HostRoute', rule).filter((line) => !line.includes('LG2'))).toEqual([
    '6:31-45 LG1004 "RequestRedirct" is not one of RequestHeaderModifier, ResponseHeaderModifier, RequestRedirect [did you mean "RequestRedirect"?]',
  ])
})

test('a mistake elsewhere in the document hides no contradiction', () => {
  const spec = 'listeners: [{ name: a, port: 443, protocol: HTTPS }]\nmaxcon: 5\n'
  expect(saidOf('Frontend', spec).map((line) => line.split(' ')[1])).toEqual(['LG1001', 'LG1002'])
})

test.each(['10.0.0.01', 'fe80::1%eth0', '::1%', '1.2.3', '', '[::1]', '0x7f.1'])(
  '%j is no address',
  (text) => {
    expect(readAddress(text)).toEqual({ state: 'invalid' })
  },
)

test.each(['10.0.0.0', '/8', '10.0.0.0/', '10.0.0.0/-1', '::/129', '10.0.0.0/8/8', '::1%lo/64'])(
  '%j is no network',
  (text) => {
    expect(readNetwork(text)).toEqual({ state: 'invalid' })
  },
)

test('canonical forms', () => {
  for (const text of ['0.0.0.0', '255.255.255.255', '::', '::1', '2001:db8::1:0:0:1'])
    expect(readAddress(text)).toEqual({ state: 'canonical' })
  expect(readAddress('2001:DB8::A')).toEqual({ state: 'not-canonical', canonical: '2001:db8::a' })
  for (const text of ['0.0.0.0/0', '10.1.2.3/8', '::/0', '2001:db8::/128'])
    expect(readNetwork(text)).toEqual({ state: 'canonical' })
})
