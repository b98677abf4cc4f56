/**
 * One change goes in, the commands for it come out, one step after the other; back in goes each answer.
 *
 * A recipe is a generator: it yields commands that may be sent together, gets their answers, and returns
 * what came of the change. It does no I/O, so that a test can play HAProxy.
 */
import { isIPv6 } from 'node:net'
import type { WantedServer } from '../model/bundle.ts'
import type { RuntimeChange } from '../model/runtime.ts'
import { can } from './capabilities.ts'
import { escapeArgument } from './cli.ts'
import { isExpected, isStillInUse, isTaken, type Expected } from './replies.ts'

export interface Command {
  readonly text: string
  readonly expect: Expected
  /** To wait before it is sent. */
  readonly afterMs?: number
  /** What this command may take beyond the usual. */
  readonly extraMs?: number
}

export type Step = Generator<readonly Command[], StepEnd, readonly string[]>

export type StepEnd =
  | { readonly state: 'done' }
  /** HAProxy will not do it. */
  | { readonly state: 'refused'; readonly command: string; readonly reply: string }
  /** Not now: connections are still there. */
  | { readonly state: 'busy' }

export type ServerChange = Exclude<RuntimeChange, { kind: 'set-map' | 'set-certificate' }>

const DONE: StepEnd = { state: 'done' }

export function recipeFor(change: ServerChange, version: string): Step {
  const of = (server: string): string => `${name(change.backend)}/${name(server)}`
  switch (change.kind) {
    case 'add-server':
      return add(of(change.server.name), change, version)
    case 'set-weight':
      return all([set(`${of(change.server)} weight ${change.weight}`)])
    case 'set-address': {
      const { address, port } = change
      return all([
        set(`${of(change.server)} addr ${escapeArgument(address)} port ${port}`, 'moved'),
      ])
    }
    case 'set-state':
      return setState(of(change.server), change)
    case 'drain-server':
      // Weight 0 tells Legate's own doing from that of a person, also to a Legate that was just started.
      return all([set(`${of(change.server)} weight 0`), set(`${of(change.server)} state drain`)])
    case 'delete-server':
      return remove(of(change.server), change.isForced, version)
  }
}

/** HAProxy reads `backend/server` as one word, split at its slash. */
function name(text: string): string {
  if (text.includes('/')) throw new Error(`not a name of HAProxy: ${text}`)
  return escapeArgument(text)
}

function set(text: string, expect: Expected = 'silence'): Command {
  return { text: `set server ${text}`, expect }
}

/** Sends all together; the first that is refused counts. */
function* all(commands: readonly Command[]): Step {
  const replies = yield commands
  for (const [index, command] of commands.entries()) {
    const reply = replies[index] ?? ''
    if (!isExpected(command.expect, reply))
      return { state: 'refused', command: command.text, reply }
  }
  return DONE
}

function* add(
  path: string,
  { server, admit }: Extract<ServerChange, { kind: 'add-server' }>,
  version: string,
): Step {
  const words = wordsFor(server, admit === 'checked' ? 0 : server.weight)
  const address = isIPv6(server.address) ? `[${server.address}]` : server.address
  const place = `${escapeArgument(address)}:${server.port}`
  const text = ['add server', path, place, ...words.map(escapeArgument)].join(' ')
  const command: Command = { text, expect: 'added' }
  let [reply = ''] = yield [command]
  if (isTaken(reply, server.name)) {
    // Left over: an earlier one of that name that was taken out of service and not deleted.
    const cleared = yield* remove(path, false, version)
    if (cleared.state !== 'done') return { state: 'refused', command: text, reply }
    ;[reply = ''] = yield [command]
  }
  if (!isExpected('added', reply)) return { state: 'refused', command: text, reply }
  const opened = yield* open(path, isChecked(server.words))
  // One that is there and not open would be in the way of the next attempt.
  if (opened.state !== 'done') yield* remove(path, false, version)
  return opened
}

/**
 * 2.6 makes a new connection for each request to a server that is added without pool options; they are what
 * a server of the file has by default. The weight comes last and wins.
 */
function wordsFor({ words }: WantedServer, weight: number): string[] {
  const pool = [
    ['pool-purge-delay', '5s'],
    ['pool-max-conn', '-1'],
  ] as const
  return [
    ...words,
    ...pool.flatMap(([word, value]) => (words.includes(word) ? [] : [word, value])),
    'weight',
    String(weight),
  ]
}

function isChecked(words: readonly string[]): boolean {
  return words.lastIndexOf('check') > words.lastIndexOf('no-check')
}

/** `add server` leaves checks off, whatever its words say; they must run before the first request comes. */
function* open(path: string, checks: boolean): Step {
  const enable: Command = { text: `enable health ${path}`, expect: 'silence' }
  return yield* all([...(checks ? [enable] : []), set(`${path} state ready`)])
}

function setState(
  path: string,
  { state, isChecked: checks }: Extract<ServerChange, { kind: 'set-state' }>,
): Step {
  if (state === 'ready') return open(path, checks)
  return all([set(`${path} state ${state === 'drain' ? 'drain' : 'maint'}`)])
}

const ATTEMPTS = 4
const STEP_MS = 100

/** Connections that are about to end are given a moment; a server that keeps some stays, out of service. */
function* remove(path: string, isForced: boolean, version: string): Step {
  const taken = yield* all([
    set(`${path} state maint`),
    { text: `disable health ${path}`, expect: 'silence' },
    ...(isForced ? [{ text: `shutdown sessions server ${path}`, expect: 'silence' } as const] : []),
  ])
  if (taken.state !== 'done') return taken
  const text = `del server ${path}`
  const wait: Command = {
    text: `wait ${STEP_MS}ms srv-removable ${path}`,
    expect: 'waited',
    extraMs: STEP_MS,
  }
  const waits = can(version, 'wait-removable')
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const afterMs = attempt === 0 || waits ? 0 : STEP_MS
    const command: Command = { text, expect: 'deleted', afterMs }
    const replies = yield waits ? [wait, command] : [command]
    const reply = replies.at(-1) ?? ''
    if (isExpected('deleted', reply)) return DONE
    if (!isStillInUse(reply)) return { state: 'refused', command: text, reply }
  }
  return { state: 'busy' }
}
