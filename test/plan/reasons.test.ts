/** What changed from the file that was applied last, named so that a person finds it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Bundle } from '../../src/model/bundle.ts'
import type { Reason } from '../../src/model/plan.ts'
import { sealConfig } from '../../src/model/target-file.ts'
import type { Parts } from './parts.ts'
import { aBundle, planOf, running } from './parts.ts'

const bundle = aBundle()
const ONE = 'server one 10.0.0.1:80'
const TWO = 'server two 10.0.0.2:80'

/** What a change of the first bundle into the second gives as reasons. */
function reasonsOf(before: Parts, after: Parts): readonly Reason[] {
  const structure = 'b'.repeat(64)
  const planned = planOf(aBundle({ structure, ...after }), running(aBundle(before)))
  return planned.action === 'in-sync' ? [] : planned.reasons
}

const api = { resource: 'Backend/default/api' }

test('a changed line: the directive, never its value', () => {
  expect(reasonsOf({}, { backend: ['timeout server 40s', ONE, TWO] })).toEqual([
    {
      code: 'structure-changed',
      message: 'backend api: "timeout server" changes',
      directive: 'timeout server',
      ...api,
    },
  ])
  const secret = reasonsOf({}, { backend: ['user admin password $5$hash', ONE, TWO] })
  expect(JSON.stringify(secret)).not.toContain('hash')
})

test('a line that goes', () => {
  expect(reasonsOf({}, { backend: [ONE, TWO] })).toMatchObject([{ directive: 'timeout server' }])
})

test('lines in another order', () => {
  const before = { backend: ['balance first', 'retries 1'] }
  expect(reasonsOf(before, { backend: before.backend.toReversed() })).toEqual([
    { code: 'structure-changed', message: 'backend api: the order of its lines changes', ...api },
  ])
})

test('other defaults', () => {
  const before = running(bundle)
  const text = bundle.config.replace('backend api from base', 'backend api from slow')
  const planned = planOf(bundle, { ...before, config: { state: 'ours', text } })
  expect(planned).toMatchObject({
    reasons: [{ message: 'backend api: its defaults change', directive: 'backend api', ...api }],
  })
})

test('servers that join, leave and change, in one sentence', () => {
  const servers = ['server two 10.0.0.9:80', 'server three 10.0.0.3:80', 'server four 10.0.0.4:80']
  expect(reasonsOf({}, { backend: ['timeout server 30s', ...servers] })).toEqual([
    {
      code: 'servers-changed',
      message: 'backend api: 2 servers joined, 1 server left, 1 server changed',
      directive: 'server',
      ...api,
    },
  ])
})

test('sections that come and go', () => {
  const more = '# Backend/shop/pay\nbackend shop.pay from base\n    balance first\n'
  expect(reasonsOf({}, { more })).toEqual([
    { code: 'structure-changed', message: 'backend shop.pay is new', resource: 'Backend/shop/pay' },
  ])
  expect(reasonsOf({ more }, {})).toEqual([
    {
      code: 'structure-changed',
      message: 'backend shop.pay is gone',
      resource: 'Backend/shop/pay',
    },
  ])
})

test('another map of the same name: the routes of its frontend', () => {
  expect(reasonsOf({}, { prefix: '2'.repeat(16) })).toEqual([
    {
      code: 'routes-changed',
      message: 'frontend web: its routes change (prefix)',
      resource: 'Frontend/default/web',
    },
  ])
})

test('another stamp over the same lines: the content of a file', () => {
  expect(reasonsOf({}, {})).toEqual([
    { code: 'structure-changed', message: 'the content of an error file or crt-list changes' },
  ])
})

/** Backends by name, each with one line of its own. */
function bundleOf(backends: readonly (readonly [name: string, ms: number])[]): Bundle {
  const added = backends.map(([name, ms]) => ({
    header: `backend ${name}`,
    resource: `Backend/default/${name}`,
    text: `# Backend/default/${name}\nbackend ${name} from base\n    timeout server ${ms}ms\n`,
  }))
  const sections = [...bundle.sections, ...added]
  return { ...bundle, sections, config: sealConfig(['', ...sections.map(({ text }) => text)]) }
}

test('of many sections those that change are named, whatever stands before and behind them', () => {
  const backends = fc.uniqueArray(
    fc.tuple(fc.constantFrom('a', 'aa', 'b', 'ba', 'c'), fc.integer({ min: 1, max: 2 })),
    { selector: ([name]) => name },
  )
  fc.assert(
    fc.property(backends, backends, (before, after) => {
      const [was, is] = [new Map(before), new Map(after)]
      const planned = planOf(
        { ...bundleOf(after), structure: 'b'.repeat(64) },
        running(bundleOf(before)),
      )
      const reasons = planned.action === 'reload' ? planned.reasons : []
      const named = reasons.flatMap(({ resource }) => resource ?? [])
      const changed = after.flatMap(([name, ms]) => (was.get(name) === ms ? [] : [name]))
      const gone = before.flatMap(([name]) => (is.has(name) ? [] : [name]))
      expect(named).toEqual([...changed, ...gone].map((name) => `Backend/default/${name}`))
    }),
  )
})
