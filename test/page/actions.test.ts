/** What is kept of actions: their differences with true line numbers, without secrets, and not too much of it. */
import { applyPatch } from 'diff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RenderedSection } from '../../src/model/bundle.ts'
import { sealConfig } from '../../src/model/target-file.ts'
import { changedSections, changedText, diffChanged } from '../../src/report/changed-text.ts'
import { backendYaml, FRONTEND_YAML, routeYaml } from '../builders.ts'
import { answerOf, makePageSite } from './site.ts'

const YAML =
  FRONTEND_YAML +
  backendYaml('api') +
  routeYaml('shop', ['shop.example'], '[{ backendRefs: [{ name: api }] }]')

const keep = (text: string): string => text

function lines(count: number, change: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: count }, (_, i) => `${change[i + 1] ?? `line ${i + 1}`}\n`).join('')
}

test('only what differs is kept, and its lines have the numbers of the file', () => {
  const changed = changedText('haproxy.cfg', lines(5000), lines(5000, { 4000: 'other' }), keep)
  expect(changed?.before.length).toBeLessThan(200)
  const diff = diffChanged(changed === undefined ? [] : [changed])
  expect(diff).toMatch(
    /^--- haproxy\.cfg\tbefore\n\+\+\+ haproxy\.cfg\tafter\n@@ -3997,7 \+3997,7 @@\n/,
  )
  expect(diff).toContain(' line 3999\n-line 4000\n+other\n line 4001\n')
})

test('lines at the very beginning and end, of texts that share nothing, and of none', () => {
  for (const [before, after] of [
    ['', lines(3)],
    [lines(3), ''],
    [lines(3), lines(3, { 1: 'x' })],
    [lines(3), lines(3, { 3: 'x' })],
    ['a\n', 'b\n'],
    ['a\na\na\n', 'a\na\n'],
  ] as const) {
    const changed = changedText('x', before, after, keep)
    const diff = changed && diffChanged([changed])
    const [minus, plus] = ['-', '+'].map((sign) =>
      (diff ?? '').split('\n').filter((l) => l.startsWith(sign) && !l.startsWith(sign.repeat(3))),
    )
    const [a, b] = [before.split('\n'), after.split('\n')]
    expect((minus?.length ?? 0) - (plus?.length ?? 0)).toBe(a.length - b.length)
    expect(diff).toBeTruthy()
  }
  expect(changedText('x', lines(3), lines(3), keep)).toBeUndefined()
})

test('of sections the difference is that of the files made of them', () => {
  const line = fc.constantFrom('a', 'b', 'c', 'd')
  const section = fc
    .array(line, { minLength: 1, maxLength: 5 })
    .map((texts) => ({ header: '', resource: undefined, text: `${texts.join('\n')}\n` }))
  const many = fc.array(section, { maxLength: 6 })
  type Sections = readonly RenderedSection[]
  const fileOf = (sections: Sections): string =>
    sealConfig([`\n${sections.map((s) => s.text).join('\n')}`])
  const diff = (text: ReturnType<typeof changedText>): string | undefined =>
    text && diffChanged([text])
  fc.assert(
    fc.property(many, many, many, many, (top, before, after, end) => {
      const [a, b] = [
        [...top, ...before, ...end],
        [...top, ...after, ...end],
      ]
      const whole = diff(changedText('x', fileOf(a), fileOf(b), keep))
      const parts = diff(changedSections('x', a, b, keep))
      // The same lines at the same places: which of two equal lines is the new one, a diff may choose.
      const undone = (text: string | undefined, sections: Sections): string =>
        text === undefined ? fileOf(sections) : applyPatch(fileOf(sections), text) || 'no'
      const bodyOf = (text: string): string => text.split('\n').slice(2).join('\n')
      expect(bodyOf(undone(parts, a))).toBe(bodyOf(fileOf(b)))
      expect(bodyOf(undone(whole, a))).toBe(bodyOf(fileOf(b)))
    }),
  )
})

const HASHES = [
  '$5$legate$yv1duZ.CvgGeMHtDQeraZleq2ZXGwvhVHikLuRXaRQ7',
  '$5$legate$fSOjkNzdwxUvIyHFQj0ANJrQOrYLmMK.hAvmrQ3/4.8',
]

test('a password that was, and the one that is, are in no difference', async () => {
  const users = `
---
apiVersion: legate/v1
kind: Userlist
metadata: { name: admins }
spec: { users: [{ name: bob, passwordFrom: { file: bob.hash } }] }
---
apiVersion: legate/v1
kind: Frontend
metadata: { name: stats }
spec: { listeners: [{ name: plain, port: 8404 }], stats: { userlistRef: { name: admins } } }
`
  const site = await makePageSite(YAML + users, { answers: { api: answerOf('api', 2) } })
  for (const hash of HASHES) {
    const sha256 = String(hash.length).padStart(64, hash.slice(-1))
    site.world.files = new Map([
      ['/etc/legate/bob.hash', { state: 'present', sha256, text: `${hash}\n` }],
    ])
    await site.pass('files')
  }
  site.world.answers = { api: answerOf('api', 3) }
  await site.pass()
  const { actions } = site.board.status()
  expect(actions.map(({ id }) => id)).toEqual([3, 2, 1])
  const pages = await Promise.all(
    actions.map(({ id }) => fetch(`${site.url}/actions/${id}`).then((r) => r.text())),
  )
  expect(pages[2]).toContain('&lt;masked&gt;')
  for (const hash of HASHES) expect(pages.join('')).not.toContain(hash.slice(-12))
  expect(JSON.stringify(site.board.status())).not.toContain('$5$')
})

test('a large difference is not kept', async () => {
  const site = await makePageSite(YAML, { answers: { api: answerOf('api', 3500) } })
  await site.pass()
  expect(await (await fetch(`${site.url}/actions/1`)).text()).toContain('too large to be kept')
})

test('of a large configuration what differs at its beginning and its end is kept', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `b${String(i).padStart(2, '0')}`)
  const answers = Object.fromEntries(names.map((name) => [name, answerOf(name, 200)]))
  const yaml = FRONTEND_YAML + names.map((name) => backendYaml(name)).join('')
  const site = await makePageSite(yaml, { answers })
  await site.pass()
  site.world.answers = { ...answers, b00: answerOf('b00', 201), b11: answerOf('b11', 201) }
  await site.pass()
  const page = await (await fetch(`${site.url}/actions/2`)).text()
  expect(page.match(/class="add"/g)).toHaveLength(2)
})

test('the last twenty are kept', async () => {
  const site = await makePageSite(YAML, { answers: { api: answerOf('api', 1) } })
  await site.pass()
  for (let i = 1; i <= 21; i++) {
    site.world.answers = { api: answerOf('api', 1 + i) }
    await site.pass()
  }
  const { actions } = site.board.status()
  expect([actions.length, actions[0]?.id, actions.at(-1)?.id]).toEqual([20, 22, 3])
  expect(await (await fetch(`${site.url}/actions/22`)).text()).toContain('class="add"')
})
