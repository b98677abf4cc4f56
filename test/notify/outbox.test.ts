/** What a receiver is told, and when: gathered, once, recoveries always, nothing that was over before. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Notice } from '../../src/notify/notice.ts'
import { dueMs, EMPTY, note, take, type Outbox } from '../../src/notify/outbox.ts'
import { aProblem, aRecovery } from './notices.ts'

const RULES = { gatherMs: 5000, repeatMs: 300_000, patienceMs: 60_000, most: 100 }

type Story = readonly (readonly [atMs: number, notice: Notice])[]

/** The messages that the story leads to until `untilMs`, each with its time. */
function told(
  story: Story,
  untilMs = 10_000_000,
): { readonly atMs: number; readonly notices: readonly Notice[] }[] {
  const messages: { atMs: number; notices: readonly Notice[] }[] = []
  let outbox = EMPTY
  const runUntil = (ms: number): void => {
    for (let due = dueMs(outbox); due !== undefined && due <= ms; due = dueMs(outbox)) {
      const taken = take(outbox, due, RULES)
      ;({ outbox } = taken)
      messages.push({ atMs: due, notices: taken.notices })
    }
  }
  for (const [atMs, notice] of story) {
    runUntil(atMs - 1)
    outbox = note(outbox, notice, atMs, RULES)
  }
  runUntil(untilMs)
  return messages
}

function brief(story: Story): string[] {
  return told(story).map(
    ({ atMs, notices }) => `${atMs}: ${notices.map((n) => `${n.object} ${n.reason}`).join(', ')}`,
  )
}

const api = 'Backend/default/api'
const web = 'Backend/default/web'

describe('a problem', () => {
  test('is told once, however often it is noted, and its recovery once', () => {
    expect(
      brief([
        [0, aProblem()],
        [1000, aProblem()],
        [20_000, aProblem({ message: 'in other words' })],
        [30_000, aRecovery()],
        [31_000, aRecovery()],
      ]),
    ).toEqual([`5000: ${api} BackendBelowDesired`, `35000: ${api} BackendRecovered`])
  })

  test('that is over before it was told is not told, nor its end', () => {
    expect(
      brief([
        [0, aProblem()],
        [4999, aRecovery()],
      ]),
    ).toEqual([])
  })

  test('that gets worse is told as such', () => {
    expect(
      brief([
        [0, aProblem()],
        [10_000, aProblem({ reason: 'BackendEmpty' })],
        [20_000, aRecovery()],
      ]),
    ).toEqual([
      `5000: ${api} BackendBelowDesired`,
      `15000: ${api} BackendEmpty`,
      `25000: ${api} BackendRecovered`,
    ])
  })

  test('that gets worse while it is gathered is told as what it became, no later', () => {
    expect(
      brief([
        [0, aProblem()],
        [3000, aProblem({ reason: 'BackendEmpty' })],
      ]),
    ).toEqual([`5000: ${api} BackendEmpty`])
  })

  test('whose end did not last is as it was told', () => {
    expect(
      brief([
        [0, aProblem()],
        [10_000, aRecovery()],
        [11_000, aProblem()],
      ]),
    ).toEqual([`5000: ${api} BackendBelowDesired`])
  })

  test('another revision is another problem', () => {
    const held = { topic: 'Revision', object: 'Manifests', reason: 'ManifestsInvalid' } as const
    expect(
      brief([
        [0, aProblem({ ...held, variant: 'revision a' })],
        [10_000, aProblem({ ...held, variant: 'revision b' })],
      ]),
    ).toHaveLength(2)
  })
})

test('what flaps is told again after a time, and its recovery at once', () => {
  const flapping = Array.from({ length: 30 }, (_, i): Story[number] => [
    i * 10_000,
    i % 2 === 0 ? aProblem() : aRecovery(),
  ])
  expect(brief([...flapping, [300_000, aProblem()]])).toEqual([
    `5000: ${api} BackendBelowDesired`,
    `15000: ${api} BackendRecovered`,
    `310000: ${api} BackendBelowDesired`,
  ])
})

test('what comes together is one message, counted from the first', () => {
  expect(
    brief([
      [0, aProblem()],
      [4000, aProblem({ object: web })],
      [4900, aProblem({ object: 'Backend/default/third' })],
      [6000, aProblem({ object: 'Backend/default/fourth' })],
    ]),
  ).toEqual([
    `5000: ${api} BackendBelowDesired, ${web} BackendBelowDesired, Backend/default/third BackendBelowDesired`,
    '11000: Backend/default/fourth BackendBelowDesired',
  ])
})

describe('patience', () => {
  const lost = aProblem({ topic: 'Consul', object: 'Consul', reason: 'Lost', isPatient: true })
  const back = aRecovery({ topic: 'Consul', object: 'Consul', reason: 'Back' })

  test('what often passes by itself is told when it has lasted', () => {
    expect(
      brief([
        [0, lost],
        [59_999, lost],
      ]),
    ).toEqual(['65000: Consul Lost'])
  })

  test('and not at all when it passes', () => {
    expect(
      brief([
        [0, lost],
        [59_000, back],
      ]),
    ).toEqual([])
  })

  test('it goes not along before its time', () => {
    expect(
      brief([
        [0, lost],
        [10_000, aProblem()],
      ]),
    ).toEqual([`15000: ${api} BackendBelowDesired`, '65000: Consul Lost'])
  })
})

describe('what is notable', () => {
  const failed = aProblem({ topic: 'Reload', object: 'HAProxy', reason: 'F', isNotable: true })
  const proven = aRecovery({ topic: 'Reload', object: 'HAProxy', reason: 'P', message: 'proven' })

  test('is told although it is over, as one notice', () => {
    const [message, ...others] = told([
      [0, failed],
      [10, proven],
      [20, proven],
    ])
    expect(others).toEqual([])
    expect(message?.notices).toEqual([
      { ...failed, state: 'Recovery', message: `${failed.message}; since then: proven` },
    ])
  })

  test('is no reason for a message every few seconds', () => {
    const war = Array.from({ length: 40 }, (_, i): Story => [
      [i * 10_000, failed],
      [i * 10_000 + 10, proven],
    ])
    expect(told(war.flat()).length).toBeLessThanOrEqual(4)
  })
})

describe('bounds', () => {
  test('of too many objects, the rest is counted', () => {
    let outbox: Outbox = EMPTY
    for (let i = 0; i < 150; i += 1)
      outbox = note(outbox, aProblem({ object: `Backend/default/b${i}` }), 0, RULES)
    expect(outbox.matters.size).toBe(100)
    expect(outbox.dropped).toBe(50)
    expect(take(outbox, 5000, RULES).notices).toHaveLength(100)
  })

  test('what is over and told leaves room', () => {
    let outbox: Outbox = EMPTY
    for (let i = 0; i < 1000; i += 1) {
      const atMs = i * 400_000
      const object = `Backend/default/b${i}`
      outbox = note(outbox, aProblem({ object }), atMs, RULES)
      ;({ outbox } = take(outbox, atMs + 5000, RULES))
      outbox = note(outbox, aRecovery({ object }), atMs + 6000, RULES)
      ;({ outbox } = take(outbox, atMs + 11_000, RULES))
    }
    expect(outbox.dropped).toBe(0)
    expect(outbox.matters.size).toBeLessThan(5)
  })
})

const anyStory: fc.Arbitrary<Story> = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: 0, max: 120_000 }),
      object: fc.constantFrom('a', 'b', 'c'),
      reason: fc.constantFrom('', 'Low', 'Empty'),
      isPatient: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let atMs = 0
    return steps.map(({ stepMs, object, reason, isPatient }): Story[number] => {
      atMs += stepMs
      if (reason === '') return [atMs, aRecovery({ object })]
      return [atMs, aProblem({ object, reason, ...(isPatient && { isPatient }) })]
    })
  })

test('whatever happens: in the end the receiver knows how it stands, and no object is told twice in a row', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      const all = told(story).flatMap(({ notices }) => notices)
      for (const object of ['a', 'b', 'c']) {
        const said = all.filter((n) => n.object === object).map((n) => [n.state, n.reason].join())
        for (const [i, words] of said.entries()) expect(words).not.toBe(said[i - 1])
        const last = story.findLast(([, n]) => n.object === object)?.[1]
        const believed = said.at(-1)?.split(',')[0] ?? 'Recovery'
        expect(believed).toBe(last?.state ?? 'Recovery')
        if (last?.state === 'Problem') expect(said.at(-1)).toBe(`Problem,${last.reason}`)
      }
    }),
  )
})
