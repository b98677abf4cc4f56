import { expect, test } from 'vitest'
import type { Doubt } from '../../src/compile/believe.ts'
import { believe } from '../../src/compile/believe.ts'
import { anInstance } from '../builders.ts'

const one = [anInstance({ id: 'api-1' })]
const two = [...one, anInstance({ id: 'api-2' })]
const failed = {
  state: 'failed',
  failure: { reason: 'consul-unreachable', message: 'refused', transient: true },
} as const

function doubt(change: Partial<Doubt> = {}): Doubt {
  return {
    last: two,
    emptySinceMs: undefined,
    policy: 'Hold',
    holdForMs: 300_000,
    atMs: 1_000_000,
    ...change,
  }
}

test('an answer with instances is believed', () => {
  expect(believe({ state: 'answered', instances: one }, doubt())).toEqual({
    instances: one,
    basis: 'fresh',
  })
})

test('a failed question keeps the last answer, whatever the policy', () => {
  for (const policy of ['Hold', 'ServiceUnavailable', 'Fallback'] as const)
    expect(believe(failed, doubt({ policy }))).toMatchObject({
      instances: two,
      basis: 'held-failed',
    })
})

test('a failed question with nothing remembered is nothing to go by', () => {
  expect(believe(failed, doubt({ last: undefined }))).toBeUndefined()
})

test('an empty answer holds for holdFor, counted from the first empty answer', () => {
  const empty = { state: 'answered', instances: [] } as const
  expect(believe(empty, doubt())).toMatchObject({ basis: 'held-empty', emptySinceMs: 1_000_000 })
  const since = { emptySinceMs: 700_001 }
  expect(believe(empty, doubt(since))).toMatchObject({ instances: two, basis: 'held-empty' })
  expect(believe(empty, doubt({ emptySinceMs: 700_000 }))).toMatchObject({
    instances: [],
    basis: 'empty',
  })
})

test('the other policies believe an empty answer at once', () => {
  const empty = { state: 'answered', instances: [] } as const
  for (const policy of ['ServiceUnavailable', 'Fallback'] as const)
    expect(believe(empty, doubt({ policy }))).toMatchObject({ instances: [], basis: 'empty' })
})

test('a service that never had instances is empty, not held', () => {
  const empty = { state: 'answered', instances: [] } as const
  expect(believe(empty, doubt({ last: undefined }))).toEqual({ instances: [], basis: 'empty' })
})

test('a question that was not asked says nothing', () => {
  expect(believe(undefined, doubt())).toEqual({ instances: [], basis: 'unasked' })
})

test('entries that cannot be read are no empty list', () => {
  const garbled = { state: 'answered', instances: [], unusable: ['Service is missing'] } as const
  expect(believe(garbled, doubt({ policy: 'ServiceUnavailable' }))).toMatchObject({
    instances: two,
    basis: 'held-failed',
  })
  expect(believe(garbled, doubt({ last: undefined }))).toMatchObject({ basis: 'empty' })
})
