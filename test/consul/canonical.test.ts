import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withKnown } from '../../src/consul/canonical.ts'

const one = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c'),
    port: fc.constantFrom(1, 2),
    tags: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    checks: fc.array(fc.record({ status: fc.constantFrom('passing', 'critical') }), {
      maxLength: 2,
    }),
    odd: fc.constantFrom<unknown>([], {}, null, '', [null]),
  },
  { requiredKeys: ['id', 'port', 'tags', 'checks'] },
)
const list = fc.uniqueArray(one, { maxLength: 6, selector: (each) => JSON.stringify(each) })

test('what says the same is the object that was known, wherever it stood; all else is as it is', () => {
  fc.assert(
    fc.property(list, list, fc.array(fc.nat(5)), (known, others, again) => {
      const copies = again.flatMap((place) => structuredClone(known[place]) ?? [])
      const all = [...others, ...copies, ...known.slice(0, 1)]
      const fresh = [...new Map(all.map((each) => [JSON.stringify(each), each])).values()]
      const now = withKnown(known, fresh)
      expect(now).toEqual(fresh)
      const texts = new Set(known.map((each) => JSON.stringify(each)))
      for (const [place, each] of now.entries()) {
        const isKnown = texts.has(JSON.stringify(fresh[place]))
        expect(known.includes(each)).toBe(isKnown)
      }
    }),
    { numRuns: 1000 },
  )
})
