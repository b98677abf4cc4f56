/** Whether dist/ is newer than all that it is made of. Plain Node: setup.mjs asks before anything else is there. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The packages are in dist/ too. */
const MADE_OF = ['tsconfig.json', 'test/tools/build.mjs', 'node_modules/.package-lock.json']

export function isBuilt() {
  const sources = readdirSync(`${root}/src`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
  const from = [...sources, ...MADE_OF.map((name) => `${root}/${name}`)]
  return changedMs(`${root}/dist/cli/main.js`) >= Math.max(...from.map(changedMs))
}

/** In milliseconds; 0 where there is none. */
export function changedMs(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0
}
