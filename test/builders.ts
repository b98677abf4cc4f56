/** Small makers of model values for tests: every field has a harmless value, the test names what matters. */
import type { Check, CheckStatus, Instance } from '../src/model/catalog.ts'

export function anInstance(change: Partial<Instance> = {}): Instance {
  return {
    node: 'node-a',
    id: 'api-1',
    datacenter: 'dc1',
    address: '10.0.0.1',
    port: 8080,
    tags: [],
    weights: { passing: 1, warning: 1 },
    checks: [],
    ...change,
  }
}

export function aCheck(status: CheckStatus, name = 'http'): Check {
  return { id: `service:${name}`, name, status }
}
