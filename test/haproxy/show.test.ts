import { expect, test } from 'vitest'
import {
  parseCertificateFingerprint,
  parseCertificateList,
  parseGetVar,
  parseShowBackend,
  parseShowInfo,
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
