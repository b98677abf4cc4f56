import { expect, test } from 'vitest'
import { writeTrialConfig, type TrialRules } from '../../src/haproxy/trial-config.ts'

const RULES: TrialRules = {
  folder: '/stage',
  socket: '/stage/s',
  isRoot: true,
  countsDescriptors: true,
}
const OWN = 'global\n  stats socket /stage/s mode 600 level admin\n'

function rewrite(config: string, rules: Partial<TrialRules> = {}): string {
  const trial = writeTrialConfig(config, { ...RULES, ...rules })
  if (trial.state === 'refused') return trial.why
  expect(trial.text).toContain(OWN)
  return trial.text.slice(0, trial.text.indexOf(`\n${OWN}`))
}

test.each([
  ['stats socket /run/a.sock mode 600', 'stats socket /stage/1 mode 600'],
  [`stats 'socket' "/run/a.sock"`, `stats 'socket' /stage/1`],
  ['stats socket unix@/run/a.sock', 'stats socket unix@/stage/1'],
  ['stats timeout 10s', 'stats timeout 10s'],
  ['log /dev/log local0', 'log /stage/1 local0'],
  ['log uxdg@/dev/log local0', 'log uxdg@/stage/1 local0'],
  ['log 127.0.0.1:514 local0', 'log 127.0.0.1:514 local0'],
  ['log stdout local0', 'log stdout local0'],
  ['unix-bind prefix /run/x mode 600', 'unix-bind  mode 600'],
  ['daemon', ''],
  ['master-worker', ''],
  ['pidfile /run/haproxy.pid', ''],
  ['chroot /var/lib/haproxy', 'chroot /var/lib/haproxy'],
])('in global, %j becomes %j', (line, changed) => {
  expect(rewrite(`global\n  ${line}`)).toBe(changed === '' ? 'global\n' : `global\n  ${changed}`)
})

test.each([
  ['bind :80', 'bind :80'],
  ['bind :80,/run/a.sock,unix@b user x', 'bind :80,/stage/1,unix@/stage/2 user x'],
  ['bind abns@a', 'bind abns@a'],
  ['bind :80 interface eth0 ssl', 'bind :80  ssl'],
  ['server a /run/a.sock check', 'server a /stage/1 check no-check no-agent-check'],
  ['server a 10.0.0.1:80 # x', 'server a 10.0.0.1:80 no-check no-agent-check # x'],
  ['server a [::1]:80', 'server a [::1]:80 no-check no-agent-check'],
  ['server a a.test:80', 'server a a.test:80 no-check no-agent-check init-addr none'],
  ['server a 10.0.0.1:80 track b/c', 'server a 10.0.0.1:80  no-check no-agent-check'],
  ['default-server check', 'default-server check no-check no-agent-check'],
  ['dispatch /run/a.sock', 'dispatch /stage/1'],
  ['log /dev/log daemon', 'log /stage/1 daemon'],
])('in a proxy, %j becomes %j', (line, changed) => {
  expect(rewrite(`listen a\n  ${line}`)).toBe(`listen a\n  ${changed}`)
})

test('without root nobody becomes, or gives a socket to, somebody else', () => {
  const global =
    'global\n  user a\n  group b\n  chroot /c\n  stats socket /s user a group b mode 600'
  const text = rewrite(global, { isRoot: false })
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    'global',
    '',
    '',
    '',
    'stats socket /stage/1   mode 600',
  ])
  expect(rewrite('userlist u\n  user a password b', { isRoot: false })).toContain('user a')
})

test.each([
  ['bind fd@3', 'it has an address of the family fd'],
  ['bind "${SOCKET}"', 'a word of it is not plain'],
  [String.raw`bind /run/\x61.sock`, 'a word of it is not plain'],
  [String.raw`b\x69nd /run/a.sock`, 'its first word is quoted'],
  ['bind :80 namespace blue', 'it names a namespace'],
  ['tcp-check connect addr unix@/run/a.sock', 'it has the address of a socket where none is known'],
  ['http-request set-dst str(unix@/a)', 'it has the address of a socket where none is known'],
  ['lua-load /a.lua', '`lua-load` may do what a trial must not'],
  ['program p', '`program` may do what a trial must not'],
  ['backing-file /a', '`backing-file` may do what a trial must not'],
])('%j is not tried', (line, why) => {
  expect(rewrite(`listen a\n  ${line}`)).toBe(`line 2 cannot be tried: ${why}`)
})

test('in global, a word that may be `socket` is not tried', () => {
  const why = 'line 2 cannot be tried: a word of it is not plain'
  expect(rewrite(String.raw`global${'\n'}  stats sock\x65t /run/a.sock`)).toBe(why)
})

test('paths that stay are told, to be looked at', () => {
  const trial = writeTrialConfig('listen a\n bind :1 ssl crt /a.pem\n bind /b', RULES)
  expect(trial).toMatchObject({ state: 'ready', paths: ['/a.pem'] })
})

test('where the trial may have fewer descriptors, their number is no fault', () => {
  const trial = writeTrialConfig('global', { ...RULES, countsDescriptors: false })
  expect(trial).toMatchObject({ text: `global\n${OWN}  no strict-limits\n` })
})
