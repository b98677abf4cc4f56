import { expect, test } from 'vitest'
import type { Server } from '../../src/model/topology.ts'
import { holdDepartures } from '../../src/compile/departures.ts'

const guard = { share: 50, least: 3, holdMs: 30_000 }
const servers = (...names: string[]): Server[] =>
  names.map((name) => ({ name, address: `10.0.0.${name.charCodeAt(0)}`, port: 80, weight: 100 }))
const applied = { servers: servers('a', 'b', 'c', 'd', 'e') }

test('two of five may leave, three are held', () => {
  expect(holdDepartures(servers('a', 'b', 'c'), applied, guard, 0).held).toEqual([])
  const held = holdDepartures(servers('a', 'b'), applied, guard, 7)
  expect(held).toEqual({ servers: applied.servers, held: ['c', 'd', 'e'], sinceMs: 7, left: [] })
})

test('exactly half may leave', () => {
  const six = { ...applied, servers: servers('a', 'b', 'c', 'd', 'e', 'f') }
  expect(holdDepartures(servers('a', 'b', 'c'), six, guard, 0).held).toEqual([])
})

test('few servers are never held: a backend of two loses one at once', () => {
  const two = { ...applied, servers: servers('a', 'b') }
  expect(holdDepartures(servers('a'), two, guard, 0).servers).toEqual(servers('a'))
  expect(holdDepartures([], two, guard, 0).servers).toEqual([])
})

test('additions pass while departures are held', () => {
  const held = holdDepartures(servers('a', 'x'), applied, guard, 0)
  expect(held.servers.map((s) => s.name)).toEqual(['a', 'b', 'c', 'd', 'e', 'x'])
})

test('after the hold time they go; the time runs from the first sight', () => {
  const since = { ...applied, departingSinceMs: 1000 }
  expect(holdDepartures(servers('a'), since, guard, 30_999).sinceMs).toBe(1000)
  expect(holdDepartures(servers('a'), since, guard, 31_000).servers).toEqual(servers('a'))
})

test('an address that was taken over is not held twice', () => {
  const moved = [{ name: 'n', address: applied.servers[1]?.address ?? '', port: 80, weight: 100 }]
  expect(holdDepartures(moved, applied, guard, 0).held).toEqual(['a', 'c', 'd', 'e'])
})

test('100 percent switches it off', () => {
  expect(holdDepartures([], applied, { ...guard, share: 100 }, 0).held).toEqual([])
})

test('what leaves one by one within the hold time leaves together', () => {
  const one = holdDepartures(servers('b', 'c', 'd', 'e'), applied, guard, 0)
  expect(one).toMatchObject({ held: [], left: [{ name: 'a', atMs: 0 }] })
  const two = holdDepartures(servers('c', 'd', 'e'), one, guard, 10_000)
  expect(two.left.map((l) => l.name)).toEqual(['a', 'b'])
  expect(holdDepartures(servers('d', 'e'), two, guard, 20_000).held).toEqual(['c'])
  // The first is long gone, the second is back.
  expect(holdDepartures(servers('d', 'e'), two, guard, 30_000).held).toEqual([])
  expect(holdDepartures(servers('a', 'd', 'e'), two, guard, 20_000).held).toEqual([])
})

test('nothing is held because of what has left before', () => {
  const left = ['a', 'b', 'c'].map((name) => ({ name, atMs: 0 }))
  const after = holdDepartures(servers('d', 'e'), { servers: servers('d', 'e'), left }, guard, 1)
  expect(after).toEqual({ servers: servers('d', 'e'), held: [], left })
})

test('what was believed after its time does not count against what leaves next', () => {
  const since = { ...applied, departingSinceMs: 1000 }
  expect(holdDepartures(servers('a'), since, guard, 31_000).left).toEqual([])
})
