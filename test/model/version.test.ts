import { expect, test } from 'vitest'
import { atLeast, parseVersion } from '../../src/model/version.ts'

test.each([
  [
    'HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/\nStatus: long-term supported branch\n',
    '2.6.12-1+deb12u4',
  ],
  ['HAProxy version 3.2.26-1 2026/10/14 - https://haproxy.org/\n', '3.2.26-1'],
  ['HAProxy version 3.5-dev4-a1b2c3-1 2026/09/01\n', '3.5-dev4-a1b2c3-1'],
  ['HA-Proxy version 1.8.19-1+deb10u3 2020/08/01\n', '1.8.19-1+deb10u3'],
  ['nginx version: nginx/1.22.1\n', undefined],
  ['', undefined],
])('reads the version of %j', (text, version) => {
  expect(parseVersion(text)).toBe(version)
})

test.each([
  ['2.6.12-1+deb12u4', '2.6', true],
  ['2.4.99', '2.6', false],
  ['2.10.0', '2.6', true],
  ['3.0.11', '2.6', true],
  ['1.9.0', '2.6', false],
  ['3.5-dev4', '3.5', true],
  ['3.0.11', '3.2', false],
])('%s is at least %s: %s', (version, branch, yes) => {
  expect(atLeast(version, branch)).toBe(yes)
})
