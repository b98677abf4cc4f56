/** Fetches what the tests run and is nowhere on this machine, all of it at once: .cache/ goes in, .cache/ comes out. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** As test/tools/binaries.ts looks for them. */
const PARTS = [
  { name: 'haproxy', folder: 'haproxy', variable: 'HAPROXY_BIN' },
  { name: 'haproxy', folder: 'haproxy-3.0', variable: 'HAPROXY_3_0_BIN', suite: 'trixie' },
  { name: 'haproxy', folder: 'haproxy-3.2', variable: 'HAPROXY_3_2_BIN', suite: 'sid' },
  { name: 'consul', folder: 'consul', variable: 'CONSUL_BIN' },
  { name: 'prometheus', folder: 'prometheus', variable: 'PROMETHEUS_BIN' },
  // 400 MB.
  ...(process.env.CI === 'true'
    ? [{ name: 'chromium', folder: 'chromium', variable: 'CHROMIUM_BIN' }]
    : []),
]

function isThere({ name, folder, variable, suite }) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')
  return (
    (process.env[variable] ?? '') !== '' ||
    existsSync(`${root}/.cache/${folder}/${name}`) ||
    (suite === undefined && path.some((entry) => existsSync(`${entry}/${name}`)))
  )
}

/** What one says is told when it has ended: the others speak too. */
function fetchOne({ name, folder, suite }) {
  const args = [`test/tools/get-${name}.sh`, `.cache/${folder}`, ...(suite ? [suite] : [])]
  return new Promise((resolve) => {
    let told = `> bash ${args.join(' ')}   (for the tests; nothing is installed)\n`
    const child = spawn('bash', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (told += text))
    child.once('error', (error) => (told += `${error}\n`))
    child.once('close', () => {
      process.stderr.write(told)
      resolve()
    })
  })
}

// Whether the tests can do without it is theirs to say.
await Promise.all(PARTS.filter((part) => !isThere(part)).map(fetchOne))
