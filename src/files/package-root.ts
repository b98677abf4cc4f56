/** Gives the folders that come with Legate, from wherever it is installed. */
import { fileURLToPath } from 'node:url'

/** This file is two folders below the root, in src/ as in dist/. */
const ROOT = new URL('../../', import.meta.url)

export const PACKAGE_FILE: string = fileURLToPath(new URL('package.json', ROOT))
export const SCHEMAS_FOLDER: string = fileURLToPath(new URL('schemas/', ROOT))
export const TEMPLATES_FOLDER: string = fileURLToPath(new URL('templates/', ROOT))
