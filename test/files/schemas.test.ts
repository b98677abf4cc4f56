import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { PACKAGE_FILE, SCHEMAS_FOLDER, TEMPLATES_FOLDER } from '../../src/files/package-root.ts'
import { readSchemas, readVersion } from '../../src/files/schemas.ts'

test('each schema by its $id, without the one for editors', () => {
  const schemas = readSchemas()
  expect([...schemas.keys()]).toEqual(expect.arrayContaining(['backend.schema.json']))
  expect(schemas.has('all.schema.json')).toBe(false)
  for (const [name, schema] of schemas) expect(schema).toMatchObject({ $id: name })
})

test('the version is that of the package', async () => {
  const about: unknown = JSON.parse(await readFile(PACKAGE_FILE, 'utf8'))
  expect(about).toMatchObject({ name: 'legate', version: readVersion() })
})

test('the folders do not depend on where Legate is started', async () => {
  const url = new URL('../../src/files/package-root.ts', import.meta.url).href
  const script = `import('${url}').then((m) => console.log(m.SCHEMAS_FOLDER + '|' + m.TEMPLATES_FOLDER))`
  const tsx = import.meta.resolve('tsx')
  const args = ['--import', tsx, '--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: '/' })
  expect(stdout.trim()).toBe(`${SCHEMAS_FOLDER}|${TEMPLATES_FOLDER}`)
})
