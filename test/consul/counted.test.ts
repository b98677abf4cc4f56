/** Requests as they are told: by endpoint and status, measured where nobody waited. */
import { expect, test } from 'vitest'
import { counted, type SentRequest } from '../../src/consul/counted.ts'
import { fail, ok } from '../../src/model/failure.ts'
import type { ConsulTransport } from '../../src/consul/transport.ts'

const LIMITS = { timeoutMs: 1, maxBytes: 1 }

test('every request is told once, with what came back', async () => {
  let atMs = 0
  let isClosed = false
  const response = { status: 200, headers: new Map(), body: '[]' }
  const away = { reason: 'consul-unreachable', message: 'away', transient: true } as const
  const transport: ConsulTransport = {
    name: 'http://consul',
    get: (path) => {
      atMs += 5
      return Promise.resolve(path.endsWith('/gone') ? fail(away) : ok(response))
    },
    post: () => Promise.resolve(ok({ ...response, status: 403 })),
    close: () => {
      isClosed = true
    },
  }
  const told: SentRequest[] = []
  const watched = counted(
    transport,
    (request) => told.push(request),
    () => atMs,
  )
  const answer = await watched.get('/v1/health/service/api', [['stale', '']], LIMITS)
  expect(answer).toEqual(ok(response))
  await watched.get('/v1/health/service/api', [['index', '7']], LIMITS)
  await watched.get('/v1/health/service/gone', [], LIMITS)
  await watched.post('/v1/internal/acl/authorize', [], '[]', LIMITS)
  await watched.get('/v1/status/leader', [], LIMITS)
  watched.close()
  expect({ isClosed, name: watched.name }).toEqual({ isClosed: true, name: 'http://consul' })
  expect(told).toEqual([
    { endpoint: 'health', status: 200, tookMs: 5 },
    { endpoint: 'health', status: 200 },
    { endpoint: 'health', tookMs: 5 },
    { endpoint: 'acl', status: 403, tookMs: 0 },
    { endpoint: 'other', status: 200, tookMs: 5 },
  ])
})
