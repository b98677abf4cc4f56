import { expect, test } from 'vitest'
import { parseHealth } from '../../src/consul/health.ts'
import type { Answer, ServiceQuery } from '../../src/model/catalog.ts'
import { healthEntry, type FakeInstance } from '../fakes/consul-entries.ts'

const QUERY: ServiceQuery = { service: 'web' }
const NAME = 'http://127.0.0.1:8500'

function parse(body: unknown, headers: Record<string, string> = {}, query = QUERY): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = { status: 200, headers: new Map(Object.entries(headers)), body: text }
  return parseHealth(response, query, NAME)
}

function refuse(status: number, body = ''): Answer {
  return parseHealth({ status, headers: new Map(), body }, QUERY, NAME)
}

function entry(instance: FakeInstance, service: object = {}): object {
  const made = healthEntry(instance)
  return { ...made, Service: { ...made.Service, ...service } }
}

test('an instance with its address, tags, weights and checks', () => {
  const checks = [
    { id: 'service:web-1', status: 'warning' },
    { id: 'serfHealth', status: 'passing' },
  ]
  const weights = { Weights: { Passing: 10, Warning: 2 } }
  expect(parse([entry({ id: 'web-1', tags: ['b', 'a', 'b'], checks }, weights)])).toEqual({
    state: 'answered',
    instances: [
      {
        node: 'node-a',
        id: 'web-1',
        datacenter: 'dc1',
        address: '10.0.0.1',
        port: 8080,
        tags: ['a', 'b'],
        weights: { passing: 10, warning: 2 },
        checks: [
          { id: 'serfHealth', name: 'name of serfHealth', status: 'passing' },
          { id: 'service:web-1', name: 'name of service:web-1', status: 'warning' },
        ],
      },
    ],
  })
})

test("an empty service address means the node's", () => {
  expect(parse([entry({ id: 'a', address: '' })])).toMatchObject({
    instances: [{ address: '192.0.2.1' }],
  })
})

test('null tags, weights and checks are none, as old agents say it', () => {
  const odd = { ...entry({ id: 'a' }, { Tags: null, Weights: null }), Checks: null }
  expect(parse([odd])).toMatchObject({
    instances: [{ tags: [], weights: { passing: 1, warning: 1 }, checks: [] }],
  })
})

test('order, check output and indexes do not show', () => {
  const a = { id: 'a', checks: [{ id: 'x', status: 'passing' }] }
  const b = { id: 'b', node: 'node-0' }
  const c = { id: 'b', node: 'node-1' }
  const one = parse([a, b, c].map((i) => entry(i)))
  const other = parse([c, a, b].map((i) => entry(i)))
  expect(other).toEqual(one)
  const identities = one.state === 'answered' && one.instances.map((i) => `${i.node} ${i.id}`)
  expect(identities).toEqual(['node-0 b', 'node-1 b', 'node-a a'])
})

test.each(['_node_maintenance', '_service_maintenance:web-1'])('%s is maintenance', (id) => {
  expect(parse([entry({ id: 'web-1', checks: [{ id, status: 'critical' }] })])).toMatchObject({
    instances: [{ checks: [{ id, status: 'maintenance' }] }],
  })
})

test('an empty list is an answer', () => {
  expect(parse('[]\n')).toEqual({ state: 'answered', instances: [] })
})

test.each<[string, unknown, string]>([
  ['no object', 'text', 'the entry is not an object'],
  ['null', null, 'the entry is not an object'],
  ['no Service', { Node: {}, Checks: [] }, 'Service is missing'],
  ['a port in words', entry({ id: 'bad' }, { Port: '80' }), 'Service.Port is not a whole number'],
  ['half a port', entry({ id: 'bad' }, { Port: 80.5 }), 'Service.Port is not a whole number'],
  ['a tag that is a number', entry({ id: 'bad' }, { Tags: [1] }), 'Service.Tags[0] is not text'],
  ['no checks at all', { ...entry({ id: 'bad' }), Checks: undefined }, 'Checks is missing'],
  [
    'an unknown status',
    entry({ id: 'bad', checks: [{ id: 'x', status: 'fine' }] }),
    'Checks[0].Status is not one of',
  ],
])('an entry with %s is left out alone and named', (_, bad, why) => {
  const answer = parse([bad, entry({ id: 'good' })])
  expect(answer).toMatchObject({
    instances: [{ id: 'good' }],
    unusable: [expect.stringContaining(why)],
  })
})

test('what is named is printable', () => {
  const answer = parse([entry({ id: 'x\n\u001b[31m\u202e' }, { Port: null })])
  expect(answer).toMatchObject({
    instances: [],
    unusable: ['instance x\\u{a}\\u{1b}[31m\\u{202e}: Service.Port is not a whole number'],
  })
})

test('an answer filtered by ACLs is a fault of the token, even when something is left', () => {
  const headers = { 'x-consul-results-filtered-by-acls': 'true' }
  for (const body of [[], [entry({ id: 'a' })]])
    expect(parse(body, headers)).toMatchObject({
      state: 'failed',
      failure: {
        reason: 'consul-refused',
        hint: expect.stringMatching(/service:read.*node:read/),
        transient: false,
      },
    })
})

test.each(['', '[', '{"Node": 1}', '"[]"', 'null', '<html>'])('%j is no answer', (body) => {
  expect(parse(body)).toMatchObject({
    state: 'failed',
    failure: { reason: 'consul-answer-unusable', transient: true },
  })
})

test('nesting without end is no answer', () => {
  expect(parse('['.repeat(1_000_000))).toMatchObject({ state: 'failed' })
})

test('a Consul that ignores the partition is not believed', () => {
  const inPartition = entry({ id: 'a' }, { Partition: 'blue' })
  const answers = [
    parse([entry({ id: 'a' })], {}, { service: 'web', partition: 'blue' }),
    parse([inPartition], {}, { service: 'web', partition: 'blue' }),
    parse([entry({ id: 'a' })], {}, { service: 'web', partition: 'default' }),
  ]
  expect(answers.map((a) => a.state)).toEqual(['failed', 'answered', 'answered'])
})

test.each([
  [400, false, 'filter'],
  [401, false, 'service:read'],
  [403, false, 'service:read'],
  [404, false, 'consul.address'],
  [301, false, 'Redirects are not followed'],
  [429, true, 'consul.maxConnections'],
  [500, true, 'own words'],
  [503, true, 'own words'],
  [204, true, 'consul.address'],
])('HTTP %i is a failure (transient: %j) whose hint says %s', (status, transient, hint) => {
  expect(refuse(status, 'Permission denied\n  (really)')).toMatchObject({
    state: 'failed',
    failure: {
      reason: 'consul-refused',
      message: expect.stringContaining(`(HTTP ${status}) when asked for service "web"`),
      hint: expect.stringContaining(hint),
      detail: ['Permission denied (really)'],
      transient,
    },
  })
})

test('a plain question at the TLS port is told apart from a wrong one', () => {
  expect(refuse(400, 'Client sent an HTTP request to an HTTPS server.\n')).toMatchObject({
    failure: { hint: expect.stringContaining('https://') },
  })
})

test('a hostile refusal stays on one line', () => {
  const answer = refuse(500, `\u001b[2J${'x'.repeat(10_000)}`)
  const [line = ''] = (answer.state === 'failed' && answer.failure.detail) || []
  expect(line).toMatch(/^\\u\{1b\}\[2Jx+…$/)
  expect(line.length).toBeLessThan(300)
})
