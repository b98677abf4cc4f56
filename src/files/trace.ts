/** Takes a path; gives every name on the way to it that may come to lead elsewhere, and where it leads now. */
import type { Stats } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'

/** As many as the kernel follows. */
const MAX_LINKS = 40

export interface Step {
  /** Real path of a folder. */
  readonly folder: string
  readonly name: string
  /** Of what has this name, a link not followed; undefined where there is nothing to be seen. */
  readonly stats: Stats | undefined
  /** Where a link leads to. */
  readonly to?: string
}

export interface Trace {
  readonly steps: readonly Step[]
  /** Real path of what the path leads to; undefined while it leads nowhere. */
  readonly real: string | undefined
}

/** Begins in the folder `from`, a real path, or at the root. */
export async function tracePath(path: string, from: string = process.cwd()): Promise<Trace> {
  const steps: Step[] = []
  const real = await follow(isAbsolute(path) ? '/' : from, namesIn(path), steps)
  return { steps, real }
}

async function follow(
  folder: string,
  [name, ...rest]: readonly string[],
  steps: Step[],
): Promise<string | undefined> {
  if (name === undefined) return folder
  if (name === '..') return follow(dirname(folder), rest, steps)
  const step = await lookAt(folder, name)
  steps.push(step)
  const { stats, to } = step
  if (stats === undefined) return undefined
  if (to === undefined) return follow(join(folder, name), rest, steps)
  if (steps.filter((s) => s.to !== undefined).length > MAX_LINKS) return undefined
  return follow(isAbsolute(to) ? '/' : folder, [...namesIn(to), ...rest], steps)
}

async function lookAt(folder: string, name: string): Promise<Step> {
  const path = join(folder, name)
  const stats = await lstat(path).catch(() => undefined)
  const to = stats?.isSymbolicLink() === true ? await readlink(path).catch(() => '') : undefined
  return { folder, name, stats, ...(to !== undefined && { to }) }
}

function namesIn(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}
