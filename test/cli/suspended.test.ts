/** A pass under the flag goes as far as the plan, and no further; that the flag came and went is told once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { suspendable } from '../../src/cli/suspended.ts'
import { isInForce } from '../../src/cli/status-board.ts'
import { removeSuspension, writeSuspension } from '../../src/files/suspension.ts'
import { createWriter } from '../../src/files/writer.ts'
import type { Event } from '../../src/model/event.ts'
import { judgePass } from '../../src/reconcile/judge-pass.ts'
import { emptyMemory } from '../../src/reconcile/memory.ts'
import type { Intent } from '../../src/reconcile/outcome.ts'
import { anOutcome, limits, RELOAD } from '../loop/outcomes.ts'

const flag = { by: 'me', at: '2026-01-02T03:04:05.000Z', reason: 'r' }

test('until it is gone, nothing is applied', async () => {
  const state = mkdtempSync(join(tmpdir(), 'legate-suspended-'))
  onTestFinished(() => rmSync(state, { recursive: true }))
  const asked: Intent['until'][] = []
  const events: Event['type'][] = []
  const pass = suspendable(
    state,
    async (intent) => {
      asked.push(intent.until)
      return anOutcome({ plan: RELOAD, applied: intent.until === 'applied' })
    },
    (event) => events.push(event.type),
  )
  const intent: Intent = { until: 'applied' }
  expect((await pass(intent)).suspended).toBeUndefined()
  await writeSuspension(state, flag, createWriter())
  expect((await pass(intent)).suspended).toEqual(flag)
  await pass(intent)
  await writeSuspension(state, { ...flag, reason: 'another' }, createWriter())
  await pass(intent)
  await removeSuspension(state, createWriter())
  await pass(intent)
  await pass(intent)
  expect(asked).toEqual(['applied', 'plan', 'plan', 'plan', 'applied', 'applied'])
  expect(events).toEqual(['suspended', 'suspended', 'resumed'])
})

test('what waits for its end is neither in sync nor in force', () => {
  const waiting = { ...anOutcome({ plan: RELOAD }), suspended: flag }
  const moment = { atMs: 0, random: 0 }
  expect(judgePass(waiting, emptyMemory(limits), limits, moment).result).toBe('suspended')
  expect(isInForce(waiting)).toBe(false)
  const idle = { ...anOutcome(), suspended: flag }
  expect(judgePass(idle, emptyMemory(limits), limits, moment).result).toBe('in-sync')
  expect(isInForce(idle)).toBe(true)
})
