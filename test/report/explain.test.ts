/** What `legate explain` says of codes and fields: there is a text for every one, and none is empty. */
import { expect, test } from 'vitest'
import { readSchemas } from '../../src/files/schemas.ts'
import { CODES } from '../../src/model/codes.ts'
import type { RouteExplanation } from '../../src/model/route-explanation.ts'
import { explainCode, wrap } from '../../src/report/explain-codes.ts'
import { explainField } from '../../src/report/explain-field.ts'
import { printRoute } from '../../src/report/explain-route.ts'
import { KIND_FILES, readSchema, resolveSchema, type Schema } from '../tools/schema-files.ts'

const schemas = readSchemas()

test.each(Object.keys(CODES))('%s says what it means, why, and what to do', (code) => {
  const text = explainCode(code) ?? ''
  const [title, why = '', remedy = ''] = text.split('\n\n')
  expect(title).toBe(`${code}: ${CODES[code as keyof typeof CODES]}`)
  expect(why).toMatch(/^Why: [^]{40,}[.!]$/)
  expect(remedy).toMatch(/^What to do: [^]{20,}[.!]\n$/)
})

test('what is no code is none', () => {
  for (const code of ['LG0000', 'toString', '']) expect(explainCode(code)).toBeUndefined()
})

test('texts are wrapped at blanks', () => {
  expect(wrap('aa bb cccccc d', 5)).toBe('aa bb\ncccccc\nd')
  expect(wrap('aa bb', 5, '  ')).toBe('  aa\n  bb')
})

function* paths(schema: Schema, path: string): Generator<string> {
  yield path
  const container = schema.items ?? schema
  for (const [name, below] of Object.entries(container.properties ?? {}))
    yield* paths(below, `${path}.${name}`)
}

const every = [...Object.entries(KIND_FILES), ['Settings', 'settings'] as const].flatMap(
  ([kind, file]) => [...paths(resolveSchema(readSchema(file)), kind)],
)

test('every field of every kind is explained', () => {
  expect(every.length).toBeGreaterThan(200)
  for (const path of every) {
    const found = explainField(path, schemas)
    expect(found, path).toMatchObject({ ok: true, text: expect.stringMatching(/^\S+\n\nType: \S/) })
    expect(found.ok && found.text, path).not.toMatch(/undefined|Type: any|\n\n\n/)
  }
})

test('type, default, and what is below', () => {
  const found = explainField('Backend.balance.algorithm', schemas)
  expect(found.ok && found.text).toMatch(
    /^Backend\.spec\.balance\.algorithm\n\nType: RoundRobin \| StaticRR \|.*\nDefault: "RoundRobin"\n\n\S/,
  )
  const listeners = explainField('Frontend.spec.listeners[]', schemas)
  expect(listeners.ok && listeners.text).toMatch(/Type: list of object\nRequired\n/)
  expect(listeners.ok && listeners.text).toMatch(/\n {2}port \(required\)\n {6}\S/)
})

test('what is not there is named with what is', () => {
  expect(explainField('Bakend', schemas)).toMatchObject({ ok: false, at: '', wanted: 'Bakend' })
  expect(explainField('Frontend.listeners.constructor', schemas)).toMatchObject({
    ok: false,
    at: 'Frontend.spec.listeners',
    known: expect.arrayContaining(['port', 'tls']),
  })
})

const at = { file: 'routes.yaml', line: 7, column: 1, endLine: 7, endColumn: 2 }
const rule = { rule: 'default/shop/api', route: 'HostRoute/default/shop', hostname: 'shop.example' }
const EXPLAINED: RouteExplanation = {
  host: 'shop.example',
  path: '/api/x',
  note: 'no listener',
  frontends: [
    {
      resource: 'Frontend/default/web',
      listeners: ['*:80 (HTTP)'],
      site: 'shop.example',
      winner: { ...rule, type: 'PathPrefix', path: '/api', at },
      lost: [{ ...rule, rule: 'default/shop/0', type: 'PathPrefix', path: '/', why: 'shorter' }],
      answer: {
        kind: 'backends',
        targets: [
          {
            resource: 'Backend/default/api',
            backend: 'api',
            share: 0.995,
            servers: [{ name: 'i-1', address: '10.0.0.1', port: 80, weight: 100 }],
          },
          { backend: 'next', share: 0.005, servers: [] },
        ],
      },
    },
  ],
}

test('a route is told line by line', () => {
  expect(printRoute(EXPLAINED, true)).toBe(`host shop.example  path /api/x
note: no listener

Frontend/default/web on *:80 (HTTP)
  site     shop.example
  wins     HostRoute/default/shop rule api: shop.example PathPrefix /api (routes.yaml:7)
  loses    HostRoute/default/shop rule 0: shop.example PathPrefix /: shorter
  backend  Backend/default/api  99.5 % of the requests
             i-1  10.0.0.1:80  weight 100
  backend  next  0.5 % of the requests
             no server: requests get 503
`)
  expect(printRoute(EXPLAINED, false)).not.toMatch(/i-1|503/)
})
