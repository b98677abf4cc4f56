/** Takes schemas/, writes what is made from it: types, the schema for editors, the reference. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KIND_FILES, readSchema, resolveSchema } from './schema-files.ts'
import { printTypes } from './schema-types.ts'

const ROOT = new URL('../../', import.meta.url)

function header(source: string): string {
  return `/** Generated from ${source} by \`npm run generate\`; do not edit. */\n`
}

/** Path from the top of the repository to the text that belongs there. */
export async function generate(): Promise<Map<string, string>> {
  const kinds = Object.values(KIND_FILES).map((name) => resolveSchema(readSchema(name)))
  const settings = resolveSchema(readSchema('settings'))
  return new Map([
    ['src/model/manifest.gen.ts', await printTypes(kinds, header('schemas/'))],
    [
      'src/model/settings.gen.ts',
      await printTypes([settings], header('schemas/settings.schema.json')),
    ],
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of await generate()) {
    const target = fileURLToPath(new URL(path, ROOT))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    process.stdout.write(`${path}\n`)
  }
