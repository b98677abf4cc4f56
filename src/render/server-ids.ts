/** Names of a backend's servers go in, HAProxy's numbers for them (`id`) come out. */
import { hash } from 'node:crypto'

/**
 * Hashing algorithms place a server by its number times 4096 in 32 bits: numbers that agree in their
 * lowest 20 bits would share their places, and one of the two would get no traffic.
 */
const NUMBERS = 2 ** 20 - 1

/**
 * 1 to 1,048,575, each once: drawn from the name, so that a server keeps its number whatever joins or
 * leaves. Where two names draw the same one, the later in the order of names takes the next that is free.
 * Without a number of its own, a server that is added at run time gets no traffic from `balance random`
 * and from consistent hashing up to HAProxy 2.8 (haproxy#3413).
 */
export function serverIds(names: readonly string[]): Map<string, number> {
  const taken = new Set<number>()
  const ids = new Map<string, number>()
  for (const name of names.toSorted()) {
    let id = draw(name)
    while (taken.has(id)) id = (id % NUMBERS) + 1
    taken.add(id)
    ids.set(name, id)
  }
  return ids
}

function draw(name: string): number {
  return (Number.parseInt(hash('sha256', name).slice(0, 8), 16) % NUMBERS) + 1
}
