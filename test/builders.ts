/** Small makers of model values for tests: every field has a harmless value, the test names what matters. */
import { readSchemas } from '../src/files/schemas.ts'
import { parseManifests } from '../src/manifest/manifest.ts'
import type { Check, CheckStatus, Instance } from '../src/model/catalog.ts'
import type { Manifests } from '../src/model/resource.ts'

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

/** YAML text → resources; throws when the text has errors. */
export function manifestsOf(text: string): Manifests {
  const { manifests, diagnostics } = parseManifests([{ path: 'test.yaml', text }], readSchemas())
  const errors = diagnostics.filter((d) => d.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((d) => d.message).join('\n'))
  return manifests
}

/** The example's words around a HostRoute's hostnames and rules. */
export function routeYaml(name: string, hostnames: readonly string[], rules: string): string {
  return `
---
apiVersion: legate/v1
kind: HostRoute
metadata: { name: ${name} }
spec:
  parentRefs: [{ name: web }]
${hostnames.length === 0 ? '' : `  hostnames: ${JSON.stringify(hostnames)}\n`}  rules: ${rules}
`
}

export function backendYaml(name: string, more = ''): string {
  return `
---
apiVersion: legate/v1
kind: Backend
metadata: { name: ${name} }
spec: { source: { consul: { service: ${name} } }${more} }
`
}

export const FRONTEND_YAML = `
---
apiVersion: legate/v1
kind: Frontend
metadata: { name: web }
spec: { listeners: [{ name: plain, port: 8080 }] }
`
