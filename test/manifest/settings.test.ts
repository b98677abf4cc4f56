import { expect, test } from 'vitest'
import type { ParsedSettings } from '../../src/manifest/settings.ts'
import { checkSettings, parseSettings } from '../../src/manifest/settings.ts'
import { said, schemas } from './parse.ts'

const HEAD = 'apiVersion: legate/v1\nkind: Settings\n'

function settings(text: string): ParsedSettings {
  return parseSettings({ path: 'legate.yaml', text }, schemas)
}

test('settings with the defaults of the schema', () => {
  const { settings: parsed, diagnostics } = settings(`${HEAD}spec: { haproxy: { hold: none } }\n`)
  expect(diagnostics).toEqual([])
  expect(parsed?.spec).toMatchObject({
    manifests: ['manifests'],
    filesRoot: '/etc/legate',
    consul: { address: 'http://127.0.0.1:8500', tls: { verify: 'Required' } },
    haproxy: { hold: 'none', settle: '2s', configMode: '0640' },
    lockWait: '0s',
  })
})

test('what is written is known without the defaults', () => {
  const spec = { haproxy: { hold: 'none' } }
  expect(settings(`${HEAD}spec: { haproxy: { hold: none } }\n`).written).toMatchObject({ spec })
  expect(settings(`${HEAD}spec: { haproxy: { hold: none } }\n`).written).not.toHaveProperty(
    'spec.haproxy.settle',
  )
})

test('settings that stand in no file: defaults, and one mistake a field, without a place', () => {
  const head = { apiVersion: 'legate/v1', kind: 'Settings' }
  const good = checkSettings({ ...head, spec: { lockWait: '3s' } }, schemas)
  expect(good.settings?.spec).toMatchObject({ lockWait: '3s', filesRoot: '/etc/legate' })
  const bad = checkSettings({ ...head, spec: { lockWait: '', haproxy: { hold: 'x' } } }, schemas)
  expect(bad.settings).toBeUndefined()
  expect(bad.diagnostics).toMatchObject([
    { code: 'LG1004', severity: 'error', pointer: '/spec/haproxy/hold' },
    { code: 'LG1006', severity: 'error', pointer: '/spec/lockWait' },
  ])
  expect(bad.diagnostics.some((diagnostic) => 'at' in diagnostic)).toBe(false)
})

test('JSON is YAML', () => {
  const text = JSON.stringify({ apiVersion: 'legate/v1', kind: 'Settings', spec: {} })
  expect(settings(text).settings?.spec.catalog).toBe('consul')
})

test('mistakes are shown as those of manifests are', () => {
  const text = `${HEAD}spec:
  haproxy: { configMode: 0640, settel: 2s, reloadTimeout: 60 }
  consul: { maxConnections: 0 }
`
  const parsed = settings(text)
  expect(parsed.settings).toBeUndefined()
  expect(said(parsed.diagnostics)).toEqual([
    '4:26-30 LG1003 spec.haproxy.configMode is 640, not text [put it in quotes: "640"]',
    '4:32-38 LG1002 unknown field "settel" in spec.haproxy [did you mean "settle"?]',
    '4:59-61 LG1003 spec.haproxy.reloadTimeout is 60, not text [a duration needs a unit, as 60s or 60ms]',
    '5:29-30 LG1006 0 is less than the minimum of maxConnections, 1',
  ])
})

test.each([
  [
    '',
    [
      '1:1-1 LG1001 the file has no settings in it [write apiVersion: legate/v1, kind: Settings and spec: {}]',
    ],
  ],
  ['- a\n', ['1:1-4 LG1003 the settings are no mapping with fields']],
  [
    'a: [',
    [
      '1:5-5 LG0001 not valid YAML: unexpected end of the stream within a flow collection [a bracket or quote is probably left open above]',
    ],
  ],
  [
    `${HEAD}spec: {}\n---\n${HEAD}spec: {}\n`,
    ['5:1-22 LG3006 a settings file has one document only [merge the documents into one]'],
  ],
  [
    'apiVersion: legate/v2\nkind: Settings\nspec: {}\n',
    ['1:13-22 LG1092 apiVersion "legate/v2" is not supported [write legate/v1]'],
  ],
  ['apiVersion: legate/v1\nkind: Backend\nspec: {}\n', ['2:7-14 LG1004 "Backend" is not Settings']],
])('%j is refused', (text, expected) => {
  const parsed = settings(text)
  expect(parsed.settings).toBeUndefined()
  expect(said(parsed.diagnostics)).toEqual(expected)
})
