/** What changes at once although a reload has to wait. */
import { expect, test } from 'vitest'
import type { WantedServer } from '../../src/model/bundle.ts'
import type { Plan } from '../../src/model/plan.ts'
import { plan } from '../../src/plan/plan.ts'
import { aBundle, running, type Parts } from './parts.ts'
import { RULES } from './rules.ts'

const NEXT = 'b'.repeat(64)
const one: WantedServer = { name: 'one', address: '10.0.0.1', port: 80, weight: 100, words: [] }
const three: WantedServer = { ...one, name: 'three', address: '10.0.0.3' }
const live = { servers: new Map([['api', [one, three]]]) }
const before = aBundle()

function planned(parts: Parts, proven = before, structure = before.structure): Plan {
  const next = aBundle({ structure: NEXT, ...parts })
  return plan(next, running(before, { structure }), RULES, proven)
}

function kinds(found: Plan): string[] {
  const changes = found.action === 'reload' ? (found.meanwhile ?? []) : []
  return changes.map((c) => c.kind)
}

test('servers of a backend that is the same but for them come and go', () => {
  const lines = ['timeout server 30s', 'server one 10.0.0.1:80', 'server three 10.0.0.3:80']
  const found = planned({ backend: lines, live })
  expect(found.action).toBe('reload')
  expect(kinds(found)).toEqual(['add-server', 'drain-server'])
})

test('those of one that is another wait for the reload', () => {
  expect(
    kinds(planned({ backend: ['timeout server 9s', 'server one 10.0.0.1:80'], live })),
  ).toEqual([])
})

test('nothing is changed in a process that nobody has proven, or that is another one by now', () => {
  const parts = { backend: ['timeout server 30s', 'server one 10.0.0.1:80'], live }
  expect(kinds(plan(aBundle({ structure: NEXT, ...parts }), running(before), RULES))).toEqual([])
  expect(kinds(planned(parts, before, 'c'.repeat(64)))).toEqual([])
})
