import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseServersState, type SeenServers } from '../../src/haproxy/show-servers.ts'
import { captured } from './captured.ts'

const text = captured('2.6', 'show-servers-state')
const [version = '', heading = '', row = '', second = ''] = text.split('\n')
const UNKNOWN = 'Unknown command, but maybe one of the following ones is a better match:\n\n'

function serversOf(seen: SeenServers | undefined, backend = 'be') {
  return seen?.backends.get(backend)?.servers
}

function answer(...rows: readonly string[]): string {
  return [version, heading, ...rows, '', ''].join('\n')
}

/** The line with some columns changed. */
function withCells(line: string, cells: Readonly<Record<string, string | number>>): string {
  const names = heading.replace('# ', '').split(' ')
  const all = line.split(' ')
  for (const [name, value] of Object.entries(cells)) all[names.indexOf(name)] = String(value)
  return all.join(' ')
}

test.each(['2.6', '3.2'] as const)('%s: show servers state', (branch) => {
  const seen = parseServersState(captured(branch, 'show-servers-state'))
  const common = { admin: 'ready', check: 'none' }
  expect(serversOf(seen)).toEqual([
    { name: 's1', address: '127.0.0.1', port: 18212, weight: 20, ...common },
    { name: 's2', address: '127.0.0.1', port: 18213, weight: 20, ...common, check: 'failed' },
  ])
  expect(serversOf(seen, 'shop.v6')).toEqual([
    { name: 'i-0123456789ab', address: 'fd00::1:0:0:1', port: 18212, weight: 1, ...common },
  ])
})

test('the weight is the one in use, not the one of the file', () => {
  const seen = parseServersState(answer(withCells(row, { srv_uweight: 7, srv_iweight: 20 })))
  expect(serversOf(seen)?.[0]?.weight).toBe(7)
})

test('servers are sorted, IPv6 is in canonical form', () => {
  const seen = parseServersState(answer(second, withCells(row, { srv_addr: '::1.2.3.4' })))
  expect(serversOf(seen)?.map((s) => [s.name, s.address])).toEqual([
    ['s1', '::102:304'],
    ['s2', '127.0.0.1'],
  ])
})

test('no servers is an empty answer, half an answer or another format is none', () => {
  expect(parseServersState(answer())?.backends).toEqual(new Map())
  expect(parseServersState(text.slice(0, 500))).toBeUndefined()
  expect(parseServersState(text.replace(/^1\n/, '2\n'))).toBeUndefined()
  expect(parseServersState(text.replace('srv_uweight', 'srv_weight'))).toBeUndefined()
  expect(parseServersState(answer(row.slice(0, 20)))).toBeUndefined()
  expect(parseServersState(UNKNOWN)).toBeUndefined()
})

// Bits of srv_admin_state: FMAINT 1, IMAINT 2, CMAINT 4, FDRAIN 8, IDRAIN 16, RMAINT 32, HMAINT 64.
test.each([
  [0, 'ready'],
  [1, 'maintenance'],
  [2, 'maintenance'],
  [5, 'maintenance'],
  [4, 'ready'],
  [8, 'drain'],
  [16, 'drain'],
  [9, 'maintenance'],
  [32, 'ready'],
  [64, 'ready'],
] as const)('srv_admin_state %d: %s', (srv_admin_state, admin) => {
  const seen = parseServersState(answer(withCells(row, { srv_admin_state })))
  expect(serversOf(seen)?.[0]?.admin).toBe(admin)
})

test.each([
  ['not configured', { srv_check_state: 0, srv_check_result: 0, srv_check_status: 1 }, 'none'],
  ['never enabled', { srv_check_state: 2, srv_check_result: 0, srv_check_status: 1 }, 'none'],
  ['first under way', { srv_check_state: 7, srv_check_result: 0, srv_check_status: 1 }, 'unknown'],
  ['refused', { srv_check_state: 6, srv_check_result: 2, srv_check_status: 8 }, 'failed'],
  ['answered', { srv_check_state: 6, srv_check_result: 3, srv_check_status: 15 }, 'passed'],
  ['answered 404', { srv_check_state: 6, srv_check_result: 4, srv_check_status: 16 }, 'passed'],
  ['next under way', { srv_check_state: 7, srv_check_result: 0, srv_check_status: 6 }, 'passed'],
  ['next after bad', { srv_check_state: 7, srv_check_result: 0, srv_check_status: 7 }, 'failed'],
  ['paused', { srv_check_state: 14, srv_check_result: 3, srv_check_status: 6 }, 'passed'],
] as const)('a check that is %s', (_, cells, check) => {
  expect(serversOf(parseServersState(answer(withCells(row, cells))))?.[0]?.check).toBe(check)
})

test('what says nothing new is the same object', () => {
  const rows = [row, second, withCells(row, { be_name: 'other', srv_name: 'x' })]
  const later = (line: string): string => withCells(line, { srv_time_since_last_change: 123456 })
  const first = parseServersState(answer(...rows))
  expect(parseServersState(answer(...rows.map(later)), first)).toBe(first)

  // What is in the line, and in nothing that we say.
  const busy = rows.map((line) => withCells(line, { srv_check_health: 99 }))
  const again = parseServersState(answer(...busy), first)
  expect(again).not.toBe(first)
  expect(serversOf(again)).toBe(serversOf(first))

  const changed = [later(row), withCells(second, { srv_uweight: 5 }), later(rows[2] ?? '')]
  const next = parseServersState(answer(...changed), first)
  expect(serversOf(next)).not.toBe(serversOf(first))
  expect(serversOf(next)?.[0]).toBe(serversOf(first)?.[0])
  expect(serversOf(next)?.[1]?.weight).toBe(5)
  expect(serversOf(next, 'other')).toBe(serversOf(first, 'other'))
})

test.each([
  ['one comes', (rows: string[]) => rows.toSpliced(2, 0, withCells(row, { srv_name: 'new' }))],
  ['one goes', (rows: string[]) => rows.toSpliced(2, 1)],
  ['a hundred go', (rows: string[]) => rows.slice(100)],
  ['two change places', (rows: string[]) => rows.toSpliced(1, 2, rows[2] ?? '', rows[1] ?? '')],
] as const)('%s: the same as without a memory', (_, change) => {
  const rows = Array.from({ length: 200 }, (__, n) =>
    withCells(row, { be_name: `be-${Math.floor(n / 10)}`, srv_name: `s${n}` }),
  )
  const now = answer(...change(rows))
  const last = parseServersState(answer(...rows))
  expect(parseServersState(now, last)?.backends).toEqual(parseServersState(now)?.backends)
  // The last backend is as it was.
  expect(serversOf(parseServersState(now, last), 'be-19')).toBe(serversOf(last, 'be-19'))
})

test('whatever was read before, what is read now is what it says', () => {
  const line = fc.record({
    be_name: fc.constantFrom('a', 'ab', 'b'),
    srv_name: fc.constantFrom('s1', 's2', 's3', 's4'),
    srv_addr: fc.constantFrom('10.0.0.1', '10.0.0.2'),
    srv_time_since_last_change: fc.constantFrom(1, 12, 123),
  })
  const lines = fc
    .uniqueArray(line, { selector: (each) => `${each.be_name}/${each.srv_name}` })
    .map((all) => all.toSorted((a, b) => (a.be_name < b.be_name ? -1 : 1)))
  fc.assert(
    fc.property(fc.array(lines, { minLength: 2, maxLength: 6 }), (answers) => {
      let seen: SeenServers | undefined
      for (const all of answers) {
        const now = answer(...all.map((each) => withCells(row, each)))
        seen = parseServersState(now, seen)
        expect(seen).toEqual(parseServersState(now))
      }
    }),
  )
})
