/** Who may ask for what over HTTP, and what every answer carries. */
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { backendYaml, FRONTEND_YAML, routeYaml } from '../builders.ts'
import { answerOf, makePageSite } from './site.ts'
import type { SiteWishes, PageSite } from './site.ts'

const YAML =
  FRONTEND_YAML +
  backendYaml('api', ', capacity: { desired: 2 }') +
  routeYaml('shop', ['shop.example'], '[{ backendRefs: [{ name: api }] }]')

function site(wishes: SiteWishes = {}): Promise<PageSite> {
  return makePageSite(YAML, { answers: { api: answerOf('api', 2) } }, wishes)
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, method, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

const PATHS = [
  '/',
  '/routes',
  '/backends',
  '/backends/api',
  '/route?url=https://shop.example/',
  '/pending',
  '/actions/1',
  '/style.css',
  '/api/v1/status',
  '/api/v1/route?url=http://shop.example:8080/',
]

test.each(PATHS)('%s is served, with a policy under which nothing can run', async (path) => {
  const { url, pass } = await site()
  await pass('start')
  const { status, headers, body } = await ask(url + path)
  expect([status, body.length > 100]).toEqual([200, true])
  expect(headers).toMatchObject({
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  expect(body).not.toMatch(/<script|\son[a-z]+=|\sstyle=/i)
})

test.each(PATHS)('%s is refused under a name of somebody else', async (path) => {
  const { url } = await site()
  for (const host of [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    'x@127.0.0.1',
  ])
    expect((await ask(url + path, { Host: host })).status, host).toBe(403)
})

test('addresses, localhost and allowed names are served, and no name that ends alike', async () => {
  const { url } = await site({ allowedHosts: ['legate.example'] })
  for (const host of [
    '127.0.0.1:9478',
    '[::1]:9478',
    'localhost',
    'LocalHost:1',
    'legate.example:9478',
    'Legate.Example',
  ])
    expect((await ask(url, { Host: host })).status, host).toBe(200)
  for (const host of ['x.legate.example', 'legate.example.', 'legate.example.evil.example'])
    expect((await ask(url, { Host: host })).status, host).toBe(403)
})

test.each(['/metrics', '/healthz', '/readyz'])('%s is served under every name', async (path) => {
  const { url, pass } = await site()
  await pass()
  expect((await ask(url + path, { Host: 'prometheus.example' })).status).toBe(200)
})

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s changes nothing', async (method) => {
  const { url } = await site()
  const { status, headers } = await ask(`${url}/`, {}, method)
  expect([status, headers['allow']]).toEqual([405, 'GET, HEAD'])
})

test('HEAD has the headers of GET and no body', async () => {
  const { url } = await site()
  const { status, headers, body } = await ask(`${url}/`, {}, 'HEAD')
  expect([status, headers['content-type'], body]).toEqual([200, 'text/html; charset=utf-8', ''])
})

test.each([
  '/x',
  '/backends/nobody',
  '/actions/99',
  '/actions/x',
  '/backends/a/b',
  '/%',
  '/__proto__',
  '/constructor',
  '//',
])('%s is not there', async (path) => {
  const { url } = await site()
  expect((await ask(url + path)).status).toBe(404)
})

test('ready is who has ended a pass, also without Consul and with manifests that are wrong', async () => {
  const { url, pass, world } = await site()
  expect((await ask(`${url}/healthz`)).status).toBe(200)
  expect((await ask(`${url}/readyz`)).status).toBe(503)
  world.sources = [{ path: 'site.yaml', text: 'nonsense: [' }]
  await pass()
  expect((await ask(`${url}/readyz`)).status).toBe(200)
  expect(JSON.parse((await ask(`${url}/api/v1/status`)).body)).toMatchObject({ sync: 'Held' })
})

test('a URL is explained as a value, and what is none is told', async () => {
  const { url, pass } = await site()
  await pass()
  const { body } = await ask(
    `${url}/api/v1/route?url=${encodeURIComponent('http://shop.example:8080/x')}`,
  )
  expect(JSON.parse(body)).toMatchObject({
    host: 'shop.example',
    frontends: [{ answer: { kind: 'backends', targets: [{ backend: 'api' }] } }],
  })
  const wrong = await ask(`${url}/api/v1/route?url=%20`)
  expect([wrong.status, JSON.parse(wrong.body)]).toMatchObject([
    400,
    { message: 'the URL names no host: write it as https://host/path' },
  ])
})
