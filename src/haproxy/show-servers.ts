/** The answer of `show servers state` and what was read last time go in, the servers come out. */
import { compare } from '../model/diagnostic.ts'
import { isSameList } from '../model/remember.ts'
import type { RunningServer } from '../model/runtime.ts'

interface Row {
  /** Its line up to the column that counts seconds, and what follows that: all else can say something new. */
  readonly before: string
  readonly after: string
  readonly server: RunningServer
}

export interface BackendRows {
  /** In HAProxy's order. */
  readonly rows: readonly Row[]
  /** Sorted by name. */
  readonly servers: readonly RunningServer[]
}

export interface SeenServers {
  readonly backends: ReadonlyMap<string, BackendRows>
}

export const NO_SERVERS: SeenServers = { backends: new Map() }

/**
 * A backend whose lines say what they said in `last` keeps its very list, and all of them together their
 * map; unless something changed, the text is only compared. Only format version 1 is read, which every
 * HAProxy from 1.6 to 3.2 writes; columns are found by their names.
 */
export function parseServersState(
  text: string,
  last: SeenServers = NO_SERVERS,
): SeenServers | undefined {
  // A worker that ended in the middle of its answer leaves out the empty line.
  if (!text.startsWith('1\n# ') || !text.endsWith('\n\n')) return undefined
  const headingEnd = text.indexOf('\n', 2)
  const columns = findColumns(text.slice(4, headingEnd))
  if (columns === undefined) return undefined
  const backends = readBackends(text, headingEnd + 1, columns, last)
  return backends === undefined ? undefined : sameAs(last, backends) ? last : { backends }
}

interface Columns {
  readonly backend: number
  readonly name: number
  readonly address: number
  readonly port: number
  readonly weight: number
  readonly admin: number
  readonly seconds: number
  readonly checkStatus: number
  readonly checkResult: number
  readonly checkState: number
}

function findColumns(heading: string): Columns | undefined {
  const names = heading.split(' ')
  const columns = {
    backend: names.indexOf('be_name'),
    name: names.indexOf('srv_name'),
    address: names.indexOf('srv_addr'),
    port: names.indexOf('srv_port'),
    weight: names.indexOf('srv_uweight'),
    admin: names.indexOf('srv_admin_state'),
    seconds: names.indexOf('srv_time_since_last_change'),
    checkStatus: names.indexOf('srv_check_status'),
    checkResult: names.indexOf('srv_check_result'),
    checkState: names.indexOf('srv_check_state'),
  }
  return Object.values(columns).includes(-1) ? undefined : columns
}

function readBackends(
  text: string,
  start: number,
  columns: Columns,
  last: SeenServers,
): Map<string, BackendRows> | undefined {
  const backends = new Map<string, BackendRows>()
  let at = start
  while (at < text.length - 1) {
    const name = copyOf(cellAt(text, at, columns.backend))
    const read = readRows(text, at, { name, columns, last: last.backends.get(name) })
    if (read === undefined) return undefined
    backends.set(name, read.rows)
    at = read.end
  }
  return backends
}

interface Named {
  readonly name: string
  readonly columns: Columns
  readonly last: BackendRows | undefined
}

/** The lines of one backend, which follow each other. */
function readRows(
  text: string,
  start: number,
  { name, columns, last }: Named,
): { readonly rows: BackendRows; readonly end: number } | undefined {
  const { rows: expected, servers } = last ?? NOTHING_SEEN
  const rows: Row[] = []
  let [at, place] = [start, 0]
  for (;;) {
    const same = expected[place]
    const end = same === undefined ? -1 : endOf(same, text, at)
    if (same !== undefined && end !== -1) {
      rows.push(same)
      place += 1
      at = end
    } else {
      if (!isLineOf(name, text, at, columns)) break
      const row = readRow(text, at, columns, servers)
      if (row === undefined) return undefined
      rows.push(row)
      place = nextPlace(expected, place, row)
      at = text.indexOf('\n', at) + 1
    }
  }
  return { rows: keep(last, rows), end: at }
}

const NOTHING_SEEN: BackendRows = { rows: [], servers: [] }

function isLineOf(name: string, text: string, at: number, columns: Columns): boolean {
  return at < text.length - 1 && cellAt(text, at, columns.backend) === name
}

function cellAt(text: string, lineAt: number, column: number): string {
  let at = lineAt
  for (let i = 0; i < column; i += 1) at = text.indexOf(' ', at) + 1
  return text.slice(at, text.indexOf(' ', at))
}

/** So that what is kept of an answer does not keep the whole answer. */
function copyOf(text: string): string {
  return Buffer.from(text).toString()
}

/** Where the line that begins at `at` ends, if it is the row, whatever its seconds are; else -1. */
function endOf({ before, after }: Row, text: string, at: number): number {
  // Pieces are compared as a whole, several times as fast as `startsWith` once that is compiled.
  let here = at + before.length
  if (text.slice(at, here) !== before) return -1
  while (isDigit(text.charCodeAt(here))) here += 1
  const end = here + after.length
  return text.slice(here, end) === after ? end : -1
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Where in the rows of last time the one after this one is: lines come and go, the order stays. */
function nextPlace(expected: readonly Row[], place: number, row: Row): number {
  for (let ahead = place; ahead < Math.min(place + 64, expected.length); ahead += 1) {
    const there = expected[ahead]
    if (there?.server.name === row.server.name) return ahead + 1
  }
  return place
}

/** `known` are sorted by name. */
function readRow(
  text: string,
  at: number,
  columns: Columns,
  known: readonly RunningServer[],
): Row | undefined {
  const line = copyOf(text.slice(at, text.indexOf('\n', at) + 1))
  const cells = line.trimEnd().split(' ')
  const server = readServer(cells, columns)
  if (server === undefined) return undefined
  const before = findByName(known, server.name)
  const secondsFrom = cells.slice(0, columns.seconds).join(' ').length + 1
  return {
    before: line.slice(0, secondsFrom),
    after: line.slice(secondsFrom + (cells[columns.seconds] ?? '').length),
    server: before && isEqual(before, server) ? before : server,
  }
}

/** In a list that is sorted by name. */
function findByName(servers: readonly RunningServer[], name: string): RunningServer | undefined {
  let [from, to] = [0, servers.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (compare(servers[middle]?.name ?? '', name) < 0) from = middle + 1
    else to = middle
  }
  const found = servers[from]
  return found?.name === name ? found : undefined
}

function readServer(cells: readonly string[], columns: Columns): RunningServer | undefined {
  const number = (column: number): number => Number(cells[column] ?? NaN)
  const [port, weight] = [number(columns.port), number(columns.weight)]
  const bits = number(columns.admin)
  if (!Number.isInteger(port) || !Number.isInteger(weight) || !Number.isInteger(bits))
    return undefined
  return {
    name: cells[columns.name] ?? '',
    address: canonicalAddress(cells[columns.address] ?? ''),
    port,
    weight,
    admin: readAdmin(bits),
    check: readCheck(
      number(columns.checkState),
      number(columns.checkResult),
      number(columns.checkStatus),
    ),
    sessions: undefined,
    outForMs: undefined,
    idleForMs: undefined,
  }
}

/**
 * FMAINT (1) and FDRAIN (8) are what the command line or `disabled` has set, IMAINT (2) and IDRAIN (16)
 * what was set for a server that this one tracks. Not counted: CMAINT (4), which only says that the file
 * has `disabled` and stays when the server is enabled by hand; RMAINT (32), for a name that cannot be
 * resolved, which nobody has set; HMAINT (64), which says where the host name came from.
 */
function readAdmin(bits: number): RunningServer['admin'] {
  if ((bits & 0x03) !== 0) return 'maintenance'
  return (bits & 0x18) === 0 ? 'ready' : 'drain'
}

/** A check is made where it is both CONFIGURED (2) and ENABLED (4); `add server` leaves out the second. */
const CHECKING = 0x06
/** 0 unknown, 1 neutral, 2 failed, 3 passed, 4 passed under a condition. */
const [FAILED, PASSED, PASSED_IF] = [2, 3, 4]
/** L4OK, L6OK, L7OK, L7OKC, PROCOK. */
const GOOD = new Set([6, 9, 15, 16, 20])
/** Of the states of a check, the first that is an end: what is below has not been checked yet. */
const FIRST_END = 5

/** The result is forgotten while the next check is under way; the status then still says how the last ended. */
function readCheck(state: number, result: number, status: number): RunningServer['check'] {
  if ((state & CHECKING) !== CHECKING) return 'none'
  if (result === PASSED || result === PASSED_IF) return 'passed'
  if (result === FAILED) return 'failed'
  if (status < FIRST_END) return 'unknown'
  return GOOD.has(status) ? 'passed' : 'failed'
}

/** HAProxy prints the last 32 bits of some IPv6 addresses as IPv4; the canonical form does not. */
function canonicalAddress(address: string): string {
  if (!address.includes(':') || !address.includes('.')) return address
  return URL.canParse(`http://[${address}]`)
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address
}

function isEqual(a: RunningServer, b: RunningServer): boolean {
  return (
    a.address === b.address &&
    a.port === b.port &&
    a.weight === b.weight &&
    a.admin === b.admin &&
    a.check === b.check
  )
}

/** The list of last time, where it has the very same servers. */
function keep(last: BackendRows | undefined, rows: readonly Row[]): BackendRows {
  if (last !== undefined && isSameList(last.rows, rows)) return last
  const sorted = rows.map((row) => row.server).toSorted((a, b) => compare(a.name, b.name))
  const isOld = last !== undefined && isSameList(last.servers, sorted)
  return { rows, servers: isOld ? last.servers : sorted }
}

function sameAs({ backends }: SeenServers, now: ReadonlyMap<string, BackendRows>): boolean {
  if (backends.size !== now.size) return false
  for (const [name, rows] of now) if (backends.get(name) !== rows) return false
  return true
}
