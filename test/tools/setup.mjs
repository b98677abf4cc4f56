/** Makes a fresh clone ready: packages by the lock file, the build. Plain Node, because nothing else is there yet. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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

/** Newest change below a folder, in milliseconds. */
function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(`${entry.parentPath ?? entry.path}/${entry.name}`).mtimeMs),
  )
}

function time(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0
}

if (time(`${root}/node_modules/.package-lock.json`) < time(`${root}/package-lock.json`))
  run('npm', ['ci', '--no-audit', '--no-fund'], 'packages, by the lock file, into node_modules/')

const built = `${root}/dist/cli/main.js`
if (time(built) < Math.max(newest(`${root}/src`), time(`${root}/tsconfig.json`)))
  run('npm', ['run', '--silent', 'build'], 'src/ to dist/')

// The tests would fetch them too, each at its first use; here it is told, and nobody's deadline runs.
if (process.env.npm_lifecycle_event === 'test') await import('./fetch.mjs')
