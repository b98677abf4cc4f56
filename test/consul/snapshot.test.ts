import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeCatalog, encodeCatalog, fileSource } from '../../src/consul/snapshot.ts'
import {
  queryKey,
  type Catalog,
  type CatalogEntry,
  type Instance,
} from '../../src/model/catalog.ts'
import type { Failure } from '../../src/model/failure.ts'

function decode(document: unknown): Catalog {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const result = decodeCatalog(text, 'catalog.json')
  if (!result.ok)
    throw new Error([result.failure.message, ...(result.failure.detail ?? [])].join('\n'))
  return result.value
}

function problemsOf(document: unknown): string[] {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const result = decodeCatalog(text, 'catalog.json')
  if (result.ok) throw new Error('should have been refused')
  expect(result.failure).toMatchObject({ reason: 'files-unreadable', hint: expect.any(String) })
  return [result.failure.message, ...(result.failure.detail ?? [])]
}

function instancesOf(catalog: Catalog, service: string): readonly Instance[] {
  const answer = catalog.get(queryKey({ service }))?.answer
  return answer?.state === 'answered' ? answer.instances : []
}

test('by hand, address and port are enough', () => {
  const catalog = decode({
    services: [
      {
        service: 'api',
        instances: [
          { address: '10.0.0.1', port: 80 },
          { address: '10.0.0.2', port: 80 },
        ],
      },
    ],
  })
  const common = { node: 'node', datacenter: 'dc1', port: 80, tags: [], checks: [] }
  const weights = { passing: 1, warning: 1 }
  expect(instancesOf(catalog, 'api')).toEqual([
    { ...common, weights, id: 'api-1', address: '10.0.0.1' },
    { ...common, weights, id: 'api-2', address: '10.0.0.2' },
  ])
})

test('a status is short for one check', () => {
  const instance = { address: '10.0.0.1', port: 80, status: 'critical' }
  const catalog = decode({ services: [{ service: 'api', instances: [instance] }] })
  expect(instancesOf(catalog, 'api')[0]?.checks).toEqual([
    { id: 'status', name: 'status', status: 'critical' },
  ])
})

test('the order by hand does not matter', () => {
  const a = { id: 'a', address: '10.0.0.2', port: 80, tags: ['y', 'x', 'y'] }
  const b = { id: 'b', address: '10.0.0.1', port: 80 }
  const one = decode({
    services: [
      { service: 's', instances: [a, b] },
      { service: 'r', instances: [] },
    ],
  })
  const other = decode({
    services: [
      { service: 'r', instances: [] },
      { service: 's', instances: [b, a] },
    ],
  })
  expect(encodeCatalog(other)).toBe(encodeCatalog(one))
})

test('for machines it is the same JSON without spaces, again and again of what changes', () => {
  const api = decode({ services: [{ service: 'api', instances: [{ address: 'a"b', port: 80 }] }] })
  const web = decode({ services: [{ service: 'web', instances: [] }] })
  const moved = decode({ services: [{ service: 'api', instances: [{ address: 'c', port: 81 }] }] })
  const none: Catalog = new Map()
  for (const catalog of [none, web, new Map([...web, ...api]), new Map([...web, ...moved])]) {
    const text = encodeCatalog(catalog, 'dense')
    expect(text).toBe(`${JSON.stringify(JSON.parse(encodeCatalog(catalog)))}\n`)
    expect(decode(text)).toEqual(catalog)
  }
})

test('for machines as for people: what is unusable, and what failed', () => {
  const [odd, lost] = [{ service: 'odd' }, { service: 'lost', datacenter: 'dc"2' }]
  const failure: Failure = { reason: 'consul-unreachable', message: 'it is away', transient: true }
  const catalog: Catalog = new Map<string, CatalogEntry>([
    [
      queryKey(odd),
      { query: odd, answer: { state: 'answered', instances: [], unusable: ['z', 'a'] } },
    ],
    [queryKey(lost), { query: lost, answer: { state: 'failed', failure } }],
  ])
  const readable = JSON.stringify(JSON.parse(encodeCatalog(catalog)))
  expect(encodeCatalog(catalog, 'dense')).toBe(`${readable}\n`)
})

test('what is recorded reads well', () => {
  const query = { service: 'api', filter: '"v2" in Service.Tags' }
  const instance: Instance = {
    node: 'node-a',
    id: 'api-1',
    datacenter: 'dc1',
    address: '10.0.0.1',
    port: 80,
    tags: ['v2'],
    weights: { passing: 1, warning: 1 },
    checks: [{ id: 'serfHealth', name: 'Serf Health Status', status: 'passing' }],
  }
  const entry: CatalogEntry = { query, answer: { state: 'answered', instances: [instance] } }
  expect(encodeCatalog(new Map([[queryKey(query), entry]]))).toBe(`{
  "apiVersion": "legate/v1",
  "kind": "Catalog",
  "services": [
    {
      "service": "api",
      "filter": "\\"v2\\" in Service.Tags",
      "instances": [
        {
          "id": "api-1",
          "node": "node-a",
          "datacenter": "dc1",
          "address": "10.0.0.1",
          "port": 80,
          "tags": [
            "v2"
          ],
          "checks": [
            {
              "id": "serfHealth",
              "name": "Serf Health Status",
              "status": "passing"
            }
          ]
        }
      ]
    }
  ]
}
`)
})

test.each<[string, unknown, string]>([
  ['text', '"x"', 'the document is not an object'],
  ['no services', {}, 'services is missing (a list)'],
  ['another kind', { kind: 'Backend', services: [] }, 'kind is not one of Catalog'],
  [
    'a slip in a name',
    { services: [{ service: 'a', instances: [{ adress: 'x', address: 'x', port: 1 }] }] },
    'services[0].instances[0] has an unknown field "adress" (known: id, node, datacenter, address',
  ],
  [
    'no port',
    { services: [{ service: 'a', instances: [{ address: 'x' }] }] },
    'services[0].instances[0].port is missing (a whole number)',
  ],
  [
    'an unknown status',
    { services: [{ service: 'a', instances: [{ address: 'x', port: 1, status: 'ok' }] }] },
    'services[0].instances[0].status is not one of critical, passing, warning, maintenance',
  ],
  [
    'status and checks',
    {
      services: [
        { service: 'a', instances: [{ address: 'x', port: 1, status: 'passing', checks: [] }] },
      ],
    },
    'services[0].instances[0] has both checks and a status',
  ],
  ['no instances', { services: [{ service: 'a' }] }, 'services[0].instances is missing (a list)'],
  [
    'a service twice',
    {
      services: [
        { service: 'a', instances: [] },
        { service: 'a', instances: [] },
      ],
    },
    'services[1] repeats service "a"',
  ],
  [
    'an answer that is none',
    { services: [{ service: 'a', instances: [], failure: { reason: 'timeout', message: 'x' } }] },
    'services[0] has both instances and a failure',
  ],
])('%s is refused, with its place', (_, document, problem) => {
  expect(problemsOf(document)[0]).toContain(`catalog.json: ${problem}`)
})

test('all problems are told at once, but not without end', () => {
  const instances = Array.from({ length: 100 }, () => ({ address: 1 }))
  expect(problemsOf({ services: [{ service: 'a', instances }] })).toHaveLength(21)
})

test('text that is not JSON is shown with line and column', () => {
  const [message] = problemsOf('{\n  "services": [\n    {"service": "a",}\n  ]\n}')
  expect(message).toBe(
    'catalog.json:3:21: this is not JSON: here belongs a name in double quotes (no comma stands before })',
  )
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

test('a file answers what it has; what it lacks is a failure, never an empty list', async () => {
  const path = join(folder, 'catalog.json')
  await writeFile(path, '{"services": [{"service": "api", "instances": []}]}')
  const api = { service: 'api' }
  const elsewhere = { service: 'api', datacenter: 'dc2' }
  const source = fileSource(path)
  expect(source.name).toBe(`file ${path}`)
  const catalog = await source.read([api, elsewhere])
  expect(catalog.get(queryKey(api))?.answer).toEqual({ state: 'answered', instances: [] })
  expect(catalog.get(queryKey(elsewhere))?.answer).toMatchObject({
    state: 'failed',
    failure: {
      reason: 'catalog-missing',
      message: `${path} has no answer for service "api" (datacenter "dc2")`,
      hint: expect.stringContaining('legate snapshot'),
    },
  })
})

test.each(['[]', undefined])('a file that holds %j fails every query', async (content) => {
  const path = join(folder, content === undefined ? 'gone.json' : 'broken.json')
  if (content !== undefined) await writeFile(path, content)
  const query = { service: 'api' }
  const catalog = await fileSource(path).read([query])
  expect(catalog.get(queryKey(query))?.answer).toMatchObject({
    failure: { reason: 'files-unreadable', message: expect.stringContaining(path) },
  })
})
