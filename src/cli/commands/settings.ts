/** `legate settings`: every setting, its value, where it came from; secrets masked. */
import type { Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'

export async function showSettings({ settings, console }: Context): Promise<number> {
  const rows = settings.leaves.map((leaf) => {
    const value = leaf.path
      .split('.')
      .reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), settings.values)
    const shown = leaf.isSecret && value !== undefined ? '<masked>' : show(value)
    return [leaf.path, shown, settings.origins.get(leaf.path) ?? 'default'] as const
  })
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  for (const [path, value, from] of rows)
    console.out(`${path.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${from}\n`)
  return EXIT.ok
}

function show(value: unknown): string {
  return value === undefined ? '-' : typeof value === 'string' ? value : JSON.stringify(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
