/** The built command `legate explain`, as a person types it, without a daemon and without Consul. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureBuilt } from '../e2e/built.ts'
import { MANIFESTS, runLegate } from '../tools/site.ts'

await ensureBuilt()

/** Nobody listens there. */
const alone = { env: { LEGATE_LISTEN: 'off' } }

test.each([
  ['lg5003', /^LG5003: Fewer instances/],
  ['Backend.balance', /^Backend\.spec\.balance\n/],
  ['Settings.listen', /Default: "127\.0\.0\.1:9478"/],
])('%s is explained', async (what, text) => {
  const { code, stdout, stderr } = await runLegate(['explain', what], alone)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(text)
})

test('a URL is explained by the manifests, and with a catalog the servers are named', async () => {
  const url = 'https://api.farmer.io:8443/x'
  const plain = await runLegate(['explain', url, '--manifests', MANIFESTS], alone)
  expect([plain.code, plain.stderr]).toEqual([0, ''])
  expect(plain.stdout).toMatch(/ {2}wins {5}HostRoute\/default\/api rule 0: api\.farmer\.io/)
  expect(plain.stdout).toMatch(/ {2}backend {2}Backend\/default\/api\n$/)
  const catalog = `file:${join('test/golden/example-site/catalog.json')}`
  const known = await runLegate(
    ['explain', url, '--manifests', MANIFESTS, '--catalog', catalog, '-o', 'json'],
    alone,
  )
  const { frontends } = JSON.parse(known.stdout) as {
    frontends: { answer: { targets: { servers: unknown[] }[] } }[]
  }
  expect(frontends[0]?.answer.targets[0]?.servers.length).toBeGreaterThan(0)
})

test.each([
  [['explain'], 'one CODE, Kind.field or URL'],
  [['explain', 'LG0999'], 'there is no code LG0999'],
  [['explain', 'Bakend.spec'], 'did you mean Backend?'],
  [['explain', 'word'], 'is no code'],
  [['explain', 'https://a b/'], 'this is no URL'],
])('%j is refused', async (args, message) => {
  const { code, stdout, stderr } = await runLegate(args, alone)
  expect([code, stdout]).toEqual([64, ''])
  expect(stderr).toContain(message)
})
