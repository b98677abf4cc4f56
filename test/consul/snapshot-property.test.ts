import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalChecks, canonicalTags, inOrderOfIdentity } from '../../src/consul/canonical.ts'
import { decodeCatalog, encodeCatalog } from '../../src/consul/snapshot.ts'
import { queryKey, type CheckStatus } from '../../src/model/catalog.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '__proto__', 'constructor', 'a\nb', '"', '\\', '\u0000', '\ud800', '\u2028'),
)
const status = fc.constantFrom<CheckStatus>('passing', 'warning', 'critical', 'maintenance')
const whole = fc.oneof(fc.integer(), fc.maxSafeInteger())
const instance = fc.record({
  node: text,
  id: text,
  datacenter: text,
  address: text,
  port: whole,
  tags: fc.array(text).map(canonicalTags),
  weights: fc.record({ passing: whole, warning: whole }),
  checks: fc.array(fc.record({ id: text, name: text, status })).map(canonicalChecks),
})
const unusable = fc.array(text, { minLength: 1 }).map((list) => list.toSorted())
const failure = fc.record(
  {
    reason: fc.constantFrom('consul-unreachable', 'consul-refused', 'timeout'),
    message: text,
    hint: text,
    detail: fc.array(text),
    transient: fc.boolean(),
  },
  { requiredKeys: ['reason', 'message', 'transient'] },
)
const answer = fc.oneof(
  fc.record(
    {
      state: fc.constant('answered'),
      instances: fc.array(instance).map(inOrderOfIdentity),
      unusable,
    },
    { requiredKeys: ['state', 'instances'] },
  ),
  fc.record({ state: fc.constant('failed'), failure }),
)
const query = fc.record(
  { service: text, datacenter: text, namespace: text, partition: text, filter: text },
  { requiredKeys: ['service'] },
)
const catalogs = fc
  .array(fc.record({ query, answer }), { maxLength: 6 })
  .map((entries) => new Map(entries.map((entry) => [queryKey(entry.query), entry])))

test('what was written is read again, hostile strings too', () => {
  fc.assert(
    fc.property(catalogs, (catalog) => {
      const back = decodeCatalog(encodeCatalog(catalog), 'catalog.json')
      // Maps that differ in order only are equal here, as everywhere.
      expect(back).toEqual({ ok: true, value: catalog })
      expect(back.ok && encodeCatalog(back.value)).toBe(encodeCatalog(catalog))
    }),
  )
})

test('any JSON at all is either read or refused with a place', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (json) => {
      const result = decodeCatalog(JSON.stringify({ services: json }), 'catalog.json')
      const message = result.ok ? 'catalog.json: fine' : result.failure.message
      expect(message).toMatch(/^catalog\.json: /)
    }),
  )
})
