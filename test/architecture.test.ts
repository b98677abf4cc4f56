/** The dependency rule, as a table. A folder may import itself, its row, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

const PURE = ['manifest', 'compile', 'render', 'plan'] as const
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: ['node:crypto'],
  manifest: ['model', 'js-yaml', 'ajv', 'node:crypto', 'node:net'],
  compile: ['model', 'node:crypto', 'node:net'],
  render: ['model', 'nunjucks', 'node:crypto', 'node:net'],
  plan: ['model'],
  files: ['model', 'chokidar', 'selfsigned', 'node:*'],
  consul: ['model', 'node:*'],
  haproxy: ['model', 'node:*'],
  notify: ['model', 'node:*'],
  report: ['model', 'prom-client', 'nunjucks', 'diff', 'node:*'],
  reconcile: ['model', ...PURE],
  cli: ['model', ...PURE, 'files', 'consul', 'haproxy', 'notify', 'report', 'reconcile', 'node:*'],
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((f) =>
  f.endsWith('.ts'),
)

function imports(file: string): string[] {
  const text = readFileSync(`src/${file}`, 'utf8')
  return [
    ...text.matchAll(
      /^(?:import|export)\b[^'\n]*?(?:\n[^'\n]+)*?from '([^']+)'|import\('([^']+)'\)/gm,
    ),
  ].map((m) => m[1] ?? m[2] ?? '')
}

function target(file: string, specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  if (!specifier.startsWith('.')) return specifier.split('/')[0] ?? specifier
  return posix.join(posix.dirname(file), specifier).split('/')[0] ?? specifier
}

function isAllowed(folder: string, name: string): boolean {
  const allowed = MAY_IMPORT[folder] ?? []
  return (
    name === folder ||
    allowed.includes(name) ||
    (name.startsWith('node:') && allowed.includes('node:*'))
  )
}

test.each(files)('%s imports only what its folder may', (file) => {
  const folder = file.split('/')[0] ?? ''
  const broken = imports(file)
    .map((specifier) => target(file, specifier))
    .filter((name) => !isAllowed(folder, name))
  expect(broken).toEqual([])
})

test('the test sees imports at all', () => {
  expect(imports('reconcile/pass.ts')).toContain('../compile/compile.ts')
})

// What ajv compiles lies in validators.gen.ts; ajv itself took most of the start of every command.
test('of ajv, only types are imported', () => {
  const lines = files.flatMap((file) => readFileSync(`src/${file}`, 'utf8').match(FROM_AJV) ?? [])
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.filter((line) => !line.startsWith('import type '))).toEqual([])
})

const FROM_AJV = /^.*\b(?:from |import\(|require\()['"]ajv\b.*$/gm

test('pure stages know neither clock nor chance nor console', () => {
  for (const file of files.filter((f) => [...PURE, 'model'].includes(f.split('/')[0] ?? '')))
    expect(readFileSync(`src/${file}`, 'utf8'), file).not.toMatch(
      /\b(Date\.now|new Date\(\)|performance\.|Math\.random|randomBytes|randomUUID|console\.|process\.|setTimeout|setInterval)\b/,
    )
})

test('every folder under src has a row, and no row is left over', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((e) => e.isDirectory())
  expect(folders.map((e) => e.name).toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted())
})
