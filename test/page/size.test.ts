/** The page of a large site: bounded in what it shows and in what it takes, whatever is wrong with it. */
import { expect, test } from 'vitest'
import { backendYaml, FRONTEND_YAML, routeYaml } from '../builders.ts'
import type { PageSite } from './site.ts'
import { answerOf, makePageSite } from './site.ts'

const BACKENDS = 500
const EACH = 20

const NAMES = Array.from({ length: BACKENDS }, (_, i) => `service-${i}`)

const YAML =
  FRONTEND_YAML +
  NAMES.map((name) => backendYaml(name, `, capacity: { desired: ${EACH} }`)).join('') +
  NAMES.map((name) =>
    routeYaml(name, [`${name}.example`], `[{ backendRefs: [{ name: ${name} }] }]`),
  ).join('')

/** One of each service is ill. */
async function large(ill: readonly number[]): Promise<PageSite> {
  const answers = Object.fromEntries(NAMES.map((name) => [name, answerOf(name, EACH)]))
  const site = await makePageSite(YAML, { answers })
  await site.pass('start')
  site.world.answers = Object.fromEntries(NAMES.map((name) => [name, answerOf(name, EACH, ill)]))
  await site.pass('Consul')
  return site
}

const PATHS = [
  '/',
  '/backends',
  '/routes',
  '/backends/service-3',
  '/actions/1',
  '/route?url=http://service-9.example:8080/',
]

/** The best of three: what it takes, not what the machine has to do besides. */
async function ask(url: string): Promise<{ readonly tookMs: number; readonly size: number }> {
  let [tookMs, size] = [Infinity, 0]
  for (let i = 0; i < 3; i++) {
    const before = performance.now()
    size = (await (await fetch(url)).text()).length
    tookMs = Math.min(tookMs, performance.now() - before)
  }
  return { tookMs, size }
}

test.each([
  ['all well', [], '50 of 500'],
  ['something wrong with every backend', [7], 'and 400 more'],
])('10,000 servers, %s', { timeout: 60_000 }, async (_, ill, words) => {
  const { url } = await large(ill)
  for (const path of PATHS) {
    const { tookMs, size } = await ask(url + path)
    expect([path, tookMs < 300, size < 400_000]).toEqual([path, true, true])
  }
  expect(await (await fetch(url)).text()).toContain(words)
})

test.each(['/backends', '/routes'])('%s is read in parts, each line once', async (path) => {
  const { url } = await large([])
  const seen: string[] = []
  let parts = 0
  for (let next: string | undefined = path; next !== undefined; parts += 1) {
    const text = await (await fetch(url + next)).text()
    expect(text).toContain(
      `${parts === 0 ? '200' : `${parts * 200 + 1} to ${Math.min(500, parts * 200 + 200)}`} of 500`,
    )
    seen.push(
      ...[
        ...text.matchAll(
          /<td[^>]*>[^<]*<a href="\/backends\/([^"]+)"|scope="row"><a href="\/backends\/([^"]+)"/g,
        ),
      ].map(([, a, b]) => a ?? b ?? ''),
    )
    next = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    expect(text.includes('rel="prev"')).toBe(parts > 0)
  }
  expect(parts).toBe(3)
  expect(seen.toSorted()).toEqual(NAMES.toSorted())
  const some = await (await fetch(`${url}${path}?q=service-1&from=20`)).text()
  expect(some).toContain('21 to 111 of 111')
})
