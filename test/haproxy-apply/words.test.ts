import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNeeds } from '../../src/haproxy/needs.ts'
import { locateWords, readConfig, readStamp } from '../../src/haproxy/words.ts'

test.each([
  ['a  b\tc', ['a', 'b', 'c']],
  ['a # b', ['a']],
  ['a#b', ['a']],
  ['a\\ b \\# c', ['a b', '#', 'c']],
  [`'a b'c "d e"`, ['a bc', 'd e']],
  [`"a \\" b" 'c # d' e`, ['a " b', 'c # d', 'e']],
  [`a '' b`, ['a', '', 'b']],
])('%s', (line, words) => {
  expect(readConfig(line)).toEqual([{ section: '', words }])
})

test('each line knows its section', () => {
  const text = 'global\n  maxconn 5\n\nfrontend web # the shop\n  # note\n  bind :80\n'
  expect(readConfig(text)).toEqual([
    { section: 'global', words: ['global'] },
    { section: 'global', words: ['maxconn', '5'] },
    { section: 'frontend web', words: ['frontend', 'web'] },
    { section: 'frontend web', words: ['bind', ':80'] },
  ])
})

test('the stamp is the one of the global section', () => {
  expect(readStamp('global\n  set-var proc.legate_structure str(0af3)\n')).toBe('0af3')
  expect(readStamp('global\n  set-var proc.legate_structure str("0af3")\n')).toBe('0af3')
  expect(readStamp('global\n  # set-var proc.legate_structure str(0af3)\n')).toBeUndefined()
  expect(readStamp('backend b\n  set-var proc.legate_structure str(0af3)\n')).toBeUndefined()
})

test('what a configuration needs of the machine', () => {
  const needs = readNeeds(`
global
    chroot /var/lib/haproxy
    user haproxy
    group haproxy
    maxconn 4096
    stats socket /run/haproxy/legate.sock mode 600 level admin
defaults
    maxconn 2000
frontend web
    bind 127.0.0.1:8080,*:8081 name http
    bind unix@/run/front.sock
    acl is_api path_beg /api
backend api
    server a 10.0.0.1:80 check inter 2s
    server b 10.0.0.2:80
`)
  expect(needs).toEqual({
    chroot: '/var/lib/haproxy',
    user: 'haproxy',
    group: 'haproxy',
    maxconn: 4096,
    strictLimits: true,
    listeners: [
      { address: '127.0.0.1', port: 8080, section: 'frontend web' },
      { address: '0.0.0.0', port: 8081, section: 'frontend web' },
    ],
    sockets: ['/run/haproxy/legate.sock', '/run/front.sock'],
    checkedServers: 1,
    acls: [{ name: 'is_api', section: 'frontend web' }],
  })
})

test.each([
  [':80', ['0.0.0.0 80']],
  ['[::1]:80', ['::1 80']],
  ['::1:80', ['::1 80']],
  ['0:0:0:0:0:0:0:1:80', ['::1 80']],
  [':::80', [':: 80']],
  [':::80 v4v6', [':: 80', '0.0.0.0 80']],
  ['ipv6@:80', [':: 80']],
  ['ipv4@127.0.0.1:80', ['127.0.0.1 80']],
  ['"${ADDRESS}:80"', []],
  ['127.0.0.1:80-90', []],
  ['fd@5', []],
  ['localhost:80', []],
])('bind %s', (bind, endpoints) => {
  const { listeners } = readNeeds(`frontend web\n  bind ${bind}\n`)
  expect(listeners.map(({ address, port }) => `${address} ${port}`)).toEqual(endpoints)
})

test('lines with and without quotes are split by the same rules', () => {
  const line = fc.string({ unit: fc.constantFrom(...'ab01 \t\u00a0"\'\\#$:[]{}'.split('')) })
  fc.assert(
    fc.property(line, (text) => {
      const [read] = readConfig(text)
      expect(read?.words ?? []).toEqual(locateWords(text).map((word) => word.text))
    }),
  )
})
