import fc from 'fast-check'
import { expect, test } from 'vitest'
import { routedRules, routeMaps } from '../../src/compile/routes.ts'
import type { RouteMaps } from '../../src/model/topology.ts'
import { backendYaml, FRONTEND_YAML, manifestsOf, routeYaml } from '../builders.ts'

function mapsOf(...routes: readonly string[]): RouteMaps {
  const backends = ['a', 'b', 'c'].map((name) => backendYaml(name)).join('')
  const manifests = manifestsOf(FRONTEND_YAML + backends + routes.join(''))
  return routeMaps(routedRules(manifests.HostRoute), (rule) =>
    (rule.route.spec.rules[rule.index]?.backendRefs ?? []).map((ref) => ({
      backend: ref.name,
      weight: ref.weight,
    })),
  )
}

/** What the look-up lines of a frontend do with a request. */
function lookUp(maps: RouteMaps, host: string, path: string): string | undefined {
  const exact = (rows: RouteMaps['hosts'], key: string): string | undefined =>
    rows.find(([k]) => k === key)?.[1]
  const longest = (rows: RouteMaps['hosts'], text: string): string | undefined =>
    rows.filter(([k]) => text.startsWith(k)).toSorted((a, b) => b[0].length - a[0].length)[0]?.[1]
  const site =
    exact(maps.hosts, host) ?? maps.wildcards.find(([suffix]) => host.endsWith(suffix))?.[1] ?? '*'
  const rule = exact(maps.exact, `${site}${path}`) ?? longest(maps.prefix, `${site}${path}/`)
  return rule === undefined ? undefined : longest(maps.targets, `${rule}/1500`)
}

const to = (backend: string, path?: string, type = 'PathPrefix'): string =>
  `{ ${path === undefined ? '' : `matches: [{ path: { type: ${type}, value: ${path} } }], `}backendRefs: [{ name: ${backend} }] }`

test('an exact host beats a wildcard, and the longest wildcard wins', () => {
  const maps = mapsOf(
    routeYaml('one', ['api.farmer.io'], `[${to('a')}]`),
    routeYaml('two', ['*.farmer.io'], `[${to('b')}]`),
    routeYaml('three', ['*.eu.farmer.io'], `[${to('c')}]`),
  )
  expect(lookUp(maps, 'api.farmer.io', '/')).toBe('a')
  expect(lookUp(maps, 'www.farmer.io', '/')).toBe('b')
  expect(lookUp(maps, 'x.www.farmer.io', '/')).toBe('b')
  expect(lookUp(maps, 'x.eu.farmer.io', '/')).toBe('c')
  expect(lookUp(maps, 'farmer.io', '/')).toBeUndefined()
  expect(maps.wildcards.map(([suffix]) => suffix)).toEqual(['.eu.farmer.io', '.farmer.io'])
})

test('prefixes match whole segments, exact goes before prefix', () => {
  const rules = `[${to('a', '/api')}, ${to('b', '/api/v1')}, ${to('c', '/api', 'Exact')}]`
  const maps = mapsOf(routeYaml('one', ['farmer.io'], rules))
  expect(lookUp(maps, 'farmer.io', '/api')).toBe('c')
  expect(lookUp(maps, 'farmer.io', '/api/')).toBe('a')
  expect(lookUp(maps, 'farmer.io', '/api/v1/x')).toBe('b')
  expect(lookUp(maps, 'farmer.io', '/api/v10')).toBe('a')
  expect(lookUp(maps, 'farmer.io', '/apix')).toBeUndefined()
})

test('what a host does not say its wildcard says, but a shorter prefix of the host still goes first', () => {
  const maps = mapsOf(
    routeYaml('one', ['api.farmer.io'], `[${to('a', '/v1')}]`),
    routeYaml('two', ['*.farmer.io'], `[${to('b')}, ${to('c', '/v1/admin')}]`),
  )
  expect(lookUp(maps, 'api.farmer.io', '/v1/admin')).toBe('a')
  expect(lookUp(maps, 'api.farmer.io', '/else')).toBe('b')
  expect(lookUp(maps, 'www.farmer.io', '/v1/admin')).toBe('c')
})

test('a route without hostnames is for every host, behind all that name one', () => {
  const maps = mapsOf(
    routeYaml('one', ['farmer.io'], `[${to('a', '/shop')}]`),
    routeYaml('any', [], `[${to('b')}]`),
  )
  expect(lookUp(maps, 'farmer.io', '/shop/1')).toBe('a')
  expect(lookUp(maps, 'farmer.io', '/')).toBe('b')
  expect(lookUp(maps, 'other.example', '/')).toBe('b')
})

test('rule ids are names or indexes, and a name of digits only is no index', () => {
  const rules = `[
    { name: '1', matches: [{ path: { value: /a } }], backendRefs: [{ name: a }] },
    { matches: [{ path: { value: /b } }], backendRefs: [{ name: a }] },
    { name: x, matches: [{ path: { value: /c } }], backendRefs: [{ name: a }] }]`
  const manifests = manifestsOf(FRONTEND_YAML + backendYaml('a') + routeYaml('r', ['h.io'], rules))
  expect(routedRules(manifests.HostRoute).map((r) => r.id)).toEqual([
    'default/r/0',
    'default/r/1',
    'default/r/x',
  ])
})

test('against the rule as it is said: hostname first, then exact, then the longest prefix', () => {
  const label = fc.constantFrom('a', 'b', 'c')
  const host = fc
    .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 3 }))
    .map(([wild, labels]) => `${wild ? '*.' : ''}${labels.join('.')}`)
  const path = fc.array(label, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`)
  const entry = fc.record({ host, path, exact: fc.boolean() })
  const distinct = (e: { host: string; path: string; exact: boolean }): string =>
    `${e.host} ${e.path} ${e.exact}`
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { minLength: 1, maxLength: 8, selector: distinct }),
      fc.array(label, { minLength: 1, maxLength: 4 }),
      path,
      (entries, labels, asked) => {
        const routes = entries.map((e, i) =>
          routeYaml(`r${i}`, [e.host], `[${to('a', e.path, e.exact ? 'Exact' : 'PathPrefix')}]`),
        )
        const manifests = manifestsOf(FRONTEND_YAML + backendYaml('a') + routes.join(''))
        const rules = routedRules(manifests.HostRoute)
        const maps = routeMaps(rules, (rule) => [{ backend: rule.id, weight: 1 }])
        const name = labels.join('.')
        const matching = entries
          .map((e, i) => ({ ...e, rule: `default/r${i}/0` }))
          .filter((e) =>
            e.host.startsWith('*.')
              ? name.endsWith(e.host.slice(1)) && name.length > e.host.length - 1
              : e.host === name,
          )
          .filter((e) =>
            e.exact
              ? e.path === asked
              : `${asked}/`.startsWith(e.path === '/' ? '/' : `${e.path}/`),
          )
          .toSorted(
            (a, b) =>
              Number(a.host.startsWith('*.')) - Number(b.host.startsWith('*.')) ||
              b.host.length - a.host.length ||
              Number(b.exact) - Number(a.exact) ||
              b.path.length - a.path.length,
          )
        expect(lookUp(maps, name, asked)).toBe(matching[0]?.rule)
      },
    ),
    { numRuns: 60 },
  )
})
