/** Names of a backend's servers go in, HAProxy's numbers for them (`id`) come out. */
import { hash } from 'node:crypto'

/**
 * Hashing algorithms place a server by its number times 4096 in 32 bits: numbers that agree in their
 * lowest 20 bits would share their places, and one of the two would get no traffic.
 */
const NUMBERS = 2 ** 20 - 1

/** A list of this many names. */
const LONG = 500

/**
 * 1 to 1,048,575, each once: drawn from the name, so that a server keeps its number whatever joins or
 * leaves. Where two names draw the same one, the later in the order of names takes the next that is free.
 * Without a number of its own, a server that is added at run time gets no traffic from `balance random`
 * and from consistent hashing up to HAProxy 2.8 (haproxy#3413).
 */
export function serverIds(names: readonly string[]): Map<string, number> {
  const taken = new Set<number>()
  const ids = new Map<string, number>()
  const number = names.length < LONG ? draw : drawOnce
  for (const name of names.toSorted()) {
    let id = number(name)
    while (taken.has(id)) id = (id % NUMBERS) + 1
    taken.add(id)
    ids.set(name, id)
  }
  return ids
}

/** What was drawn for the servers of long lists: of ten thousand few are new. */
const drawn = new Map<string, number>()
const MOST_DRAWN = 50_000

function drawOnce(name: string): number {
  const known = drawn.get(name)
  if (known !== undefined) return known
  if (drawn.size >= MOST_DRAWN) drawn.clear()
  const number = draw(name)
  drawn.set(name, number)
  return number
}

function draw(name: string): number {
  return (Number.parseInt(hash('sha256', name).slice(0, 8), 16) % NUMBERS) + 1
}
