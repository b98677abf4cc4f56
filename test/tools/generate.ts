/** Takes schemas/, writes what is made from it: types, validators, the schema for editors, the reference. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { combineSchemas } from './schema-all.ts'
import { printIndex, printPage } from './schema-docs.ts'
import { KIND_FILES, readSchema, resolveSchema } from './schema-files.ts'
import { printTypes } from './schema-types.ts'
import { printValidators } from './schema-validators.ts'

const ROOT = new URL('../../', import.meta.url)

function header(source: string): string {
  return `/** Generated from ${source} by \`npm run generate\`; do not edit. */\n`
}

/** Path from the top of the repository to the text that belongs there. */
export async function generate(): Promise<Map<string, string>> {
  const kinds = Object.values(KIND_FILES).map((name) => resolveSchema(readSchema(name)))
  const settings = resolveSchema(readSchema('settings'))
  const names = [...Object.values(KIND_FILES), 'settings']
  const pages = new Map([...kinds, settings].map((s, i) => [`${names[i]}.md`, s]))
  return new Map([
    ['src/model/manifest.gen.ts', await printTypes(kinds, header('schemas/'))],
    ['src/model/settings.gen.ts', await printTypes([settings], header('schemas/'))],
    ['src/manifest/validators.gen.ts', printValidators(header('schemas/'))],
    ['schemas/all.schema.json', combineSchemas(kinds)],
    ['docs/reference/README.md', printIndex(pages)],
    ...[...pages].map(([file, s]) => [`docs/reference/${file}`, printPage(s)] as const),
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of await generate()) {
    const target = fileURLToPath(new URL(path, ROOT))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    process.stdout.write(`${path}\n`)
  }
