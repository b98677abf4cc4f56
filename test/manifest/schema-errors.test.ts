import { expect, test } from 'vitest'
import { parse, said, saidOf } from './parse.ts'

test('LG1001: missing fields, told once for the object that lacks them', () => {
  expect(saidOf('Frontend', 'listeners:\n  - address: 10.0.0.1\n')).toEqual([
    '6:7-24 LG1001 "name" and "port" are missing in spec.listeners[0]',
  ])
  const lacking = 'apiVersion: legate/v1\nkind: Userlist\nmetadata: {}\n'
  expect(said(parse(lacking).diagnostics)).toEqual([
    '1:1-22 LG1001 "spec" is missing in the document',
    '3:1-9 LG1001 "name" is missing in metadata',
  ])
  expect(said(parse('spec: {}\n').diagnostics)).toEqual([
    '1:1-9 LG1001 "kind" is missing in the document',
  ])
})

test('LG1002: unknown fields, with what was probably meant', () => {
  expect(
    saidOf('Frontend', 'listeners:\n  - { name: a, prot: 80 }\nmaxcon: 5\nzebra: 1\n'),
  ).toEqual([
    '6:18-22 LG1002 unknown field "prot" in spec.listeners[0] [did you mean "port"?]',
    '7:3-9 LG1002 unknown field "maxcon" in spec [did you mean "maxconn"?]',
    '8:3-8 LG1002 unknown field "zebra" in spec [known fields: defaultsRef, maxconn, listeners, defaultBackendRef, filters, stats]',
  ])
})

test('LG1002: a field that has its default is still one that may have been meant', () => {
  expect(
    saidOf('Backend', 'source: { consul: { service: a } }\ncheck: { intervall: 5s }\n'),
  ).toEqual(['6:12-21 LG1002 unknown field "intervall" in spec.check [did you mean "interval"?]'])
})

test('LG1002: merge keys are unknown fields with a hint of their own', () => {
  expect(saidOf('Defaults', '<<: { retries: 3 }')).toEqual([
    '5:3-5 LG1002 unknown field "<<" in spec [merge keys are not read; write the fields out]',
  ])
})

test('LG1003: wrong types, in words', () => {
  const spec = `source: { consul: { service: 5, tags: api } }
check: { interval: 5, rise: "2", fall: 1.5 }
timeouts:
onEmpty: []
maxconnPerServer: true
retries: .nan
`
  expect(saidOf('Backend', spec)).toEqual([
    '5:32-33 LG1003 spec.source.consul.service is 5, not text [put it in quotes: "5"]',
    '5:41-44 LG1003 spec.source.consul.tags is the text "api", not a list [write it as a list: ["api"]]',
    '6:22-23 LG1003 spec.check.interval is 5, not text [a duration needs a unit, as 5s or 5ms]',
    '6:31-34 LG1003 spec.check.rise is the text "2", not a whole number [take the quotes away]',
    '6:42-45 LG1003 spec.check.fall is 1.5, not a whole number',
    '7:3-11 LG1003 spec.timeouts is empty, not a mapping with fields',
    '8:12-14 LG1003 spec.onEmpty is a list, not a mapping with fields',
    '9:21-25 LG1003 spec.maxconnPerServer is true, not a whole number',
    '10:12-16 LG1003 spec.retries is NaN, not a whole number',
  ])
})

test.each(['just text', '- a\n- b\n', '5'])('LG1003: the document %j is no mapping', (text) => {
  expect(parse(text).diagnostics).toMatchObject([{ code: 'LG1003', at: { line: 1, column: 1 } }])
})

test('LG1004: values that are not allowed', () => {
  const spec = 'listeners:\n  - { name: a, port: 80, protocol: HTPS, acceptProxy: no }\n'
  expect(saidOf('Frontend', spec)).toEqual([
    '6:38-42 LG1004 "HTPS" is not one of HTTP, HTTPS [did you mean "HTTPS"?]',
    '6:57-59 LG1004 "no" is not one of Never, Always',
  ])
  expect(saidOf('Defaults', 'errorFiles: [{ status: 418, file: a.http }]')).toEqual([
    '5:26-29 LG1004 418 is not one of 200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 425, 429, 500, 501, 502, 503, 504',
  ])
})

test('LG1005: what the form should be, in the words of the schema', () => {
  const spec = 'source: { consul: { service: a } }\ncheck: { interval: 5 s, port: 80 }\n'
  expect(saidOf('Backend', spec)).toEqual([
    '6:22-25 LG1005 "5 s" is not valid as spec.check.interval [a duration: one to four numbers of at most five digits, each with its unit h, m, s or ms, as 5s or 1h30m]',
  ])
  const named = `apiVersion: legate/v1
kind: Userlist
metadata:
  name: Shop_1
  labels: { "bad key": x }
spec: { users: [{ name: a, passwordFrom: { file: ../shadow } }] }
`
  expect(said(parse(named).diagnostics)).toEqual([
    '4:9-15 LG1005 "Shop_1" is not valid as metadata.name [a name: lower-case letters, digits and -, 1 to 63 characters, beginning and ending with a letter or digit]',
    '5:13-22 LG1005 "bad key" is not valid as a name in metadata.labels [key of a label: letters, digits and ._/-, at most 253 characters]',
    '6:50-59 LG1005 "../shadow" is not valid as spec.users[0].passwordFrom.file [path of a file on the HAProxy machine; a relative one is below the files root (setting filesRoot). Letters, digits and ._@+-; no .. segment; at most 512 characters]',
  ])
})

test('LG1006: out of range, too long, empty', () => {
  const spec = `listeners:
  - { name: a, port: 70000 }
  - { name: ${'b'.repeat(64)}, port: 0 }
  - { name: "", port: 9007199254740993 }
`
  expect(saidOf('Frontend', spec)).toEqual([
    '6:24-29 LG1006 70000 is more than the maximum of port, 65535',
    '7:15-79 LG1006 spec.listeners[1].name has 64 characters, more than 63',
    '7:87-88 LG1006 0 is less than the minimum of port, 1',
    '8:15-17 LG1006 spec.listeners[2].name is empty [a name: lower-case letters, digits and -, 1 to 63 characters, beginning and ending with a letter or digit]',
    '8:25-41 LG1006 9007199254740992 is more than the maximum of port, 65535',
  ])
})

test('LG1008: too few, too many, repeated', () => {
  expect(saidOf('Frontend', 'listeners: []')).toEqual([
    '5:3-12 LG1008 spec.listeners has 0 items; at least 1 must be there',
  ])
  expect(saidOf('Defaults', `options: [HTTPLog, DontLogNull, HTTPLog]`)).toEqual([
    '5:35-42 LG1008 "HTTPLog" is in spec.options twice, as items 0 and 2',
  ])
  const filters =
    '{ type: RequestHeaderModifier, requestHeaderModifier: { remove: [a] } }, '.repeat(17)
  expect(saidOf('Frontend', `listeners: [{ name: a, port: 80 }]\nfilters: [${filters}]`)).toEqual([
    '6:3-10 LG1008 spec.filters has 17 items; at most 16 are allowed',
  ])
})

function saidOfKind(kind: string): string[] {
  const text = `apiVersion: legate/v1\nkind: ${kind}\nmetadata: { name: a }\nspec: {}\n`
  return said(parse(text).diagnostics)
}

test('LG1090: unknown kinds', () => {
  expect(saidOfKind('Bakcend')).toEqual([
    '2:7-14 LG1090 "Bakcend" is no kind of manifest [did you mean "Backend"?]',
  ])
  expect(saidOfKind('ConfigMap')).toEqual([
    '2:7-16 LG1090 "ConfigMap" is no kind of manifest [known kinds: Global, Defaults, Frontend, HostRoute, Backend, Certificate, Userlist]',
  ])
  expect(saidOfKind('Settings')).toEqual([
    '2:7-15 LG1090 "Settings" is no kind of manifest [settings have a file of their own: legate.yaml, or --config FILE]',
  ])
  expect(saidOfKind('[Backend]')).toEqual([
    '2:7-16 LG1090 what stands here is no kind of manifest [known kinds: Global, Defaults, Frontend, HostRoute, Backend, Certificate, Userlist]',
  ])
})

test('LG1091 and LG1092: a status, and another apiVersion; the rest is checked all the same', () => {
  const text = `apiVersion: legate/v2
kind: Defaults
metadata: { name: default }
spec: { retries: -1 }
status: { phase: Ready }
`
  expect(said(parse(text).diagnostics)).toEqual([
    '1:13-22 LG1092 apiVersion "legate/v2" is not supported [write legate/v1]',
    '4:18-20 LG1006 -1 is less than the minimum of retries, 0',
    '5:1-7 LG1091 a manifest has no status: git holds the spec, Legate serves the status [remove it]',
  ])
})

test('one error a place: what follows from a mistake is not a second one', () => {
  expect(saidOf('Userlist', 'users: [{ name: "", passwordFrom: { fil: a } }]')).toEqual([
    '5:19-21 LG1006 spec.users[0].name is empty [name to log in with, unique in the list: letters, digits and _.@-, 1 to 64 characters]',
    '5:39-42 LG1002 unknown field "fil" in spec.users[0].passwordFrom [did you mean "file"?]',
  ])
})
