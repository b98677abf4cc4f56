/** HAProxy's version goes in, what its Runtime API can do and where it goes wrong come out. */
import { atLeast } from '../model/version.ts'

interface Row {
  readonly name: string
  /** Branch in which it was gone. Absent: it is in all that are known. */
  readonly until?: string
  readonly reference: string
}

/**
 * Gone wrong without a word, each worked around for every version: what does no harm need not be switched
 * off where it is not needed.
 */
export const SILENT_FAILURES: readonly Row[] = [
  {
    name: 'a server that is added without an id gets no traffic from random and consistent hashing',
    until: '3.0',
    reference: 'haproxy/haproxy#3413; rendered as `id`',
  },
  {
    name: 'a server that is added without pool options does not reuse connections',
    until: '3.0',
    reference:
      'tried on 2.6.12: 20 requests are 20 connections; `pool-purge-delay`, `pool-max-conn`',
  },
  {
    name: 'a server that is added with `check` is not checked',
    reference: 'management.txt, "add server"; `enable health`',
  },
  {
    name: 'a server that is added does not inherit `default-server`',
    reference: "haproxy/haproxy#1994; its words are in front of the server's own",
  },
  {
    name: 'add server takes a host name, and the server has no address',
    until: '3.0',
    reference: 'haproxy/haproxy#1865; only addresses are given',
  },
]

interface Came {
  /** Branch in which it came. */
  readonly since: string
  readonly reference: string
}

/** What not every version can. */
export type Ability = 'wait-removable'

const ABILITIES: Readonly<Record<Ability, Came>> = {
  'wait-removable': {
    since: '3.0',
    reference:
      'management.txt, "wait": from 3.3 on idle connections would keep a server from being deleted',
  },
}

export function can(version: string, ability: Ability): boolean {
  return atLeast(version, ABILITIES[ability].since)
}
