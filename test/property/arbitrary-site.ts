/** Small valid sites at random: documents of every kind that refer to each other, and what Consul says of them. */
import * as fc from 'fast-check'
import type { Answer, Instance } from '../../src/model/catalog.ts'
import { accepted } from '../render/corpus.ts'
import { anInstance } from '../builders.ts'

export type Document = Readonly<Record<string, unknown>>

export interface Site {
  readonly documents: readonly Document[]
  /** By service. */
  readonly answers: Readonly<Record<string, Answer>>
}

const BACKENDS = ['api', 'web', 'pay'] as const
const HOSTS = ['a.shop.example', 'shop.example', '*.shop.example', '*.example', undefined] as const
const PATHS = ['/', '/api', '/api/v1', '/apix', '/cart%20x', '/api/'] as const

function document(kind: string, name: string, spec: unknown): Document {
  return { apiVersion: 'legate/v1', kind, metadata: { name }, spec }
}

const duration = fc.constantFrom('1s', '250ms', '1m30s', '0s')
const weight = fc.constantFrom(0, 1, 2, 99, 1_000_000)
/** Text that a schema takes: as hostile as it may be, and not too long. */
// What YAML does not take as text has its own tests.
const text = accepted
  .map((value) => value.slice(0, 200))
  .filter((value) => !/[\uFEFF\uFFFE\uFFFF]/.test(value))
const header = fc.record({ name: fc.constantFrom('X-A', 'X-B', 'Via'), value: text })

const modifier = fc.record(
  {
    set: fc.uniqueArray(header, { maxLength: 2, selector: (h) => h.name }),
    add: fc.array(header, { maxLength: 2 }),
    remove: fc.subarray(['X-C', 'Server']),
  },
  { requiredKeys: [] },
)

const headerFilters = fc.array(
  fc.oneof(
    modifier.map((change) => ({
      type: 'RequestHeaderModifier',
      requestHeaderModifier: change,
    })),
    modifier.map((change) => ({
      type: 'ResponseHeaderModifier',
      responseHeaderModifier: change,
    })),
  ),
  { maxLength: 2 },
)

const redirect = fc
  .record(
    {
      scheme: fc.constantFrom('http', 'https'),
      hostname: fc.constant('other.example'),
      port: fc.constantFrom(80, 443, 8443),
      path: fc.record({ replaceFullPath: fc.constantFrom('/', '/new%20path') }),
      statusCode: fc.constantFrom(301, 302, 303, 307, 308),
    },
    { requiredKeys: [] },
  )
  .map((requestRedirect) => ({ type: 'RequestRedirect', requestRedirect }))

const backendRefs = fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...BACKENDS), weight }, { requiredKeys: ['name'] }),
  { minLength: 1, maxLength: 3, selector: (ref) => ref.name },
)

const deed = fc.oneof(
  { weight: 3, arbitrary: fc.record({ backendRefs, filters: headerFilters }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(redirect, headerFilters)
      .map(([first, more]) => ({ filters: [first, ...more] })),
  },
)

/** Paths differ within a route, and routes share no host name: no two rules want the same requests. */
const rules = fc
  .uniqueArray(
    fc.record({
      path: fc.record({
        type: fc.constantFrom('Exact', 'PathPrefix'),
        value: fc.constantFrom(...PATHS),
      }),
      deed,
    }),
    { minLength: 1, maxLength: 4, selector: ({ path }) => path.value.replace(/(.)\/$/, '$1') },
  )
  .map((list) => list.map((rule) => ({ matches: [{ path: rule.path }], ...rule.deed })))

const routes = fc
  .tuple(
    fc.shuffledSubarray([...HOSTS], { minLength: 1 }),
    fc.array(rules, { minLength: 5, maxLength: 5 }),
    fc.nat(4),
  )
  .map(([hosts, all, split]) =>
    // The first hosts share one route, every other has one of its own.
    [hosts.slice(0, split), ...hosts.slice(split).map((host) => [host])]
      .filter((names) => names.length > 0)
      .map((names, i) =>
        document('HostRoute', `route-${i}`, {
          parentRefs: [{ name: 'front' }],
          ...(!names.includes(undefined) && { hostnames: names }),
          rules: all[i],
        }),
      ),
  )
  .filter((documents) => {
    // A route for all hosts names none, so that it cannot share with others.
    const open = documents.filter(({ spec }) => !('hostnames' in (spec as object)))
    return open.length < 2
  })

const check = fc.oneof(
  fc.constant({ type: 'None' }),
  fc.record({ type: fc.constant('TCP'), interval: duration, timeout: duration }),
  fc.record({
    type: fc.constant('HTTP'),
    path: fc.constantFrom('/health', '/health?deep=1%25'),
    host: fc.constantFrom('app.example', 'app.example:8080'),
    expectStatus: fc.constantFrom('200', '200-299,304'),
  }),
)

const consul = fc.record(
  {
    consul: fc.record(
      {
        service: fc.constantFrom('one', 'two'),
        tags: fc.subarray(['v1', 'live']),
      },
      { requiredKeys: ['service'] },
    ),
  },
  { requiredKeys: ['consul'] },
)

const staticSource = fc.record({
  static: fc.record({
    servers: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c'),
        address: fc.constantFrom('10.1.0.1', '2001:db8::1'),
        port: fc.constantFrom(80, 8080),
        weight: fc.constantFrom(1, 100, 256),
      }),
      { minLength: 1, selector: ({ name }) => name },
    ),
  }),
})

const backendSpec = fc.record(
  {
    source: fc.oneof(consul, staticSource),
    balance: fc.oneof(
      fc.record({ algorithm: fc.constantFrom('RoundRobin', 'LeastConn', 'Random', 'Source') }),
      fc.record({ algorithm: fc.constant('Header'), header: fc.constant('X-Tenant') }),
    ),
    check,
    timeouts: fc.record({ connect: duration, server: duration }, { requiredKeys: [] }),
    retries: fc.nat(5),
    maxconnPerServer: fc.constantFrom(1, 1000),
    weightFrom: fc.constantFrom('Consul', 'Equal'),
    healthyWhen: fc.constantFrom('Passing', 'PassingOrWarning'),
    capacity: fc.record({ desired: fc.nat(4) }),
    addresses: fc.record(
      {
        allowLoopback: fc.constantFrom('Allow', 'Refuse'),
        hostnames: fc.constantFrom('Allow', 'Refuse'),
        allowedCIDRs: fc.subarray(['10.0.0.0/8', '2001:db8::/32']),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['source'] },
)

/** Fallbacks lead only to later Backends, so that they make no circle. */
const onEmpty = (later: readonly string[]): fc.Arbitrary<unknown> =>
  later.length === 0
    ? fc.constant({ policy: 'Hold', holdFor: '1m' })
    : fc.oneof(
        fc.constant({ policy: 'ServiceUnavailable' }),
        fc.constantFrom(...later).map((name) => ({ policy: 'Fallback', fallbackRef: { name } })),
      )

const backends = fc.tuple(
  ...BACKENDS.map((name, i) =>
    fc
      .tuple(backendSpec, onEmpty(BACKENDS.slice(i + 1)))
      .map(([spec, empty]) => document('Backend', name, { ...spec, onEmpty: empty })),
  ),
)

const frontend = fc
  .record(
    {
      maxconn: fc.constantFrom(100, 5000),
      filters: headerFilters,
      defaultBackendRef: fc.record({ name: fc.constantFrom(...BACKENDS) }),
      stats: fc.record({ path: fc.constant('/stats'), realm: text }),
    },
    { requiredKeys: [] },
  )
  .map((spec) =>
    document('Frontend', 'front', { listeners: [{ name: 'plain', port: 8080 }], ...spec }),
  )

const defaults = fc
  .record(
    {
      maxconn: fc.constantFrom(10, 2000),
      options: fc.shuffledSubarray(['HTTPLog', 'DontLogNull', 'Redispatch', 'ForwardFor']),
      timeouts: fc.record({ connect: duration, client: duration, server: duration }),
    },
    { requiredKeys: ['timeouts'] },
  )
  .map((spec) => document('Defaults', 'default', spec))

const global = fc
  .record({ maxconn: fc.constantFrom(100, 5000), hardStopAfter: duration }, { requiredKeys: [] })
  .map((spec) => document('Global', 'global', spec))

/** Registrations as they come: most can be used, and nobody checked the others. */
export const instance: fc.Arbitrary<Instance> = fc
  .record(
    {
      node: fc.constantFrom('n1', 'n2', 'n\n3'),
      id: fc.oneof(fc.constantFrom('i1', 'i2', 'i3', 'i4'), text),
      address: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('10.0.0.1', '10.0.0.2', '2001:db8::9') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('127.0.0.1', 'app.example', '::', '', '10.0.0.1 x'),
        },
      ),
      port: fc.oneof(fc.constantFrom(80, 8080), fc.constantFrom(0, -1, 65_536)),
      tags: fc.subarray(['v1', 'live', 'a\nb']),
      weights: fc.record({ passing: fc.nat(300), warning: fc.nat(300) }),
      checks: fc.array(
        fc.record({
          id: fc.constantFrom('http', 'disk'),
          name: text,
          status: fc.constantFrom('passing', 'warning', 'critical', 'maintenance'),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  )
  .map((change) => anInstance(change))

/** As Consul has them: a node has an id once. */
const instances = fc.uniqueArray(instance, {
  maxLength: 5,
  selector: ({ node, id }) => JSON.stringify([node, id]),
})

const answers = fc.record({
  one: instances.map((list): Answer => ({ state: 'answered', instances: list })),
  two: instances.map((list): Answer => ({ state: 'answered', instances: list })),
})

export const site: fc.Arbitrary<Site> = fc
  .record({
    frontend,
    routes,
    backends,
    defaults: fc.option(defaults),
    global: fc.option(global),
    answers,
  })
  .map((made) => ({
    documents: [
      made.frontend,
      ...made.routes,
      ...made.backends,
      ...[made.defaults, made.global].filter((d) => d !== null),
    ],
    answers: made.answers,
  }))
