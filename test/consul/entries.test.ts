import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EntryMemory, splitEntries } from '../../src/consul/entries.ts'
import { parseHealth, type Entry } from '../../src/consul/health.ts'
import type { Answer, Instance } from '../../src/model/catalog.ts'
import { healthEntry } from '../fakes/consul-entries.ts'

/** So long that the list is split. */
const NOTES = 'n'.repeat(70_000)
/** What stands between two entries, where it does not stand between two entries. */
const HOSTILE = ',{"Node":{"Node":"x"},"Service":{},"Checks":[]'

function read(body: string, memory?: EntryMemory<Entry>): Answer {
  return parseHealth({ status: 200, headers: new Map(), body }, { service: 'web' }, 'it', memory)
}

function instancesOf(answer: Answer): readonly Instance[] {
  return answer.state === 'answered' ? answer.instances : []
}

interface Made {
  readonly id: string
  readonly port: number
  readonly notes: string
}

function entryOf({ id, port, notes }: Made): object {
  const entry = healthEntry({ id, port })
  return { ...entry, Service: { ...entry.Service, Meta: { notes } } }
}

const made = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', HOSTILE),
  port: fc.integer({ min: 1, max: 3 }),
  notes: fc.constantFrom('', 'x', HOSTILE, `"${HOSTILE}`, `\\"${HOSTILE}`, NOTES),
})
const list = fc.uniqueArray(made, { maxLength: 6, selector: ({ id }) => id })

describe.each([
  ['dense', undefined],
  ['with line breaks, as in development mode', 4],
])('a list that is %s', (_, indent) => {
  function bodyOf(entries: readonly object[]): string {
    const long = entryOf({ id: 'long', port: 9, notes: NOTES })
    return JSON.stringify([long, ...entries], null, indent)
  }

  test('is read as without a memory, whatever came before and whatever stands in it', () => {
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 5 }), (lists) => {
        const memory = new EntryMemory<Entry>()
        for (const each of lists) {
          const body = bodyOf(each.map(entryOf))
          expect(read(body, memory)).toEqual(read(body))
        }
      }),
      { numRuns: 100 },
    )
  })

  test('is split into its entries', () => {
    const entries = [{ id: 'a', port: 1, notes: HOSTILE }].map(entryOf)
    const split = splitEntries(bodyOf(entries))?.map((text): unknown => JSON.parse(text))
    expect(split).toEqual(JSON.parse(bodyOf(entries)))
  })

  test('an instance of which nothing changed that counts is the object it was', () => {
    const memory = new EntryMemory<Entry>()
    const [a, b] = ['a', 'b'].map((id) => entryOf({ id, port: 1, notes: '' }))
    const before = instancesOf(read(bodyOf([a ?? {}, b ?? {}]), memory))
    const noted = entryOf({ id: 'b', port: 1, notes: 'another' })
    const moved = entryOf({ id: 'c', port: 1, notes: '' })
    const now = instancesOf(read(bodyOf([moved, noted, a ?? {}]), memory))
    const again = instancesOf(read(bodyOf([noted, a ?? {}]), memory))
    const named = (all: readonly Instance[], id: string): Instance | undefined =>
      all.find((one) => one.id === id)
    for (const id of ['a', 'b']) {
      expect(named(before, id)).toBeDefined()
      expect(named(now, id)).toBe(named(before, id))
      expect(named(again, id)).toBe(named(before, id))
    }
    expect(named(now, 'c')?.port).toBe(1)
  })
})

test('an entry that cannot be used is remembered with what is said of it, the others are what they were', () => {
  const memory = new EntryMemory<Entry>()
  const body = (port: number): string =>
    JSON.stringify([
      entryOf({ id: 'long', port, notes: NOTES }),
      { ...entryOf({ id: 'odd', port: 1, notes: '' }), Checks: 7 },
      entryOf({ id: 'b', port: 1, notes: '' }),
    ])
  const before = read(body(1), memory)
  const now = read(body(2), memory)
  expect(now).toEqual(read(body(2)))
  expect(now).toMatchObject({ unusable: ['instance odd: Checks is not a list'] })
  expect(instancesOf(now).find(({ id }) => id === 'b')).toBe(
    instancesOf(before).find(({ id }) => id === 'b'),
  )
  memory.forget()
  expect(read(body(2), memory)).toEqual(now)
})

test.each([
  ['an entry that is none', (body: string) => body.replace(/\]$/, ',7]')],
  ['an entry without a port', (body: string) => body.replace('"Port":1,', '')],
  ['an end that is missing', (body: string) => body.slice(0, -1)],
  ['an end that is another', (body: string) => `${body}]`],
  ['two lists', (body: string) => `${body},${body}`],
  ['another order of fields', (body: string) => body.replace('[{"Node"', '[{"X":1,"Node"')],
])('%s: what is wrong is said of the whole', (_, spoil) => {
  const entries = ['a', 'b'].map((id) => entryOf({ id, port: 1, notes: NOTES }))
  const good = JSON.stringify(entries)
  const memory = new EntryMemory<Entry>()
  expect(instancesOf(read(good, memory))).toHaveLength(2)
  const bad = spoil(good)
  expect(bad).not.toBe(good)
  expect(read(bad, memory)).toEqual(read(bad))
  expect(read(good, memory)).toEqual(read(good))
})
