/**
 * Changes go in, they are made in the running worker one after the other; out comes which were, which were
 * not and why, and the worker's live state as it is now, read back.
 */
import type { RunningProcess } from '../model/actual.ts'
import { printable, type Failure, type Result } from '../model/failure.ts'
import type { RunningState, RuntimeChange } from '../model/runtime.ts'
import type { LiveMemory } from './live-memory.ts'
import type { HoldOptions } from './options.ts'
import { readBack } from './read-back.ts'
import { recipeFor, type StepEnd } from './recipes.ts'
import { setCertificate } from './set-certificate.ts'
import { setMap } from './set-map.ts'
import { talkTo, type Talk } from './talk.ts'

export interface Refusal {
  readonly change: RuntimeChange
  readonly command: string
  /** HAProxy's words. */
  readonly reply: string
}

export interface RuntimeRun {
  readonly done: readonly RuntimeChange[]
  /** What follows a refusal in the same backend, or among the maps, is not tried. */
  readonly refused: readonly Refusal[]
  /** Servers with connections still on them: out of service, to be deleted later. */
  readonly postponed: readonly RuntimeChange[]
  /** Undefined when it could not be read back: nothing may be assumed then. */
  readonly live: RunningState | undefined
  /** HAProxy could not be spoken to, or is another process by now. */
  readonly failure: Failure | undefined
}

/** `process` is what was observed: the changes were planned for that very worker. */
export async function runChanges(
  { options, memory }: { readonly options: HoldOptions; readonly memory: LiveMemory },
  process: RunningProcess,
  changes: readonly RuntimeChange[],
): Promise<RuntimeRun> {
  const talk = await talkTo(options, process.worker.pid)
  if (!talk.ok) return { ...NOTHING, failure: talk.failure }
  if (talk.value === undefined) return { ...NOTHING, failure: restarted() }
  try {
    const run = await makeAll(talk.value, process.version, changes)
    // Also after a failure: the answer to a command may be lost, and what it did is there.
    const live = await readBack(talk.value, memory, process.live, changes)
    // What was refused may be about something that is not there to be read; a reload follows anyway.
    if (!live.ok && run.refused.length > 0) return run
    if (!live.ok) return { ...run, failure: run.failure ?? live.failure }
    if (live.value === undefined) return { ...run, failure: restarted() }
    return verify({ ...run, live: live.value })
  } finally {
    talk.value.close()
  }
}

const NOTHING: RuntimeRun = {
  done: [],
  refused: [],
  postponed: [],
  live: undefined,
  failure: undefined,
}

async function makeAll(
  talk: Talk,
  version: string,
  changes: readonly RuntimeChange[],
): Promise<RuntimeRun> {
  const done: RuntimeChange[] = []
  const refused: Refusal[] = []
  const postponed: RuntimeChange[] = []
  const stopped = new Set<string>()
  for (const change of changes) {
    if (stopped.has(groupOf(change))) continue
    // oxlint-disable-next-line no-await-in-loop -- in the planned order
    const end = await make(talk, version, change)
    if (!end.ok) return { ...NOTHING, done, refused, postponed, failure: end.failure }
    if (end.value.state === 'done') done.push(change)
    if (end.value.state === 'busy') postponed.push(change)
    if (end.value.state !== 'refused') continue
    stopped.add(groupOf(change))
    refused.push({ change, command: end.value.command, reply: end.value.reply })
  }
  return { ...NOTHING, done, refused, postponed }
}

function groupOf(change: RuntimeChange): string {
  if (change.kind === 'set-map') return 'maps'
  return change.kind === 'set-certificate'
    ? `certificate ${change.path}`
    : `backend ${change.backend}`
}

async function make(talk: Talk, version: string, change: RuntimeChange): Promise<Result<StepEnd>> {
  if (change.kind === 'set-map') return setMap(talk, change)
  if (change.kind === 'set-certificate') return setCertificate(talk, change)
  return talk.follow(recipeFor(change, version))
}

/** A change that HAProxy took and that is not there was refused without a word. */
function verify(run: RuntimeRun): RuntimeRun {
  const { live } = run
  if (live === undefined) return run
  // Of several changes to one thing the last is what it must be now.
  const last = new Map(run.done.map((change) => [subjectOf(change), change]))
  const lost = [...last.values()].filter((change) => !isThere(change, live))
  if (lost.length === 0) return run
  const refusals = lost.map((change) => ({
    change,
    command: `${change.kind} ${subjectOf(change)}`,
    reply: 'HAProxy took it, and shows something else',
  }))
  return {
    ...run,
    done: run.done.filter((change) => !lost.includes(change)),
    refused: [...run.refused, ...refusals],
  }
}

function subjectOf(change: RuntimeChange): string {
  if (!('backend' in change)) return change.path
  const server = change.kind === 'add-server' ? change.server.name : change.server
  return `${change.backend}/${server}`
}

function isThere(change: RuntimeChange, { servers, maps, certificates }: RunningState): boolean {
  if (change.kind === 'set-map') return maps.get(change.map)?.text === change.text
  if (change.kind === 'set-certificate') return certificates.get(change.path) === change.fingerprint
  const subject = subjectOf(change)
  const listed = servers.get(change.backend)?.map(({ name }) => `${change.backend}/${name}`)
  return listed?.includes(subject) === (change.kind !== 'delete-server')
}

function restarted(): Failure {
  return {
    reason: 'interrupted',
    message: 'HAProxy was restarted or reloaded by somebody else while Legate was changing it',
    hint: 'the next look finds out what it has',
    transient: true,
  }
}

/** The first refusal, for a person; HAProxy's words on all of them. */
export function explainRefusals(refused: readonly Refusal[]): Failure {
  const [first] = refused
  const told = (refusal: Refusal): string =>
    `${printable(refusal.command)}: ${printable(refusal.reply === '' ? 'no answer' : refusal.reply)}`
  return {
    reason: 'runtime-refused',
    message: `HAProxy refuses at run time: ${first === undefined ? '' : told(first)}`,
    detail: refused.slice(0, 20).map(told),
    transient: false,
  }
}
