import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ParsedManifests } from '../../src/manifest/manifest.ts'
import { parseManifests } from '../../src/manifest/manifest.ts'
import { KINDS } from '../../src/model/resource.ts'
import type { SourceFile } from '../../src/model/resource.ts'
import { printDiagnostics } from '../../src/report/diagnostics.ts'
import { document, schemas } from './parse.ts'

/** Pieces of YAML and of manifests, put together at random: near enough to the real thing to get far. */
const PIECES: readonly string[] = [
  ['apiVersion: legate/v1\n', ...KINDS.map((kind) => `kind: ${kind}\n`)],
  ['metadata:', 'spec:', 'status:', '  name: a\n', '  source:', ' { consul: { service: a } }\n'],
  ['  listeners:', '\n  - ', ' [{ name: a, port: 80 }]\n', ' { name: a }', '  rules:', '\n'],
  ['---\n', '...\n', '- ', '? ', ': ', ', ', '[', ']', '{', '}', '"', "'", '|\n', '>-\n', '#'],
  ['&a ', '*a', '!!str ', '!x ', '%YAML 1.2\n', '<<: ', '\t', '\r\n', '\u0000', '\uFEFF', '😀'],
  ['5', '5s', '.nan', '~', 'true', '__proto__: 1\n', 'constructor: {}\n', ' ', '  ', '    '],
].flat()

const anyText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((p) => p.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
)

const names = fc.constantFrom('a', 'b', 'c', 'default')
const address = fc.constantFrom('"*"', '10.0.0.1', '"::1"')
const port = fc.constantFrom(80, 81)

const anyDocument = fc.oneof(
  fc
    .record({ name: names, address, port })
    .map((v) =>
      document(
        'Frontend',
        v.name,
        `listeners: [{ name: x, address: ${v.address}, port: ${v.port} }]`,
      ),
    ),
  fc.record({ name: names, to: names, host: names, path: names, weight: fc.nat(1) }).map((v) =>
    document(
      'HostRoute',
      v.name,
      `parentRefs: [{ name: ${v.to} }]
hostnames: [${v.host}.example]
rules:
  - matches: [{ path: { value: /${v.path} } }, { path: { value: / } }]
    backendRefs: [{ name: ${v.to}, weight: ${v.weight} }]`,
    ),
  ),
  fc
    .record({ name: names, to: names })
    .map((v) =>
      document(
        'Backend',
        v.name,
        `source: { consul: { service: s } }\nonEmpty: { policy: Fallback, fallbackRef: { name: ${v.to} } }`,
      ),
    ),
  names.map((name) => document('Global', name, 'maxconn: 100')),
  names.map((name) => document('Defaults', name, 'retries: many')),
  anyText,
)

function filesOf(texts: readonly string[]): SourceFile[] {
  return texts.map((text, i) => ({ path: `${i}.yaml`, text }))
}

/** What a caller can see of the result; places are functions, which are never equal. */
function seen({ manifests, diagnostics }: ParsedManifests): unknown {
  const resources = KINDS.map((kind) => manifests[kind].map(({ id, spec }) => ({ id, spec })))
  return { resources, revision: manifests.revision, diagnostics }
}

test('the order of files does not matter', () => {
  const shuffled = fc.array(anyDocument, { minLength: 1, maxLength: 8 }).chain((texts) => {
    const files = filesOf(texts)
    return fc.tuple(
      fc.constant(files),
      fc.shuffledSubarray(files, { minLength: files.length, maxLength: files.length }),
    )
  })
  fc.assert(
    fc.property(shuffled, ([files, others]) => {
      const again = others.map((file) => ({ ...file }))
      expect(seen(parseManifests(again, schemas))).toEqual(seen(parseManifests(files, schemas)))
    }),
    { numRuns: 150 },
  )
})

test('no text makes it throw, and every diagnostic points into its file', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(anyText, anyDocument), { minLength: 1, maxLength: 3 }),
      (texts) => {
        const files = filesOf(texts)
        const { diagnostics } = parseManifests(files, schemas)
        for (const { at, related = [] } of diagnostics)
          for (const place of [...(at === undefined ? [] : [at]), ...related.map((r) => r.at)])
            expect(isInside(place, files)).toBe(true)
      },
    ),
    { numRuns: 1_000 },
  )
})

function isInside(
  place: NonNullable<ParsedManifests['diagnostics'][number]['at']>,
  files: readonly SourceFile[],
): boolean {
  const text = files.find(({ path }) => path === place.file)?.text.replace(/^\uFEFF/, '')
  const line = text?.split(/\r?\n/)[place.line - 1]
  return (
    line !== undefined &&
    place.column >= 1 &&
    place.endLine === place.line &&
    place.endColumn >= place.column &&
    place.endColumn <= line.length + 1
  )
}

test('a resource is either among the manifests or spoken about', () => {
  fc.assert(
    fc.property(fc.array(anyDocument, { minLength: 1, maxLength: 4 }), (texts) => {
      const { manifests, diagnostics } = parseManifests(filesOf(texts), schemas)
      const some = KINDS.some((kind) => manifests[kind].length > 0)
      expect(some || diagnostics.length > 0).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('whatever is said is printed in every format without a control character', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { diagnostics } = parseManifests(filesOf([text]), schemas)
      const sources = new Map([['0.yaml', text]])
      for (const format of ['human', 'json', 'github'] as const)
        expect(printDiagnostics(diagnostics, sources, format, false)).toMatch(
          /^(?:\n|[^\p{Cc}\p{Cs}])*$/u,
        )
    }),
    { numRuns: 300 },
  )
})
