/** The text of a settings file → Legate's settings, and everything that is wrong with them. */
import type { Diagnostic } from '../model/diagnostic.ts'
import { inOrder } from '../model/diagnostic.ts'
import type { SourceFile } from '../model/resource.ts'
import type { Settings } from '../model/settings.gen.ts'
import type { Limits } from './bounds.ts'
import { LIMITS } from './bounds.ts'
import { isMapping, versionProblems } from './envelope.ts'
import { explain } from './explain.ts'
import { positionOf } from './lines.ts'
import type { Problem } from './problem.ts'
import { located, onePerPlace, unplaced } from './problem.ts'
import type { Schemas } from './schema.ts'
import { checkSchema } from './schema.ts'
import type { YamlDocument } from './yaml.ts'
import { readYaml } from './yaml.ts'

export interface ParsedSettings {
  /** With the defaults of the schema; absent when there are errors. */
  readonly settings?: Settings
  /** As it is in the file, without defaults; absent where there is no document to speak of. */
  readonly written?: unknown
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Fields are checked each by itself: half of a pair (`hold: command` and its `reloadCommand`) may come
 * from a flag or a variable.
 */
export function parseSettings(
  file: SourceFile,
  schemas: Schemas,
  limits: Limits = LIMITS,
): ParsedSettings {
  const { documents, diagnostics } = readYaml(file, limits)
  if (diagnostics.length > 0) return { diagnostics }
  const [document, second] = documents
  if (document === undefined) return { diagnostics: [noSettings(file)] }
  if (second !== undefined) return { diagnostics: [secondSettings(second)] }
  const written = structuredClone(document.value)
  return { ...parseDocument(document, schemas), written }
}

/** Settings that stand in no file: what is wrong with them has no place but its field. */
export function checkSettings(value: Mapping, schemas: Schemas): ParsedSettings {
  const { settings, problems } = check(value, schemas)
  if (settings !== undefined) return { settings, diagnostics: [] }
  const pointers = problems.map(({ pointer }) => pointer)
  const first = problems.filter(({ pointer }, i) => pointers.indexOf(pointer) === i)
  return { diagnostics: first.map(unplaced) }
}

function parseDocument({ value, places }: YamlDocument, schemas: Schemas): ParsedSettings {
  if (!isMapping(value)) {
    const message = 'the settings are no mapping with fields'
    return { diagnostics: [{ code: 'LG1003', severity: 'error', message, at: places.value('') }] }
  }
  const { settings, problems } = check(value, schemas)
  if (settings !== undefined) return { settings, diagnostics: [] }
  const diagnostics = onePerPlace(problems.map((problem) => located(problem, places)))
  return { diagnostics: inOrder(diagnostics) }
}

type Mapping = Readonly<Record<string, unknown>>

interface Checked {
  /** With defaults; absent where there are problems. */
  readonly settings?: Settings
  readonly problems: readonly Problem[]
}

function check(value: Mapping, schemas: Schemas): Checked {
  const errors = checkSchema(value, 'Settings', schemas)
  const problems = [...versionProblems(value), ...explain(errors)]
  return problems.length === 0 && isSettings(value) ? { settings: value, problems } : { problems }
}

/** For values that their schema has nothing against. */
function isSettings(value: object): value is Settings {
  return 'spec' in value
}

function noSettings(file: SourceFile): Diagnostic {
  return {
    code: 'LG1001',
    severity: 'error',
    message: 'the file has no settings in it',
    hint: 'write apiVersion: legate/v1, kind: Settings and spec: {}',
    at: positionOf(file, { start: 0, end: 0 }),
  }
}

function secondSettings({ places }: YamlDocument): Diagnostic {
  return {
    code: 'LG3006',
    severity: 'error',
    message: 'a settings file has one document only',
    hint: 'merge the documents into one',
    at: places.value(''),
  }
}
