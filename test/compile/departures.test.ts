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
  expect(held).toEqual({ servers: applied.servers, held: ['c', 'd', 'e'], sinceMs: 7 })
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
