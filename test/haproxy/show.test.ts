import { expect, test } from 'vitest'
import {
  parseCertificateFingerprint,
  parseCertificateList,
  parseGetVar,
  parseServersState,
  parseShowBackend,
  parseShowInfo,
  parseShowMap,
} from '../../src/haproxy/show.ts'
import { captured } from './captured.ts'

const both = ['2.6', '3.2'] as const
const UNKNOWN = 'Unknown command, but maybe one of the following ones is a better match:\n\n'

test.each([
  ['2.6', '2.6.12-1+deb12u4'],
  ['3.2', '3.2.26-1'],
] as const)('%s: show info', (branch, version) => {
  const info = parseShowInfo(captured(branch, 'show-info'))
  expect(info).toMatchObject({ version, stopping: false })
  expect(info?.pid).toBeGreaterThan(1)
  const leaving = captured(branch, 'show-info').replace('Stopping: 0', 'Stopping: 1')
  expect(parseShowInfo(leaving)?.stopping).toBe(true)
  expect(parseShowInfo(UNKNOWN)).toBeUndefined()
})

test.each(both)('%s: show servers state', (branch) => {
  expect(parseServersState(captured(branch, 'show-servers-state'))).toEqual(
    new Map([
      [
        'be',
        [
          { name: 's1', address: '127.0.0.1', port: 18212, weight: 20 },
          { name: 's2', address: '127.0.0.1', port: 18213, weight: 20 },
        ],
      ],
      ['shop.v6', [{ name: 'i-0123456789ab', address: 'fd00::1:0:0:1', port: 18212, weight: 1 }]],
    ]),
  )
})

test('show servers state: the weight is the one in use, not the one of the file', () => {
  const changed = captured('2.6', 'show-servers-state').replace(' 2 0 20 20 1 ', ' 2 0 7 20 1 ')
  expect(parseServersState(changed)?.get('be')?.[0]?.weight).toBe(7)
})

test('show servers state: servers are sorted, IPv6 is in canonical form', () => {
  const text = captured('2.6', 'show-servers-state')
  const [version = '', heading = '', first = '', second = ''] = text.split('\n')
  const turned = [version, heading, second, first.replace('127.0.0.1', '::1.2.3.4'), '', ''].join(
    '\n',
  )
  const servers = parseServersState(turned)?.get('be')
  expect(servers?.map((s) => [s.name, s.address])).toEqual([
    ['s1', '::102:304'],
    ['s2', '127.0.0.1'],
  ])
})

test('show servers state: no servers is an empty answer, half an answer or another format is none', () => {
  const text = captured('2.6', 'show-servers-state')
  const [version = '', heading = ''] = text.split('\n')
  expect(parseServersState(`${version}\n${heading}\n\n`)).toEqual(new Map())
  expect(parseServersState(text.slice(0, 500))).toBeUndefined()
  expect(parseServersState(text.replace(/^1\n/, '2\n'))).toBeUndefined()
  expect(parseServersState(text.replace('srv_uweight', 'srv_weight'))).toBeUndefined()
  expect(parseServersState(UNKNOWN)).toBeUndefined()
})

test('show servers state: 10,000 servers', () => {
  const [version = '', heading = '', row = ''] = captured('2.6', 'show-servers-state').split('\n')
  const rows = Array.from({ length: 10_000 }, (_, n) =>
    row.replace(' be 1 s1 ', ` be-${n % 100} 1 i-${n} `),
  )
  const servers = parseServersState([version, heading, ...rows, '', ''].join('\n'))
  expect(servers?.size).toBe(100)
  expect(servers?.get('be-42')).toHaveLength(100)
})

test.each(both)('%s: show map', (branch) => {
  expect(parseShowMap(captured(branch, 'show-map'))).toEqual([
    '/etc/haproxy/maps/https-hosts.0123456789abcdef.map',
    '/etc/haproxy/maps/shop.https-wildcards.fedcba9876543210.map',
  ])
  expect(parseShowMap('# id (file) description\n\n')).toEqual([])
  expect(parseShowMap(UNKNOWN)).toBeUndefined()
})

test("show backend: HAProxy's own are left out", () => {
  expect(parseShowBackend('# name\n<HTTPCLIENT>\nbe\nshop.v6\n\n')).toEqual(['be', 'shop.v6'])
  expect(parseShowBackend('# name\n\n')).toEqual([])
  expect(parseShowBackend(UNKNOWN)).toBeUndefined()
})

test.each(both)('%s: show ssl cert', (branch) => {
  expect(parseCertificateList(captured(branch, 'show-ssl-cert'))).toEqual(['/etc/haproxy/site.pem'])
  expect(parseCertificateFingerprint(captured(branch, 'show-ssl-cert-one'))).toBe(
    'B75B41DE3613A5C1E604C42D35B49BF4A3E0A26C',
  )
})

test('show ssl cert: what is not there', () => {
  expect(
    parseCertificateFingerprint(
      "Can't display the certificate: Not found or the certificate is a bundle!\n\n",
    ),
  ).toBeUndefined()
  expect(parseCertificateList('\n')).toEqual([])
  expect(parseCertificateList('# transaction\n*/a.pem\n\n# filename\n/a.pem\n\n')).toEqual([
    '/a.pem',
  ])
  expect(parseCertificateList(UNKNOWN)).toBeUndefined()
})

test('get var: the stamp', () => {
  // 2.6 ends the answer with one line feed, 3.0 with two.
  expect(parseGetVar('proc.legate_structure: type=str value=<abc>\n')).toBe('abc')
  expect(parseGetVar('proc.legate_structure: type=str value=<abc>\n\n')).toBe('abc')
  expect(parseGetVar('Variable not found.\n\n')).toBeUndefined()
  expect(parseGetVar('proc.legate_structure: type=sint value=<1>\n')).toBeUndefined()
})
