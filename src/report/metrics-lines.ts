/** Samples → lines of Prometheus' text format. Pure. */
import type { Family } from './metrics-table.ts'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** By the name of the family, without its prefix. */
export type Samples = Readonly<Record<string, readonly Sample[]>>
/** The same as text, without a line's end at the end; one may hold several lines. */
export type Lines = Readonly<Record<string, readonly string[]>>

export function linesOf(samples: Samples): Lines {
  return Object.fromEntries(
    Object.entries(samples).map(([family, of]) => [family, of.map((one) => line(family, one))]),
  )
}

function line(family: string, { labels, value }: Sample): string {
  return `${seriesOf(family, labels)} ${value}`
}

function seriesOf(family: string, labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? `legate_${family}` : `legate_${family}{${pairs.join(',')}}`
}

export function headOf({ name, help, type }: Family): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

export function escapeLabel(value: string): string {
  return value.replaceAll(/[\\"\n]/g, (c) => ESCAPES[c] ?? '')
}
