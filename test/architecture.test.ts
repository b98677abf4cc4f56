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

test('a package is not loaded late by itself: in a bundle, one in CommonJS would lose its names', () => {
  const late = files.flatMap((file) =>
    [...readFileSync(`src/${file}`, 'utf8').matchAll(/\bimport\('([^']+)'\)/g)].map((m) => m[1]),
  )
  expect(late.length).toBeGreaterThan(10)
  expect(late.filter((name) => name?.startsWith('.') !== true)).toEqual([])
})

test('pure stages know neither clock nor chance nor console', () => {
  for (const file of files.filter((f) => [...PURE, 'model'].includes(f.split('/')[0] ?? '')))
    expect(readFileSync(`src/${file}`, 'utf8'), file).not.toMatch(
      /\b(Date\.now|new Date\(\)|performance\.|Math\.random|randomBytes|randomUUID|console\.|process\.|setTimeout|setInterval)\b/,
    )
})

const STATIC = /^(?:import|export) (?!type\b)[^'"`;=]*?\bfrom '([^']+)'/gm

/** Files and packages that are loaded before anything of the entries runs. */
function loadedWith(...entries: readonly string[]): ReadonlySet<string> {
  const loaded = new Set(entries)
  for (const name of loaded) {
    if (!name.endsWith('.ts')) continue
    const text = readFileSync(`src/${name}`, 'utf8')
    for (const [, specifier = ''] of text.matchAll(STATIC))
      loaded.add(specifier.startsWith('.') ? posix.join(posix.dirname(name), specifier) : specifier)
  }
  return loaded
}

// A module costs about half a millisecond; a bare Node starts in 24.
test.each([
  ['validate', 110, ['js-yaml']],
  ['reconcile', 130, ['js-yaml']],
] as const)('legate %s starts with what it needs', (command, most, packages) => {
  const loaded = [...loadedWith('cli/main.ts', `cli/commands/${command}.ts`)]
  const foreign = loaded.filter((name) => !name.endsWith('.ts') && !name.startsWith('node:'))
  expect(foreign.toSorted()).toEqual([...packages])
  expect(loaded.filter((name) => name.endsWith('.ts')).length).toBeLessThanOrEqual(most)
  expect(loaded).toContain('manifest/validators.gen.ts')
})

test('validate starts without Consul, HAProxy and templates', () => {
  const loaded = [...loadedWith('cli/main.ts', 'cli/commands/validate.ts')]
  const others = loaded.filter((name) => /^(consul|haproxy|node:http)/.test(name))
  // The variables of Consul are settings.
  expect(others).toEqual(['consul/settings.ts'])
  expect(loaded).not.toContain('render/render.ts')
})

test('every folder under src has a row, and no row is left over', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((e) => e.isDirectory())
  expect(folders.map((e) => e.name).toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted())
})
