/** Prometheus' text as a test reads it: series by their whole name, families by theirs. */

/** Value by `name{label="value",…}` as printed. */
export function seriesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

export interface ShownFamily {
  readonly type: string
  readonly help: string
}

export function familiesOf(text: string): Map<string, ShownFamily> {
  const helps = new Map(
    [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => [name, help]),
  )
  return new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [
      name,
      { type, help: helps.get(name) ?? '' },
    ]),
  )
}

/** Names of the labels of a series. */
export function labelsOf(series: string): string[] {
  return [...series.matchAll(/[{,]([a-z_]+)="/g)].map(([, label = '']) => label)
}
