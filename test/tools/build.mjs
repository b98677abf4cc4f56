/** src/ → dist/cli/: the two programs, and in chunks what they share or load when it is wanted. Plain Node: setup.mjs runs it. */
import { renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
const made = `${root}/dist.${process.pid}`

// CommonJS in a chunk calls `require` for what comes with Node.
const REQUIRE =
  "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);"

const isDone = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts', 'src/cli/reconcile.ts'],
  outdir: `${made}/cli`,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  bundle: true,
  splitting: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  banner: { js: REQUIRE },
  logLevel: 'warning',
}).then(
  () => true,
  // What is wrong has been said.
  () => false,
)

if (isDone) {
  // All at once: what starts meanwhile finds the chunks of one build, or none.
  rmSync(`${root}/dist`, { recursive: true, force: true })
  renameSync(made, `${root}/dist`)
} else {
  rmSync(made, { recursive: true, force: true })
  process.exitCode = 1
}
