/** What a pass tells of rejections, failed reloads and mended manifests: transitions, each once. */
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { Event } from '../../src/model/event.ts'
import { fail } from '../../src/model/failure.ts'
import type { Plan } from '../../src/model/plan.ts'
import { judgePass } from '../../src/reconcile/judge-pass.ts'
import { emptyMemory } from '../../src/reconcile/memory.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { aFailure, anOutcome, limits, RELOAD } from './outcomes.ts'

/** Types of the events of each of these passes. */
function told(...outcomes: readonly Outcome[]): Event['type'][][] {
  let memory = emptyMemory(limits)
  return outcomes.map((outcome, i) => {
    const judged = judgePass(outcome, memory, limits, { atMs: i * 10, random: 0 })
    ;({ memory } = judged)
    return judged.events.map(({ type }) => type)
  })
}

const invalid: Diagnostic = { code: 'LG1002', severity: 'error', message: 'unknown field' }

describe('without a last good revision', () => {
  const rejected = anOutcome({ errors: ['no such keyword'] })
  const bad = { ...anOutcome(), diagnostics: [invalid] }

  test('what HAProxy rejects is told once, and that it is mended', () => {
    expect(told(rejected, rejected, rejected, anOutcome(), anOutcome())).toEqual([
      [],
      ['config-rejected'],
      [],
      ['manifests-mended'],
      [],
    ])
  })

  test('invalid manifests are told as such', () => {
    expect(told(bad, bad, bad, anOutcome())).toEqual([
      [],
      ['diagnostics'],
      [],
      ['manifests-mended'],
    ])
  })
})

describe('with one', () => {
  test('a rejection comes before the holding, once', () => {
    const held = anOutcome({ held: 'bad' })
    expect(told(anOutcome(), held, held, anOutcome())).toEqual([
      [],
      ['config-rejected', 'revision-held'],
      [],
      ['revision-released'],
    ])
  })

  test('an invalid revision is no rejection', () => {
    const held: Outcome = {
      ...anOutcome(),
      held: { name: 'revision bad', revision: 'bad', diagnostics: [invalid] },
    }
    expect(told(held)).toEqual([['revision-held']])
  })
})

describe('a reload that is not proven', () => {
  const failure = aFailure('reload-unproven')
  const failed = (rolledBack: boolean, plan: Plan = RELOAD): Outcome => ({
    ...anOutcome({ plan, failure }),
    applied: { state: 'failed', result: fail(failure), rolledBack },
  })

  test('is told with its roll back, once', () => {
    expect(told(failed(true), failed(true), anOutcome())).toEqual([
      ['reload-failed', 'rolled-back', 'failed'],
      ['failed'],
      ['recovered'],
    ])
  })

  test('and without one', () => {
    expect(told(failed(false))).toEqual([['reload-failed', 'failed']])
  })

  test('a failed write is none', () => {
    expect(told(failed(true, { action: 'write', reasons: [] }))).toEqual([['failed']])
  })

  test('the log says the words once', () => {
    const { events } = judgePass(failed(true), emptyMemory(limits), limits, { atMs: 0, random: 0 })
    expect(events.map((e) => (e.type === 'failed' ? e.again : undefined))).toContain(true)
  })
})

test('a Backend that is not healthy and goes away is told of', () => {
  const declared = anOutcome({
    levels: { 'Backend/default/a': 'Empty', 'Backend/default/b': 'Healthy' },
  })
  const { compiled: _compiled, ...unread } = anOutcome({ failure: aFailure('files-unreadable') })
  expect(told(declared, unread, declared, anOutcome(), anOutcome())).toEqual([
    ['capacity-changed'],
    ['failed'],
    ['recovered'],
    ['capacity-ended'],
    [],
  ])
})
