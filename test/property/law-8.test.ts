/**
 * Law 8 over a whole pass: no string can add a word or a line. The corpus in every text of a manifest and
 * in every text of a registration: it is refused, or the configuration has the words of a harmless one.
 */
import { describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/model/bundle.ts'
import type { Answer, Instance } from '../../src/model/catalog.ts'
import { hasErrors } from '../../src/model/diagnostic.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { pass } from '../../src/reconcile/pass.ts'
import type { FakeWorld } from '../reconcile/fake-world.ts'
import { fakeWorld } from '../reconcile/fake-world.ts'
import { lex } from '../../src/render/lexer.ts'
import { printDiagnostics } from '../../src/report/diagnostics.ts'
import { aCheck, anInstance } from '../builders.ts'
import { CORPUS } from '../render/corpus.ts'
import type { Document } from './arbitrary-site.ts'
import type { Field } from './every-field.ts'
import { DOCUMENTS, FIELDS, FREE_TEXTS, withText } from './every-field.ts'

/** As the corpus has them, and behind what the field has: a path is then still one that begins with `/`. */
const variants = (harmless: string, value: string): string[] => [value, `${harmless}${value}`]

/** Has every tag that a manifest may ask for here. */
const good = anInstance({
  tags: ['live', ...CORPUS.flatMap(({ value }) => variants('live', value))],
})
const answered: Answer = { state: 'answered', instances: [good] }

/** One world for all, so that what does not change is read once. */
const world = fakeWorld('', { answers: { app: answered } })
const files = DOCUMENTS.map((document, i) => ({
  path: `${i}.yaml`,
  text: JSON.stringify(document),
}))

function sourcesOf(documents: readonly Document[]): FakeWorld['sources'] {
  return documents.map((document, i) => {
    const file = files[i]
    return document === DOCUMENTS[i] && file !== undefined
      ? file
      : { path: `${i}.yaml`, text: JSON.stringify(document) }
  })
}

async function run(documents: readonly Document[], answer = answered): Promise<Outcome> {
  world.sources = sourcesOf(documents)
  // A manifest may ask for a service of any name.
  world.answers = new Proxy({}, { get: () => answer })
  return pass(world, { until: 'bundle' })
}

/** Each line by its first word and the number of its words, in no order: names move sections about. */
function skeletonOf({ config, files: maps }: Bundle): string {
  const lines = lex(config).map(({ words }) => `${words[0] ?? ''} ${words.length}`)
  const rows = maps.flatMap(({ name, text }) =>
    text.split('\n').map((row) => `${name} ${row === '' ? 0 : row.split(/\s+/).length}`),
  )
  return [...lines, ...rows.filter((row) => !row.endsWith('.map 2'))].toSorted().join('\n')
}

function saysOf({ diagnostics, sources }: Outcome): string {
  const texts = new Map(sources.map(({ path, text }) => [path, text]))
  return printDiagnostics(diagnostics, texts, 'human', false)
}

const UNPRINTABLE = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

test('every text that the schemas know is tried', () => {
  const tried = new Set(FIELDS.map(({ kind, pattern }) => `${kind} ${pattern}`))
  expect([...FREE_TEXTS].filter((text) => !tried.has(text))).toEqual([])
  expect(FREE_TEXTS.size).toBeGreaterThan(80)
})

describe('manifests', () => {
  test('the harmless site is accepted', async () => {
    const outcome = await run(DOCUMENTS)
    expect(outcome.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    expect(outcome.bundle).toBeDefined()
  })

  /** Each once; labels and annotations are the same for all kinds. */
  const named = new Map(
    FIELDS.map((field) => {
      const isCommon = /^metadata\/(labels|annotations)/.test(field.pattern)
      return [`${isCommon ? 'any' : field.kind} ${field.pattern}`, field]
    }),
  )

  test.each([...named])('%s', async (_, field) => {
    const { bundle } = await run(DOCUMENTS)
    if (bundle === undefined) throw new Error('a bundle')
    const harmless = skeletonOf(bundle)
    for (const { id, value } of CORPUS)
      for (const text of variants(harmlessOf(field), value)) {
        const outcome = await run(withText(field, text))
        expect(saysOf(outcome), id).not.toMatch(UNPRINTABLE)
        expect(outcome.bundle === undefined, id).toBe(hasErrors(outcome.diagnostics))
        // Refused for what it is: the second look must never be the one to find it.
        expect(
          outcome.diagnostics.map((d) => d.code),
          id,
        ).not.toContain('LG6003')
        if (outcome.bundle === undefined) continue
        expect(skeletonOf(outcome.bundle), id).toBe(harmless)
        break
      }
  })
})

/** What the field has in the harmless site. */
function harmlessOf({ document, steps }: Field): string {
  let value: unknown = DOCUMENTS[document]
  for (const step of steps) value = (value as Record<string, unknown>)[step]
  return String(value)
}

describe('registrations', () => {
  const server =
    /^ {4}server i-[0-9a-f]{12}-[0-9a-f]{4} \S+ weight \d+ id \d+(?: init-addr libc,none)?$/

  /** The configuration without servers and stamps. */
  function rest({ config, structure }: Bundle): string[] {
    const lines = config.replaceAll(structure, '').split('\n').slice(2)
    return lines.filter((line) => !server.test(line))
  }

  const put: Readonly<Record<string, (text: string) => Partial<Instance>>> = {
    node: (node) => ({ node }),
    id: (id) => ({ id }),
    datacenter: (datacenter) => ({ datacenter }),
    address: (address) => ({ address }),
    tag: (tag) => ({ tags: ['live', tag] }),
    'name of a check': (name) => ({ checks: [{ ...aCheck('critical'), name }] }),
    'id of a check': (id) => ({ checks: [{ ...aCheck('critical'), id, name: '' }] }),
  }

  const policies = {
    addresses: { allowedCIDRs: ['10.0.0.0/8'] },
    names: { hostnames: 'Allow', allowLoopback: 'Allow' },
  }

  const cases = Object.keys(put).flatMap((field) =>
    Object.keys(policies).map((policy) => [field, policy] as const),
  )

  test.each(cases)('%s, where a Backend allows %s', async (field, policy) => {
    const addresses = policies[policy as keyof typeof policies]
    const documents = DOCUMENTS.map((d) =>
      JSON.stringify(d['metadata']).includes('"consul"')
        ? { ...d, spec: { ...(d['spec'] as object), addresses } }
        : d,
    )
    const { bundle } = await run(documents)
    if (bundle === undefined) throw new Error('a bundle')
    const other = anInstance({ id: 'other', address: '10.0.0.2', tags: ['live'] })
    for (const { id, value } of CORPUS) {
      const instance = { ...good, ...put[field]?.(value) }
      const outcome = await run(documents, { state: 'answered', instances: [instance, other] })
      if (outcome.bundle === undefined) throw new Error(`${id}: ${saysOf(outcome)}`)
      expect([id, rest(outcome.bundle)]).toEqual([id, rest(bundle)])
      const servers = outcome.bundle.live.servers.get('consul') ?? []
      expect(
        servers.some(({ address }) => address === '10.0.0.2'),
        id,
      ).toBe(true)
      expect(outcome.compiled?.capacities[0]?.out.length, id).toBe(2 - servers.length)
      expect(saysOf(outcome), id).not.toMatch(UNPRINTABLE)
    }
  })

  test.each([-1, 0, 0.5, 65_536, 1e21])('the number %s', async (number) => {
    const { bundle } = await run(DOCUMENTS)
    const other = anInstance({ id: 'other', address: '10.0.0.2', tags: ['live'] })
    const weights = { passing: number, warning: number }
    for (const change of [{ port: number }, { weights }]) {
      const instances = [{ ...good, ...change }, other]
      const outcome = await run(DOCUMENTS, { state: 'answered', instances })
      if (outcome.bundle === undefined || bundle === undefined) throw new Error(saysOf(outcome))
      expect(rest(outcome.bundle)).toEqual(rest(bundle))
    }
  })
})

test('the content of a password file', async () => {
  const { bundle } = await run(DOCUMENTS)
  if (bundle === undefined) throw new Error('a bundle')
  for (const { id, value } of CORPUS) {
    world.files = new Map([
      ['/etc/legate/secrets/admin.hash', { state: 'present', sha256: '', text: `$5$${value}` }],
    ])
    const outcome = await run(DOCUMENTS)
    if (outcome.bundle === undefined) expect(hasErrors(outcome.diagnostics), id).toBe(true)
    else expect(skeletonOf(outcome.bundle), id).toBe(skeletonOf(bundle))
  }
  world.files = new Map()
})
