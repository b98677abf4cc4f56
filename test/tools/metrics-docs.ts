/** The table of metrics as docs/metrics.md has it: a row a family, cells in Markdown. */
import type { Family, LabelValues } from '../../src/report/metrics-table.ts'

export function metricRows(families: readonly Family[]): string[][] {
  return families.map(({ name, type, help, labels }) => [
    `\`${name}\``,
    type,
    Object.entries(labels)
      .map(([label, values]) => `\`${label}\`: ${shown(values)}`)
      .join('; '),
    help,
  ])
}

function shown(values: LabelValues): string {
  return typeof values === 'string' ? values : values.map((value) => `\`${value}\``).join(', ')
}

/** Rows of every table in a page whose first cell is a name of a metric. */
export function rowsIn(page: string): string[][] {
  const rows = page.split('\n').filter((line) => line.startsWith('| `legate_'))
  return rows.map((row) =>
    row
      .replace(/^\||\|$/g, '')
      .split(' | ')
      .map((cell) => cell.trim()),
  )
}
