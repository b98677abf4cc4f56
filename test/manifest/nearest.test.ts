import { expect, test } from 'vitest'
import { nearest } from '../../src/manifest/nearest.ts'

test.each([
  ['prot', ['port', 'path'], 'port'],
  ['HTPS', ['HTTP', 'HTTPS'], 'HTTPS'],
  ['timout', ['timeouts', 'type'], 'timeouts'],
  ['backendref', ['backendRefs', 'filters'], 'backendRefs'],
  ['https', ['HTTP', 'HTTPS'], 'HTTPS'],
  ['shop-ap', ['shop-api', 'shop-app'], 'shop-api'],
  ['GET', ['POST', 'PUT'], undefined],
  ['tls', ['name'], undefined],
  ['', ['a'], undefined],
  ['x'.repeat(200), [`${'x'.repeat(199)}y`], undefined],
  ['anything', [], undefined],
])('%j among %j is %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected)
})
