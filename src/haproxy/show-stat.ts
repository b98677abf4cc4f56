/** The answer of `show stat` for the servers of a backend goes in, their sessions come out. */

/** By server: sessions at it now and those in its queue. Undefined when the answer is not that of `show stat`. */
export function parseSessions(text: string): Map<string, number> | undefined {
  const [heading = '', ...lines] = text.split('\n')
  const columns = heading.replace(/^# /, '').split(',')
  const [name, current, queued] = ['svname', 'scur', 'qcur'].map((column) =>
    columns.indexOf(column),
  )
  if (name === undefined || current === undefined || queued === undefined) return undefined
  if (!heading.startsWith('# ') || Math.min(name, current, queued) < 0) return undefined
  // A line has a hundred cells, and these are among the first.
  const most = Math.max(name, current, queued) + 1
  const rows = lines.filter((line) => line !== '').map((line) => line.split(',', most))
  return new Map(
    rows.map((cells) => [cells[name] ?? '', Number(cells[current]) + Number(cells[queued])]),
  )
}
