/** The maps that are wanted × those the worker has → transactions in an order that never loses a route. */
import type { Bundle, BundleFile, LiveState } from '../model/bundle.ts'
import type { RunningMap, RuntimeChange } from '../model/runtime.ts'

/** A request's way goes through them in this order: what is last in it must be there first. */
const WAY = ['hosts', 'wildcards', 'exact', 'prefix', 'targets'] as const

interface Changed {
  readonly file: BundleFile
  readonly seen: RunningMap
}

export interface MapPlan {
  readonly changes: readonly RuntimeChange[]
  /** Maps that the Runtime API must not or cannot change, and why. */
  readonly cannot: readonly { readonly map: string; readonly why: string }[]
  /** Logical names. */
  readonly different: ReadonlySet<string>
}

/**
 * First every map gets what is new beside what it has, from the end of the way to its beginning; then what
 * is old goes, from the beginning to the end. A request between two of these steps finds its old way or
 * its new one, never half of each. `known` are maps of which other entries are left as they are.
 */
export function planMaps(
  bundle: Bundle,
  seen: ReadonlyMap<string, RunningMap>,
  known?: LiveState['maps'],
): MapPlan {
  const different = bundle.files.filter(({ name }) => {
    const is = bundle.live.maps.get(name)
    return is !== seen.get(name)?.digest && is !== known?.get(name)
  })
  const names = new Set(different.map(({ name }) => name))
  const changed: Changed[] = []
  const cannot: { map: string; why: string }[] = []
  for (const file of different) {
    const running = seen.get(file.name)
    if (running === undefined) cannot.push({ map: file.name, why: 'the process has not loaded it' })
    else changed.push({ file, seen: running })
  }
  for (const { file } of entangled(changed))
    cannot.push({ map: file.name, why: 'a rule gets another meaning while its routes change' })
  if (cannot.length > 0) return { changes: [], cannot, different: names }
  const ordered = changed.toSorted((a, b) => place(a.file) - place(b.file))
  const grown = ordered.toReversed().flatMap((each) => grow(each))
  const final = ordered.flatMap((each) => (isGrowth(each) ? [] : set(each, each.file.text)))
  return { changes: [...grown, ...final], cannot: [], different: names }
}

function place({ name }: BundleFile): number {
  return WAY.findIndex((part) => name.endsWith(`-${part}.map`))
}

/** Values that change in two maps of one frontend would be mixed by a request between the two. */
function entangled(changed: readonly Changed[]): Changed[] {
  return changed.filter((one) => {
    const others = changed.filter((o) => o !== one && frontendOf(o.file) === frontendOf(one.file))
    return others.length > 0 && place(one.file) === WAY.length - 1 && givesOtherValues(one)
  })
}

function frontendOf({ name }: BundleFile): string {
  return name.replace(/-[a-z]+\.map$/, '')
}

function givesOtherValues({ file, seen }: Changed): boolean {
  const before = rows(seen.text)
  return [...rows(file.text)].some(([key, value]) => (before.get(key) ?? value) !== value)
}

function grow(each: Changed): RuntimeChange[] {
  const now = rows(each.file.text)
  const old = rows(each.seen.text)
  if ([...now].every(([key, value]) => old.get(key) === value)) return []
  const rest = [...old].filter(([key]) => !now.has(key))
  if (rest.length === 0) return set(each, each.file.text)
  // Where HAProxy takes the first suffix that fits, the longest must come first.
  const both = [...now, ...rest].toSorted(([a], [b]) => b.length - a.length)
  return set(each, both.map(([key, value]) => `${key} ${value}\n`).join(''))
}

/** Nothing goes: the first step is the last. */
function isGrowth({ file, seen }: Changed): boolean {
  const now = rows(file.text)
  const isDone = [...rows(seen.text).keys()].every((key) => now.has(key))
  return isDone && !sameRows(now, rows(seen.text))
}

function set({ file, seen }: Changed, text: string): RuntimeChange[] {
  return [{ kind: 'set-map', map: file.name, path: seen.path, text }]
}

function sameRows(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
}

function rows(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const end = line.indexOf(' ')
      return [line.slice(0, end), line.slice(end + 1)]
    }),
  )
}
