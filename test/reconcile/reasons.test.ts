/** Where the reasons of a plan come from: a field of a manifest, or a service of Consul. */
import { expect, test } from 'vitest'
import type { Reason } from '../../src/model/plan.ts'
import { locateReasons } from '../../src/reconcile/reasons.ts'
import { backendYaml, FRONTEND_YAML, manifestsOf } from '../builders.ts'

const YAML = `${FRONTEND_YAML}${backendYaml('api', ', balance: { algorithm: Source }')}
---
apiVersion: legate/v1
kind: Backend
metadata: { name: old }
spec:
  source: { static: { servers: [{ name: one, address: 10.0.0.1, port: 80 }] } }
`
const manifests = manifestsOf(YAML)
const lines = YAML.split('\n')

/** The reason as `plan` would print it: the text of its place, or the service. */
function located(reason: Partial<Reason>): unknown {
  const full = { code: 'structure-changed', message: 'x', ...reason } as const
  const planned = locateReasons({ action: 'reload', reasons: [full] }, manifests)
  if (planned.action === 'in-sync') throw new Error('a reload')
  const [{ at, service, ...rest } = full] = planned.reasons
  expect(rest).toEqual(full)
  if (at === undefined) return service
  return lines[at.line - 1]?.slice(at.column - 1, at.endColumn - 1)
}

test('a directive leads to its field', () => {
  const resource = 'Backend/default/api'
  expect(located({ resource, directive: 'balance source' })).toBe('{ algorithm: Source }')
  const frontend = 'Frontend/default/web'
  expect(located({ resource: frontend, directive: 'bind *:8080' })).toContain('name: plain')
})

test('a field that is not written leads to what is nearest', () => {
  const resource = 'Backend/default/api'
  expect(located({ resource, directive: 'timeout server' })).toContain('source: { consul')
})

test('without a directive, to the name of the resource', () => {
  expect(located({ resource: 'Backend/default/api' })).toBe('api')
})

test('servers lead to the service of Consul, or to the list of the manifest', () => {
  const reason = { code: 'servers-changed', directive: 'server' } as const
  expect(located({ ...reason, resource: 'Backend/default/api' })).toBe('api')
  expect(located({ ...reason, resource: 'Backend/default/old' })).toContain('static: {')
})

test('only servers come from Consul', () => {
  const planned = locateReasons(
    {
      action: 'write',
      reasons: [{ code: 'servers-changed', message: 'x', resource: 'Backend/default/api' }],
    },
    manifests,
  )
  expect(planned).toMatchObject({ reasons: [{ service: 'api' }] })
  expect(JSON.stringify(planned)).not.toContain('"at"')
})

test('what has no resource, or one that is gone, stays as it is', () => {
  expect(located({})).toBeUndefined()
  expect(located({ resource: 'Backend/default/gone', directive: 'balance source' })).toBeUndefined()
})

test('in sync there is nothing to find', () => {
  expect(locateReasons({ action: 'in-sync' }, manifests)).toEqual({ action: 'in-sync' })
})
