import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { codes, document, parse, said } from './parse.ts'

const EDGE = document('Frontend', 'edge', 'listeners: [{ name: http, port: 80 }]')
const WEB = document('Backend', 'web', 'source: { consul: { service: web } }')

function route(name: string, spec: string): string {
  return document('HostRoute', name, `parentRefs: [{ name: edge }]\n${spec}`)
}

const SHOP = route('shop', 'rules: [{ backendRefs: [{ name: web }] }]')

function inNamespace(namespace: string, text: string): string {
  return text.replace(
    /metadata: \{ name: (\S+) \}/,
    `metadata: { name: $1, namespace: ${namespace} }`,
  )
}

function errors(...texts: string[]): string[] {
  return said(parse(...texts).diagnostics.filter(({ severity }) => severity === 'error'))
}

function warnings(...texts: string[]): Diagnostic[] {
  return parse(...texts).diagnostics.filter(({ severity }) => severity === 'warning')
}

test('a complete site has nothing against it', () => {
  expect(parse(EDGE, SHOP, WEB).diagnostics).toEqual([])
})

test('LG2001: a Backend that is not there', () => {
  const rules = 'rules: [{ backendRefs: [{ name: wbe }, { name: other }] }]'
  expect(errors(EDGE, WEB, route('shop', rules))).toEqual([
    '6:35-38 LG2001 there is no Backend "wbe" [did you mean "web"?]',
    '6:50-55 LG2001 there is no Backend "other"',
  ])
  const fallback =
    'source: { consul: { service: a } }\nonEmpty: { policy: Fallback, fallbackRef: { name: gone } }'
  expect(errors(document('Backend', 'a', fallback))).toEqual([
    '6:53-57 LG2001 there is no Backend "gone"',
  ])
})

test('LG2001: references stay in the namespace unless they say otherwise', () => {
  expect(errors(EDGE, SHOP, inNamespace('shop', WEB))).toEqual([
    '6:35-38 LG2001 there is no Backend "web" [there is one in namespace "shop": add "namespace: shop"]',
  ])
  const other = SHOP.replace('name: web', 'name: web, namespace: shop')
  expect(errors(EDGE, other, inNamespace('shop', WEB))).toEqual([])
  const wrong = SHOP.replace('name: web', 'name: wb, namespace: shop')
  expect(errors(EDGE, wrong, inNamespace('shop', WEB))).toEqual([
    '6:35-37 LG2001 there is no Backend "wb" in namespace "shop" [did you mean "web"?]',
  ])
})

test('LG2002: a Frontend that is not there', () => {
  expect(errors(SHOP, WEB)).toEqual(['5:24-28 LG2002 there is no Frontend "edge"'])
})

test('LG2003: a Certificate, Userlist or Defaults that is not there', () => {
  const spec = `defaultsRef: { name: slow }
listeners: [{ name: a, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert }] } }]
stats: { userlistRef: { name: ops } }
`
  expect(errors(document('Frontend', 'edge', spec))).toEqual([
    '5:24-28 LG2003 there is no Defaults "slow"',
    '6:87-91 LG2003 there is no Certificate "cert"',
    '7:33-36 LG2003 there is no Userlist "ops"',
  ])
})

test('LG2004: a name that belongs to another kind', () => {
  const defaults = document('Defaults', 'web', 'retries: 3')
  expect(errors(EDGE, SHOP, defaults)).toEqual([
    '6:35-38 LG2004 Defaults "web" is no Backend [a Backend is needed here] (the Defaults 3:19-22)',
  ])
  expect(errors(EDGE, route('web', 'rules: [{ backendRefs: [{ name: web }] }]'))).toEqual([
    '6:35-38 LG2001 there is no Backend "web"',
  ])
})

test('nothing is called missing that may stand in what could not be read', () => {
  expect(codes(parse(EDGE, SHOP, 'kind: Backend\nmetadata: { name: web\n').diagnostics)).toEqual([
    'LG0001',
  ])
  expect(codes(parse(EDGE, SHOP, WEB.replace('Backend', 'Bckend')).diagnostics)).toEqual(['LG1090'])
  expect(codes(parse(EDGE, SHOP, WEB.replace('source', 'surce')).diagnostics)).toEqual(['LG1002'])
  expect(codes(parse(EDGE, SHOP, WEB.replace('spec:', 'spec: &a')).diagnostics)).toEqual(['LG0005'])
  expect(codes(parse(EDGE, SHOP, 'a: b: c\n').diagnostics)).toEqual(['LG2001', 'LG0001'])
})

test('links of a document with harmless mistakes are followed in the same run', () => {
  expect(errors(EDGE, SHOP.replace('[{ name: web }]', '[{ name: wbe, weihgt: 5 }]'), WEB)).toEqual([
    '6:35-38 LG2001 there is no Backend "wbe" [did you mean "web"?]',
    '6:40-46 LG1002 unknown field "weihgt" in spec.rules[0].backendRefs[0] [did you mean "weight"?]',
  ])
})

function falling(name: string, to: string): string {
  const onEmpty = `onEmpty: { policy: Fallback, fallbackRef: { name: ${to} } }`
  return document('Backend', name, `source: { consul: { service: a } }\n${onEmpty}`)
}

test('LG2006: fallbacks in a circle, told once for each circle', () => {
  const { diagnostics } = parse(
    falling('d', 'b'),
    falling('b', 'c'),
    falling('c', 'b'),
    falling('a', 'd'),
    falling('self', 'self'),
    falling('end', 'web'),
    WEB,
  )
  const circles = diagnostics.filter(({ severity }) => severity === 'error')
  expect(said(circles)).toEqual([
    '6:53-54 LG2006 fallbacks go in a circle: b → c → b [let one of them answer 503: policy ServiceUnavailable] (Backend "c" is part of it 6:53-54)',
    '6:53-57 LG2006 fallbacks go in a circle: self → self [let one of them answer 503: policy ServiceUnavailable]',
  ])
  expect(circles[0]).toMatchObject({
    at: { file: '2.yaml' },
    related: [{ at: { file: '3.yaml' } }],
  })
})

test('LG3001: the same kind, namespace and name, with both places', () => {
  const { diagnostics, manifests } = parse(EDGE, `${WEB}---\n${WEB}`, SHOP, inNamespace('b', WEB))
  expect(said(diagnostics)).toEqual([
    '9:19-22 LG3001 Backend "web" is defined twice [rename or remove one of them] (first defined here 3:19-22)',
  ])
  expect(manifests.Backend.map(({ id }) => id)).toEqual(['Backend/b/web', 'Backend/default/web'])
})

test('LG3002: identical matches in two routes, in two rules, by whatever hosts they share', () => {
  const one = route(
    'one',
    `hostnames: [a.example, b.example, c.example]
rules:
  - matches: [{ path: { type: Exact, value: /x } }, { path: { value: /y/ } }]
    backendRefs: [{ name: web }]
`,
  )
  const two = route(
    'two',
    `hostnames: [c.example, d.example, b.example]
rules:
  - matches: [{ path: { value: /x } }, { path: { value: /y } }]
    backendRefs: [{ name: web }]
  - backendRefs: [{ name: web }]
  - backendRefs: [{ name: web }]
`,
  )
  const { diagnostics } = parse(EDGE, WEB, one, two)
  expect(said(diagnostics)).toEqual([
    '8:59-61 LG3002 two rules match PathPrefix /y of b.example and 1 more [remove one of them, or merge them and give their backends weights] (the other one, in HostRoute "one" 8:72-75)',
    '11:7-35 LG3002 two rules match PathPrefix / of b.example and 1 more [remove one of them, or merge them and give their backends weights] (the other one, in HostRoute "two" 10:7-35)',
  ])
})

test('LG3002: routes without host names are for all others, and other frontends are no conflict', () => {
  const all = route('all', 'rules: [{ backendRefs: [{ name: web }] }]')
  const own = route('own', 'hostnames: [a.example]\nrules: [{ backendRefs: [{ name: web }] }]')
  const inner = document('Frontend', 'inner', 'listeners: [{ name: http, port: 81 }]')
  const other = all.replace('name: edge', 'name: inner').replace('name: all', 'name: other')
  const twice = route(
    'twice',
    'hostnames: [b.example]\nrules: [{ matches: [{}, {}], backendRefs: [{ name: web }] }]',
  )
  expect(parse(EDGE, WEB, all, own, inner, other, twice).diagnostics).toEqual([])
  expect(said(parse(EDGE, WEB, all, SHOP).diagnostics)).toEqual([
    '6:11-43 LG3002 two rules match PathPrefix / of every other host name [remove one of them, or merge them and give their backends weights] (the other one, in HostRoute "all" 6:11-43)',
  ])
})

function listening(name: string, ...listeners: string[]): string {
  const items = listeners.map((listener, i) => `  - { name: l${i}, ${listener} }\n`).join('')
  return document('Frontend', name, `listeners:\n${items}`)
}

test('LG3004: listeners that want the same port of overlapping addresses', () => {
  const a = listening('a', 'port: 80, address: 10.0.0.1', 'port: 80, address: 10.0.0.2', 'port: 81')
  const b = listening(
    'b',
    'port: 80, address: 10.0.0.2',
    'port: 81, address: "::1"',
    'port: 82, address: "::"',
  )
  const c = listening('c', 'port: 80', 'port: 82, address: 0.0.0.0', 'port: 83, address: "::1"')
  expect(errors(a, b, c, listening('d', 'port: 83, address: 127.0.0.1'))).toEqual([
    '6:25-27 LG3004 port 80 of 10.0.0.2 is already taken by a listener of Frontend "a" [choose another port or address] (taken here, on 10.0.0.2 7:25-27)',
    '7:25-27 LG3004 port 81 of ::1 is already taken by a listener of Frontend "a" [choose another port or address] (taken here, on * 8:25-27)',
    '6:25-27 LG3004 port 80 of * is already taken by a listener of Frontend "a" [choose another port or address] (taken here, on 10.0.0.1 6:25-27)',
    '7:25-27 LG3004 port 82 of 0.0.0.0 is already taken by a listener of Frontend "b" [choose another port or address] (taken here, on :: 8:25-27)',
  ])
})

test('LG3006: a second Global', () => {
  const { diagnostics } = parse(
    document('Global', 'b', 'maxconn: 1'),
    document('Global', 'a', 'maxconn: 2'),
  )
  expect(said(diagnostics)).toEqual([
    '2:7-13 LG3006 Global "b" is the second Global; only one is allowed [merge them into one] (the first is Global "a" 2:7-13)',
  ])
})

test('LG4001: what nothing refers to', () => {
  const texts = [
    WEB,
    document('Certificate', 'c', 'file: a.pem'),
    document('Userlist', 'u', 'users: [{ name: a, passwordFrom: { file: b } }]'),
    document('Defaults', 'slow', 'retries: 3'),
    document('Defaults', 'default', 'retries: 3'),
  ]
  expect(said(warnings(...texts))).toEqual([
    '3:19-22 LG4001 nothing refers to Backend "web" [remove it, or refer to it]',
    '3:19-20 LG4001 nothing refers to Certificate "c" [remove it, or refer to it]',
    '3:19-20 LG4001 nothing refers to Userlist "u" [remove it, or refer to it]',
    '3:19-23 LG4001 nothing refers to Defaults "slow" [remove it, or refer to it]',
  ])
  expect(warnings(...texts, 'a: b: c')).toEqual([])
})

test('LG4002: host names that no certificate of the frontend is for', () => {
  const certificate = document(
    'Certificate',
    'c',
    'file: a.pem\nhostnames: [a.example, "*.a.example"]',
  )
  const tls = 'protocol: HTTPS, tls: { certificateRefs: [{ name: c }] }'
  const edge = listening('edge', 'port: 80', `port: 443, ${tls}`)
  const hosts = '[a.example, x.a.example, "*.a.example", x.y.a.example, b.example]'
  const shop = route('shop', `hostnames: ${hosts}\nrules: [{ backendRefs: [{ name: web }] }]`)
  expect(said(warnings(edge, certificate, WEB, shop))).toEqual([
    '6:54-67 LG4002 no certificate of Frontend "edge" covers x.y.a.example [refer to a certificate for it in the listener, or correct `hostnames` of one]',
    '6:69-78 LG4002 no certificate of Frontend "edge" covers b.example [refer to a certificate for it in the listener, or correct `hostnames` of one]',
  ])
  const silent = document('Certificate', 'c', 'file: a.pem')
  expect(warnings(edge, silent, WEB, shop)).toEqual([])
  expect(warnings(EDGE, WEB, shop)).toEqual([])
})

test('LG4003: all weights zero', () => {
  const some = 'rules:\n  - backendRefs: [{ name: web, weight: 0 }, { name: web, weight: 1 }]'
  expect(parse(EDGE, WEB, route('shop', some)).diagnostics).toEqual([])
  expect(said(warnings(EDGE, WEB, route('shop', some.replace('1 }', '0 }'))))).toEqual([
    '7:7-18 LG4003 the weights of all backends are 0, so every request is answered 503 [give one of them a weight]',
  ])
})
