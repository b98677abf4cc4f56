import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/manifest/bounds.ts'
import { parseManifests } from '../../src/manifest/manifest.ts'
import { codes, document, parse, schemas } from './parse.ts'

const WEB = document('Backend', 'web', 'source: { consul: { service: web } }')
const API = document('Backend', 'api', 'source: { consul: { service: api } }')
const OTHER = API.replace('name: api', 'name: api, namespace: a')

test('resources are sorted by namespace and name, whatever the order of files', () => {
  const files = [
    { path: 'b.yaml', text: `${WEB}---\n${OTHER}` },
    { path: 'a.yaml', text: API },
  ]
  const one = parseManifests(files, schemas)
  const two = parseManifests(files.toReversed(), schemas)
  expect(one.manifests.Backend.map(({ id }) => id)).toEqual([
    'Backend/a/api',
    'Backend/default/api',
    'Backend/default/web',
  ])
  expect(two.manifests).toEqual(one.manifests)
  expect(two.diagnostics).toEqual(one.diagnostics)
})

test('defaults of the schema are filled in', () => {
  const [backend] = parse(WEB).manifests.Backend
  expect(backend?.spec).toMatchObject({
    source: { consul: { service: 'web', tags: [] } },
    balance: { algorithm: 'RoundRobin', hash: 'Consistent' },
    check: { type: 'TCP', interval: '2s', rise: 2, fall: 3 },
    onEmpty: { policy: 'Hold', holdFor: '5m' },
    capacity: {},
  })
  expect(backend?.spec).not.toHaveProperty('retries')
})

test('an unchanged file gives the same resources again, a changed one new ones', () => {
  const kept = { path: 'a.yaml', text: WEB }
  const one = parseManifests([kept, { path: 'b.yaml', text: API }], schemas)
  const two = parseManifests([{ path: 'b.yaml', text: `# moved\n${API}` }, kept], schemas)
  expect(two.manifests.Backend[1]).toBe(one.manifests.Backend[1])
  expect(two.manifests.Backend[0]).not.toBe(one.manifests.Backend[0])
  expect(two.manifests.Backend[0]?.spec).toEqual(one.manifests.Backend[0]?.spec)
})

test('a resource with mistakes is not among the manifests, and the others are', () => {
  const { manifests } = parse(WEB, API.replace('source', 'sauce'))
  expect(manifests.Backend.map(({ name }) => name)).toEqual(['web'])
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

test('the revision is the digest of what sha256sum prints of the files', () => {
  const { revision } = parse(WEB, API).manifests
  expect(revision).toBe(sha256(`${sha256(WEB)}  1.yaml\n${sha256(API)}  2.yaml\n`))
  expect(parse(API, WEB).manifests.revision).not.toBe(revision)
  expect(parse(WEB, `${API}\n`).manifests.revision).not.toBe(revision)
})

test('places of a resource point into its file', () => {
  const [backend] = parse(`# head\n---\n${WEB}`).manifests.Backend
  expect(backend?.places.value('/spec/source/consul/service')).toEqual({
    file: '1.yaml',
    line: 7,
    column: 32,
    endLine: 7,
    endColumn: 35,
  })
  expect(backend?.places.key('/spec/check/interval')).toMatchObject({ line: 7, column: 3 })
})

test('LG0002: too many files and too many bytes in all are refused before anything is parsed', () => {
  const files = [WEB, API].map((text, i) => ({ path: `${i}.yaml`, text }))
  for (const limits of [{ files: 1 }, { totalBytes: WEB.length + API.length - 1 }]) {
    const { diagnostics, manifests } = parseManifests(files, schemas, { ...LIMITS, ...limits })
    expect(codes(diagnostics)).toEqual(['LG0002'])
    expect(manifests.Backend).toEqual([])
  }
  const enough = { ...LIMITS, files: 2, totalBytes: WEB.length + API.length }
  expect(codes(parseManifests(files, schemas, enough).diagnostics)).toEqual(['LG4001', 'LG4001'])
})

test('LG0002: problems of a file are shown up to a number, and the rest is named', () => {
  const text = document('Defaults', 'default', 'a: 1\nb: 1\nc: 1\nd: 1\n')
  const { diagnostics } = parseManifests([{ path: 'a.yaml', text }], schemas, {
    ...LIMITS,
    problemsPerFile: 2,
  })
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'LG1002 unknown field "a" in spec',
    'LG1002 unknown field "b" in spec',
    'LG0002 the file has more than 2 problems; the rest is not shown',
  ])
})

test('no files at all is not this stage to judge', () => {
  expect(parseManifests([], schemas).diagnostics).toEqual([])
})

test('five thousand documents are read in seconds, and unchanged ones at once', () => {
  const files = Array.from({ length: 50 }, (_, i) => ({
    path: `${i}.yaml`,
    text: Array.from({ length: 100 }, (__, j) =>
      WEB.replace('name: web', `name: b-${i}-${j}`),
    ).join('---\n'),
  }))
  const began = performance.now()
  const one = parseManifests(files, schemas)
  const first = performance.now() - began
  expect(one.manifests.Backend).toHaveLength(5000)
  expect(first).toBeLessThan(15_000)
  const two = parseManifests(files, schemas)
  expect(two.manifests.Backend.every((backend, i) => backend === one.manifests.Backend[i])).toBe(
    true,
  )
})
