/** Makes a fresh clone ready: packages by the lock file, the build. Plain Node, because nothing else is there yet. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { changedMs, isBuilt } from './built.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Legate needs Node 20.19 or newer; this is ${process.version}.`)
  process.exit(1)
}

function run(command, args, why) {
  console.error(`> ${[command, ...args].join(' ')}   (${why})`)
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error !== undefined) console.error(String(error))
  if (status !== 0) process.exit(status ?? 1)
}

if (changedMs(`${root}/node_modules/.package-lock.json`) < changedMs(`${root}/package-lock.json`))
  run('npm', ['ci', '--no-audit', '--no-fund'], 'packages, by the lock file, into node_modules/')

if (!isBuilt()) run('npm', ['run', '--silent', 'build'], 'src/ to dist/')

// The tests would fetch them too, each at its first use; here it is told, and nobody's deadline runs.
if (process.env.npm_lifecycle_event === 'test') await import('./fetch.mjs')
