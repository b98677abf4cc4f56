/** Text with PromQL in it → the metrics it names that nobody exports. */

/** What Legate, HAProxy's exporter and the client library call theirs. */
const METRIC = /\b(?:legate|haproxy|process|nodejs)_[a-z0-9_]+/g

export function unknownNames(text: string, known: ReadonlySet<string>): string[] {
  const named = new Set([...text.matchAll(METRIC)].map(([name]) => name))
  return [...named].filter((name) => !known.has(name)).toSorted()
}

/** Names of series: a histogram has three. */
export function seriesNames(metricsText: string): Set<string> {
  const lines = [...metricsText.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  return new Set(
    lines.flatMap(([, name = '', type = '']) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
}
