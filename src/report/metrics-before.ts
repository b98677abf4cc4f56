/** The text that an earlier process left → what the metrics of the next one go on from. Pure. */
import type { MetricsState } from './metrics-state.ts'
import { DRIFT_KINDS, FAMILIES } from './metrics-table.ts'

/** Value by the whole name of the series, as printed. */
export type Series = ReadonlyMap<string, number>

/** What cannot be read is left out: the file may be damaged, or somebody else's. */
export function readSeries(text: string): Series {
  const lines = [...text.matchAll(/^(legate_[a-z0-9_]+(?:\{.*\})?) ([-+0-9.e]+)$/gm)]
  const read = lines.map(([, name = '', value = '']) => [name, Number(value)] as const)
  return new Map(read.filter(([, value]) => Number.isFinite(value)))
}

export function stateFrom(series: Series): MetricsState {
  const ms = (name: string): number => (series.get(`legate_${name}`) ?? 0) * 1000
  const taken = series.get('legate_config_last_reload_successful')
  const provenMs = ms('config_last_reload_success_timestamp_seconds')
  const drift = DRIFT_KINDS.map(
    (kind) => [kind, ms(`drift_detected_timestamp_seconds{kind="${kind}"}`)] as const,
  )
  return {
    passMs: ms('last_reconcile_timestamp_seconds'),
    successMs: ms('last_successful_reconcile_timestamp_seconds'),
    ...(taken !== undefined && { isTaken: taken === 1 }),
    ...(provenMs > 0 && { provenMs }),
    drift: new Map(drift.filter(([, sinceMs]) => sinceMs > 0)),
    isSuspended: series.get('legate_suspended') === 1,
  }
}

const GAUGES = new Set(FAMILIES.filter(({ type }) => type === 'gauge').map(({ name }) => name))

/** Counts go on where they were; all that is not a count is as it is now. */
export function addCounts(text: string, before: Series): string {
  const counts = new Map([...before].filter(([series]) => !GAUGES.has(nameOf(series))))
  const added = text.split('\n').flatMap((line) => {
    const at = line.lastIndexOf(' ')
    const series = line.slice(0, at)
    const count = counts.get(series)
    if (count === undefined || line.startsWith('#')) return [line]
    counts.delete(series)
    return [`${series} ${Number(line.slice(at + 1)) + count}`]
  })
  return insertLeft(added, counts).join('\n')
}

/** Counts that this process has not come to belong behind the others of their family. */
function insertLeft(lines: readonly string[], left: Series): string[] {
  return lines.flatMap((line) => {
    const family = /^# TYPE (\S+) counter$/.exec(line)?.[1]
    const missing = [...left].filter(([series]) => nameOf(series) === family)
    return [line, ...missing.map(([series, count]) => `${series} ${count}`)]
  })
}

function nameOf(series: string): string {
  return series.replace(/\{.*/, '')
}
