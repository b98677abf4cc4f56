/** Map transactions: at no step between two of them does a request lose its way or find a mixed one. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Bundle } from '../../src/model/bundle.ts'
import type { RunningMap } from '../../src/model/runtime.ts'
import { planMaps } from '../../src/plan/maps.ts'
import { aBundle } from './parts.ts'

const PARTS = ['hosts', 'wildcards', 'exact', 'prefix', 'targets'] as const
type Texts = Readonly<Partial<Record<(typeof PARTS)[number], string>>>

function bundleWith(texts: Texts): Bundle {
  const files = PARTS.map((part) => ({
    name: `web-${part}.map`,
    text: texts[part] ?? '',
    path: `/new/web-${part}.map`,
  }))
  const maps = new Map(files.map(({ name, text }) => [name, `digest of ${text}`]))
  return { ...aBundle({ live: { maps } }), files }
}

function processWith(texts: Texts): Map<string, RunningMap> {
  return new Map(
    PARTS.map((part) => {
      const text = texts[part] ?? ''
      return [
        `web-${part}.map`,
        { path: `/old/web-${part}.map`, text, digest: `digest of ${text}` },
      ] as const
    }),
  )
}

function steps(before: Texts, after: Texts): string[] {
  return planMaps(bundleWith(after), processWith(before)).changes.map((change) =>
    change.kind === 'set-map'
      ? `${change.path}: ${change.text.trim().replaceAll('\n', ' | ')}`
      : '?',
  )
}

test('a new route is there from its end to its beginning', () => {
  const after = { hosts: 'a a\n', prefix: 'a/ r/0\n', targets: 'r/0/ api\n' }
  expect(steps({}, after)).toEqual([
    '/old/web-targets.map: r/0/ api',
    '/old/web-prefix.map: a/ r/0',
    '/old/web-hosts.map: a a',
  ])
})

test('an old route goes from its beginning to its end', () => {
  const before = { hosts: 'a a\n', prefix: 'a/ r/0\n', targets: 'r/0/ api\n' }
  expect(steps(before, {})).toEqual([
    '/old/web-hosts.map: ',
    '/old/web-prefix.map: ',
    '/old/web-targets.map: ',
  ])
})

test('one comes and one goes: first both, then the new one', () => {
  const before = { hosts: 'a a\n', targets: 'r/0/ api\n' }
  const after = { hosts: 'b b\n', targets: 's/0/ web\n' }
  expect(steps(before, after)).toEqual([
    '/old/web-targets.map: s/0/ web | r/0/ api',
    '/old/web-hosts.map: b b | a a',
    '/old/web-hosts.map: b b',
    '/old/web-targets.map: s/0/ web',
  ])
})

test('suffixes of old and new stand longest first', () => {
  const before = { wildcards: '.a.farmer.io *.a.farmer.io\n' }
  const after = { wildcards: '.farmer.io *.farmer.io\n' }
  expect(steps(before, after)[0]).toBe(
    '/old/web-wildcards.map: .a.farmer.io *.a.farmer.io | .farmer.io *.farmer.io',
  )
})

test('only the order of suffixes differs', () => {
  const before = { wildcards: '.io *.io\n.farmer.io *.farmer.io\n' }
  const after = { wildcards: '.farmer.io *.farmer.io\n.io *.io\n' }
  expect(steps(before, after)).toHaveLength(1)
})

test('another backend for a rule, alone, is one transaction', () => {
  expect(steps({ targets: 'r/0/ api\n' }, { targets: 'r/0/ web\n' })).toEqual([
    '/old/web-targets.map: r/0/ web',
  ])
})

test('a rule that means something else while its paths change is left to a reload', () => {
  const before = { prefix: 'a/x/ r/0\na/y/ r/1\n', targets: 'r/0/ api\nr/1/ web\n' }
  const after = { prefix: 'a/y/ r/0\n', targets: 'r/0/ web\n' }
  const planned = planMaps(bundleWith(after), processWith(before))
  expect(planned.changes).toEqual([])
  expect(planned.cannot).toEqual([
    { map: 'web-targets.map', why: 'a rule gets another meaning while its routes change' },
  ])
})

test('a map that was never loaded takes a reload', () => {
  const planned = planMaps(bundleWith({ hosts: 'a a\n' }), new Map())
  expect(planned.cannot.map(({ why }) => why)).toContain('the process has not loaded it')
})

/** host → rule → backend, as HAProxy would look it up. */
function wayOf(texts: Texts, host: string): string | undefined {
  const row = (text: string | undefined, key: string): string | undefined =>
    text
      ?.split('\n')
      .find((line) => line.startsWith(`${key} `))
      ?.split(' ')[1]
  const site = row(texts.hosts, host)
  const rule = site === undefined ? undefined : row(texts.prefix, `${site}/`)
  return rule === undefined ? undefined : row(texts.targets, `${rule}/`)
}

test('at every step each host has its old way or its new one', () => {
  const site = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('x', 'y', 'z'))
  const textsOf = (hosts: Readonly<Record<string, string>>): Texts => ({
    hosts: Object.keys(hosts)
      .map((h) => `${h} ${h}\n`)
      .join(''),
    prefix: Object.keys(hosts)
      .map((h) => `${h}/ r${h}\n`)
      .join(''),
    targets: Object.entries(hosts)
      .map(([h, backend]) => `r${h}/ ${backend}\n`)
      .join(''),
  })
  fc.assert(
    fc.property(site, site, (old, next) => {
      const before = textsOf(old)
      const after = textsOf(next)
      const planned = planMaps(bundleWith(after), processWith(before))
      if (planned.cannot.length > 0) return
      const now: Record<string, string | undefined> = { ...before }
      for (const change of planned.changes) {
        if (change.kind !== 'set-map') throw new Error('only maps')
        now[change.map.replace(/^web-(.*)\.map$/, '$1')] = change.text
        for (const host of ['a', 'b', 'c', 'd'])
          expect([wayOf(before, host), wayOf(after, host)]).toContain(wayOf(now, host))
      }
      expect({ ...processTexts(after), ...now }).toEqual(processTexts(after))
    }),
  )
})

function processTexts(texts: Texts): Record<string, string | undefined> {
  return { hosts: texts.hosts, prefix: texts.prefix, targets: texts.targets }
}
