/** Takes schemas/, gives each as ajv compiles it in strict mode. */
import { Ajv, type ValidateFunction } from 'ajv'
import { KIND_FILES, readSchema } from '../tools/schema-files.ts'

/** Those a document is held against: the kinds, the settings, and the combined one for editors. */
export const DOCUMENT_SCHEMAS: readonly string[] = [...Object.values(KIND_FILES), 'settings', 'all']

export function compileSchema(name: string): ValidateFunction {
  const ajv = new Ajv({ strict: true, allErrors: true, useDefaults: true })
  if (name !== 'common') ajv.addSchema(readSchema('common'))
  return ajv.compile(readSchema(name))
}
