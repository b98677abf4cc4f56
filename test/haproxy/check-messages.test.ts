import { expect, test } from 'vitest'
import { parseCheckOutput } from '../../src/haproxy/check-messages.ts'

const path = '/var/lib/legate/staging/check-1-ab.cfg'
const checked = { path, secrets: [] }

/** What 2.6.12 prints; 3.2 lacks `config : ` in some lines. */
function refused(...lines: string[]): string {
  return [
    '[NOTICE]   (13881) : haproxy version is 2.6.12-1+deb12u4',
    '[NOTICE]   (13881) : path to executable is /usr/sbin/haproxy',
    ...lines,
    `[ALERT]    (13881) : config : Error(s) found in configuration file : ${path}`,
    '[ALERT]    (13881) : config : Fatal errors found in configuration.',
    '',
  ].join('\n')
}

test('every error has its line; the closing words are left out', () => {
  const output = refused(
    `[ALERT]    (13881) : config : parsing [${path}:8] : unknown keyword 'bogus' in 'frontend' section`,
    `[ALERT]    (13881) : config : parsing [${path}:9]: 'hey'.`,
    `[ALERT]    (13881) : http frontend 'f' (${path}:6) tries to use incompatible tcp backend 'b' (${path}:12).`,
    "[ALERT]    (13881) : config : Proxy 'f': unable to find required default_backend: 'nope'.",
  )
  expect(parseCheckOutput(output, checked, false)).toEqual([
    { severity: 'error', line: 8, text: "unknown keyword 'bogus' in 'frontend' section" },
    { severity: 'error', line: 9, text: "'hey'." },
    {
      severity: 'error',
      line: 6,
      text: "http frontend 'f' (haproxy.cfg:6) tries to use incompatible tcp backend 'b' (haproxy.cfg:12).",
    },
    { severity: 'error', text: "Proxy 'f': unable to find required default_backend: 'nope'." },
  ])
})

test('indented lines belong to the message before them, carets do not', () => {
  const output = refused(
    `[ALERT]    (1) : config : parsing [${path}:8]: unmatched quote at position 18:`,
    "  acl x hdr(host) 'abc",
    '                  ^',
  )
  expect(parseCheckOutput(output, checked, false)).toEqual([
    {
      severity: 'error',
      line: 8,
      text: "unmatched quote at position 18: acl x hdr(host) 'abc",
    },
  ])
})

test('warnings of an accepted configuration, in full', () => {
  const output = [
    "[WARNING]  (1) : config : missing timeouts for frontend 'f'.",
    '   | While not properly invalid, you will certainly encounter problems',
    "   | timeouts are set to a non-zero value: 'client'.",
    '[warning] 325/154118 (1) : Lua says something',
    '[ALERT]    (1) : config : an alert that stops nothing',
    'Warnings were found.',
    'Configuration file is valid',
  ].join('\n')
  expect(parseCheckOutput(output, checked, true)).toEqual([
    {
      severity: 'warning',
      text: "missing timeouts for frontend 'f'. While not properly invalid, you will certainly encounter problems timeouts are set to a non-zero value: 'client'.",
    },
    { severity: 'warning', text: 'Lua says something' },
    { severity: 'warning', text: 'an alert that stops nothing' },
  ])
})

test('a refusal without a severity is still told', () => {
  const words = 'Configuration file has no error but will not start (no listener) => exit(2).'
  expect(parseCheckOutput(`${words}\n`, checked, false)).toEqual([
    { severity: 'error', text: words },
  ])
})

test('secrets are hidden, also where the cut would have left a part; controls are shown as escapes', () => {
  const secret = `$6$salt$${'h'.repeat(500)}`
  const line = `[ALERT]    (1) : config : parsing [${path}:3] : ${'x'.repeat(300)} ${secret} \u001b[31mred`
  const [message] = parseCheckOutput(refused(line), { path, secrets: [secret, ''] }, false)
  expect(message?.text).toBe(`${'x'.repeat(300)} (secret) \\u{1b}[31mred`)
})

test('a path with signs that mean something in a pattern', () => {
  const odd = '/srv/a+b (c)/[x]/check.cfg'
  const line = `[ALERT]    (1) : config : parsing [${odd}:7] : no`
  expect(parseCheckOutput(line, { path: odd, secrets: [] }, false)).toEqual([
    { severity: 'error', line: 7, text: 'no' },
  ])
})

test('a flood of messages is cut', () => {
  const line = `[WARNING]  (1) : config : parsing [${path}:7] : again\n`
  expect(parseCheckOutput(line.repeat(10_000), checked, true)).toHaveLength(100)
})
