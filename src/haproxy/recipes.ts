/**
 * One change goes in, the commands for it come out, one step after the other; back in goes each answer.
 *
 * A recipe is a generator: it yields commands that may be sent together, gets their answers, and returns
 * what came of the change. It does no I/O, so that a test can play HAProxy.
 */
import { isIP } from 'node:net'
import type { WantedServer } from '../model/bundle.ts'
import { printable } from '../model/failure.ts'
import { instanceOf } from '../model/server-name.ts'
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

export interface Round {
  readonly commands: readonly Command[]
  /** Nothing follows, when they are answered as is hoped. */
  readonly isLast: boolean
}

export type Recipe = Generator<Round, StepEnd, readonly string[]>

export type StepEnd =
  | { readonly state: 'done' }
  /** HAProxy will not do it. */
  | { readonly state: 'refused'; readonly command: string; readonly reply: string }
  /** Not now: connections are still there. */
  | { readonly state: 'busy' }

export type ServerChange = Exclude<RuntimeChange, { kind: 'set-map' | 'set-certificate' }>

const DONE: StepEnd = { state: 'done' }

export function recipeFor(change: ServerChange, version: string): Recipe {
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
      return all([mark(of(change.server)), set(`${of(change.server)} state drain`)])
    case 'replace-server':
      return replace(of(change.server.name), change, version)
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

/** Weight 0 tells Legate's own doing from that of a person, also to a Legate that was just started. */
function mark(path: string): Command {
  return set(`${path} weight 0`)
}

/** Sends all together; the first that is refused counts. */
function* all(commands: readonly Command[]): Recipe {
  const replies = yield { commands, isLast: true }
  return judge(commands, replies)
}

function judge(commands: readonly Command[], replies: readonly string[]): StepEnd {
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
): Recipe {
  const command = addition(path, server)
  const { text } = command
  // All in one where the name says where the server is: then one of that name may be opened, whoever added it.
  const isNamedByPlace = instanceOf(server.name) !== server.name
  const after = isNamedByPlace ? openCommands(path, { server, admit }) : []
  const attempt: Round = { commands: [command, ...after], isLast: isNamedByPlace }
  let [reply = '', ...replies] = yield attempt
  if (isTaken(reply, server.name)) {
    // Left over: an earlier one of that name that was taken out of service and not deleted.
    const removed = yield* remove(path, false, version)
    if (removed.state !== 'done') return { state: 'refused', command: text, reply }
    ;[reply = '', ...replies] = yield attempt
  }
  if (!isExpected('added', reply)) return { state: 'refused', command: text, reply }
  if (!isNamedByPlace) return yield* opening(path, { server, admit }, version)
  return yield* cleared(path, judge(after, replies), version)
}

function* opening(path: string, admission: Admission, version: string): Recipe {
  return yield* cleared(path, yield* all(openCommands(path, admission)), version)
}

/** One that is there and not open would be in the way of the next attempt. */
function* cleared(path: string, opened: StepEnd, version: string): Recipe {
  if (opened.state !== 'done') yield* remove(path, false, version)
  return opened
}

function openCommands(path: string, { server, admit }: Admission): readonly Command[] {
  return openingOf(path, isChecked(server.words), admit === 'checked' ? 0 : server.weight)
}

type Admission = Pick<Extract<ServerChange, { kind: 'add-server' }>, 'server' | 'admit'>

/** Without a weight until it is open: should nobody come so far, it is not taken for one that a person has taken out. */
function addition(path: string, server: WantedServer): Command {
  const words = wordsFor(server)
  const text = ['add server', path, placeOf(server), ...words.map(escapeArgument)].join(' ')
  return { text, expect: 'added' }
}

/** A host name would be taken, and the server have no address. */
function placeOf({ address, port }: WantedServer): string {
  const family = isIP(address)
  if (family === 0) throw new Error(`not an address: ${printable(address)}`)
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

/**
 * 2.6 makes a new connection for each request to a server that is added without pool options; they are what
 * a server of the file has by default. The weight comes last and wins.
 */
function wordsFor({ words }: WantedServer): string[] {
  const pool = [
    ['pool-purge-delay', '5s'],
    ['pool-max-conn', '-1'],
  ] as const
  return [
    ...words,
    ...pool.flatMap(([word, value]) => (words.includes(word) ? [] : [word, value])),
    'weight',
    '0',
  ]
}

function isChecked(words: readonly string[]): boolean {
  return words.lastIndexOf('check') > words.lastIndexOf('no-check')
}

/** `add server` leaves checks off, whatever its words say; they must run before the first request comes. */
function openingOf(path: string, checks: boolean, weight = 0): readonly Command[] {
  const enable: Command = { text: `enable health ${path}`, expect: 'silence' }
  return [
    ...(checks ? [enable] : []),
    set(`${path} state ready`),
    ...(weight > 0 ? [set(`${path} weight ${weight}`)] : []),
  ]
}

function setState(
  path: string,
  { state, isChecked: checks }: Extract<ServerChange, { kind: 'set-state' }>,
): Recipe {
  if (state === 'ready') return all(openingOf(path, checks))
  return all([set(`${path} state ${state === 'drain' ? 'drain' : 'maint'}`)])
}

const ATTEMPTS = 4
const STEP_MS = 100

/** In two round trips where nothing is in flight: to a server that stays, HAProxy adds no other of its name. */
function* replace(
  path: string,
  { server, admit, isForced }: Extract<ServerChange, { kind: 'replace-server' }>,
  version: string,
): Recipe {
  const command = addition(path, server)
  const removal = remove(path, isForced, version)
  let step = removal.next([])
  let reply = ''
  while (step.done !== true) {
    const { commands } = step.value
    const isDeletion = commands.at(-1)?.expect === 'deleted'
    const replies = yield isDeletion
      ? { commands: [...commands, command], isLast: false }
      : step.value
    reply = replies[commands.length] ?? ''
    step = removal.next(replies.slice(0, commands.length))
  }
  if (step.value.state !== 'done') return step.value
  if (!isExpected('added', reply)) return { state: 'refused', command: command.text, reply }
  return yield* opening(path, { server, admit }, version)
}

/** Connections that are about to end are given a moment; a server that keeps some stays, out of service. */
function* remove(path: string, isForced: boolean, version: string): Recipe {
  const shut: Command = { text: `shutdown sessions server ${path}`, expect: 'silence' }
  const before: readonly Command[] = [
    mark(path),
    // Idle connections are closed on the way into maintenance, and 2.6 deletes no server that has some:
    // one that is in it already must come out once more. Drained, it gets nothing in between.
    set(`${path} state drain`),
    set(`${path} state maint`),
    { text: `disable health ${path}`, expect: 'silence' },
    ...(isForced ? [shut] : []),
  ]
  const text = `del server ${path}`
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const afterMs = attempt === 0 || can(version, 'wait-removable') ? 0 : STEP_MS
    const commands = [...before, { text, expect: 'deleted', afterMs } as const]
    // A server that could not be taken out is not deleted: HAProxy refuses to.
    const end = judgeRemoval(commands, yield { commands, isLast: true })
    if (end !== undefined) return end
    if (can(version, 'wait-removable')) yield { commands: [waitFor(path)], isLast: false }
  }
  return { state: 'busy' }
}

/** Whatever is sent after it interrupts it: of several at once, only the last one waits. */
function waitFor(path: string): Command {
  return { text: `wait ${STEP_MS}ms srv-removable ${path}`, expect: 'waited', extraMs: STEP_MS }
}

/** Undefined while connections are still there. */
function judgeRemoval(
  commands: readonly Command[],
  replies: readonly string[],
): StepEnd | undefined {
  const bad = commands.findIndex((each, index) => !isExpected(each.expect, replies[index] ?? ''))
  const reply = replies[bad] ?? ''
  if (bad === -1) return DONE
  if (bad === commands.length - 1 && isStillInUse(reply)) return undefined
  return { state: 'refused', command: commands[bad]?.text ?? '', reply }
}
