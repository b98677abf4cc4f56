import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { logicalName, parseMapContent, parseShowMap } from '../../src/haproxy/show-map.ts'
import { captured } from './captured.ts'

const UNKNOWN = 'Unknown command, but maybe one of the following ones is a better match:\n\n'

test.each(['2.6', '3.2'] as const)('%s: show map', (branch) => {
  expect(parseShowMap(captured(branch, 'show-map'))).toEqual([
    '/etc/haproxy/maps/https-hosts.0123456789abcdef.map',
    '/etc/haproxy/maps/shop.https-wildcards.fedcba9876543210.map',
  ])
  expect(parseShowMap('# id (file) description\n\n')).toEqual([])
  expect(parseShowMap(UNKNOWN)).toBeUndefined()
})

test('a map of Legate bears a digest in its path', () => {
  expect(logicalName('/m/shop.web-hosts.0123456789abcdef.map')).toBe('shop.web-hosts.map')
  expect(logicalName('/m/theirs.map')).toBeUndefined()
  expect(logicalName('/m/0123456789abcdef.map')).toBeUndefined()
})

test('the content is that of a file, in its order', () => {
  const text = 'b.io api\na.io a key with spaces\n'
  const answer = '0x563e9a02a530 b.io api\n0x7fd17d641280 a.io a key with spaces\n\n'
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  expect(parseMapContent(answer)).toEqual({ text, digest })
  expect(parseMapContent('\n')).toMatchObject({ text: '' })
  expect(parseMapContent('Unknown map identifier. Please use #<id> or <file>.\n\n')).toBeUndefined()
  expect(parseMapContent('')).toBeUndefined()
  expect(parseMapContent(answer.slice(0, -1))).toBeUndefined()
})
