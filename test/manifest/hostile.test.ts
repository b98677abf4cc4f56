import { expect, test } from 'vitest'
import corpus from '../fixtures/injection-corpus.json' with { type: 'json' }
import { parse } from './parse.ts'

/** Those that are told as a rule. */
const GENERATED: Readonly<Record<string, string>> = {
  'yaml-bomb-9x9': [
    `a0: &a0 [${Array<string>(9).fill('x').join(', ')}]`,
    ...Array.from({ length: 8 }, (_, i) => {
      const aliases = Array<string>(9).fill(`*a${i}`).join(', ')
      return `a${i + 1}: &a${i + 1} [${aliases}]`
    }),
  ].join('\n'),
  'yaml-deep-900': `${'['.repeat(900)}\n---\n${'['.repeat(900)}${']'.repeat(900)}\n---\n${'{a: '.repeat(900)}1${'}'.repeat(900)}`,
}

interface CorpusFile {
  readonly id: string
  readonly expect: string
  readonly text?: string
  readonly base64?: string
}

const entries: readonly CorpusFile[] = corpus.files
const texts = entries.flatMap((entry) => {
  const { id, base64 } = entry
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8')
  const text = entry.text ?? bytes ?? GENERATED[id]
  return text === undefined ? [] : [{ id, expected: entry.expect, text }]
})

test('only a FIFO and a folder never become text', () => {
  const ids = new Set(texts.map(({ id }) => id))
  expect(entries.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([
    'yaml-fifo',
    'yaml-dir',
  ])
})

test.each(texts)('hostile file $id: $expected', ({ text }) => {
  const { diagnostics, manifests } = parse(text)
  expect(diagnostics.map(({ severity }) => severity)).toContain('error')
  expect(Object.values(manifests).flat()).toEqual([manifests.revision])
  expect(Object.prototype).not.toHaveProperty('polluted')
})

/** One megabyte of what costs a parser or a schema most; each takes far less than a second alone. */
const COSTLY: readonly (readonly [string, string])[] = [
  ['flat flow list', `[${'[],'.repeat(340_000)}]`],
  ['empty fields', 'a:\n'.repeat(300_000)],
  ['dashes', '- '.repeat(500_000)],
  ['folded text', `a: "${'b\n\n'.repeat(300_000)}"`],
  ['tags', '- !x y\n'.repeat(140_000)],
  ['documents', '---\n'.repeat(4_999)],
  ['broken documents', '---\na: [\n'.repeat(4_999)],
  ['unknown fields', manyFields(3_000)],
  ['long host name', head('HostRoute', `hostnames: [${'a'.repeat(1_000_000)}]`)],
  ['long label', head('Backend', `check: { expectStatus: "${'200,'.repeat(4_000)}x" }`)],
  ['dangling references', head('HostRoute', danglingRules(250))],
]

function head(kind: string, spec: string): string {
  return `apiVersion: legate/v1\nkind: ${kind}\nmetadata: { name: x }\nspec:\n  ${spec}\n`
}

function manyFields(count: number): string {
  const fields = Array.from({ length: count }, (_, i) => `f${i}: 1`).join(', ')
  return Array<string>(30)
    .fill(head('Backend', `source: { ${fields} }`))
    .join('---\n')
}

function danglingRules(count: number): string {
  const refs = Array.from({ length: 60 }, (_, i) => `{ name: missing-${i} }`).join(', ')
  return `rules: [${`{ backendRefs: [${refs}] },`.repeat(count)}]\n  parentRefs: [{ name: edge }]`
}

test.each(COSTLY)('a megabyte of %s is refused in bounded time', (_, text) => {
  const before = performance.now()
  const { diagnostics } = parse(text)
  expect(diagnostics.map(({ severity }) => severity)).toContain('error')
  expect(diagnostics.length).toBeLessThanOrEqual(501)
  expect(performance.now() - before).toBeLessThan(10_000)
})
