/** Gives the schemas and the version that come with Legate; that they are missing is a bug, and thrown. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compare } from '../model/diagnostic.ts'
import { PACKAGE_FILE, SCHEMAS_FOLDER } from './package-root.ts'

/** Parsed JSON by file name, which is the schema's `$id`; without the combined one for editors. */
export function readSchemas(): ReadonlyMap<string, object> {
  const names = readdirSync(SCHEMAS_FOLDER)
    .filter((name) => name.endsWith('.schema.json') && name !== 'all.schema.json')
    .toSorted(compare)
  return new Map(names.map((name) => [name, readObject(join(SCHEMAS_FOLDER, name))]))
}

/** As package.json has it: `1.2.3`. */
export function readVersion(): string {
  const about = readObject(PACKAGE_FILE)
  if ('version' in about && typeof about.version === 'string') return about.version
  throw new Error(`no version in ${PACKAGE_FILE}`)
}

function readObject(path: string): object {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof value === 'object' && value !== null) return value
  throw new Error(`no JSON object in ${path}`)
}
