/**
 * Changes go in, they are made in the running worker one after the other; out comes which were, which were
 * not and why, and the worker's live state as it is now, read back.
 */
import type { RunningProcess } from '../model/actual.ts'
import { ok, printable, type Failure, type Result } from '../model/failure.ts'
import type { RunningState, RuntimeChange } from '../model/runtime.ts'
import { serverOf, subjectOf } from '../model/runtime.ts'
import type { LiveMemory } from './live-memory.ts'
import type { Tools } from './options.ts'
import { batchesOf, isOfServer } from './batches.ts'
import { drive, type Driven } from './drive.ts'
import { readReview, reviewOf, type Review } from './read-back.ts'
import { recipeFor, type StepEnd } from './recipes.ts'
import { replaced } from './session.ts'
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
  tools: Pick<Tools, 'options' | 'memory' | 'openSession'>,
  process: RunningProcess,
  changes: readonly RuntimeChange[],
): Promise<RuntimeRun> {
  const talk = await talkTo(tools, process.worker.pid)
  if (!talk.ok) return { ...NOTHING, failure: talk.failure }
  if (talk.value === undefined) return { ...NOTHING, failure: replaced() }
  try {
    return await changeAndReview(talk.value, tools.memory, process, changes)
  } finally {
    talk.value.session.close()
  }
}

async function changeAndReview(
  talk: Talk,
  memory: LiveMemory,
  { version, live: before }: RunningProcess,
  changes: readonly RuntimeChange[],
): Promise<RuntimeRun> {
  const review = reviewOf(talk, before, changes)
  const { run, answers } = await makeAll(talk, version, changes, review)
  if (run.failure !== undefined) return run
  const told = answers === undefined ? await talk.session.ask(review.questions) : ok(answers)
  if (!told.ok) return { ...run, failure: told.failure }
  const live = readReview(talk, memory, before, { review, answers: told.value })
  // What was refused may be about something that is not there to be read; a reload follows anyway.
  if (!live.ok) return run.refused.length > 0 ? run : { ...run, failure: live.failure }
  if (live.value === undefined) return { ...run, failure: replaced() }
  return verify({ ...run, live: live.value })
}

const NOTHING: RuntimeRun = {
  done: [],
  refused: [],
  postponed: [],
  live: undefined,
  failure: undefined,
}

interface Made {
  readonly run: RuntimeRun
  /** To the review, where it could be asked along with the last commands. */
  readonly answers?: readonly string[]
}

async function makeAll(
  talk: Talk,
  version: string,
  changes: readonly RuntimeChange[],
  { questions }: Review,
): Promise<Made> {
  const stopped = new Set<string>()
  let run = NOTHING
  let answers: readonly string[] | undefined
  const batches = batchesOf(changes)
  for (const batch of batches) {
    const tried = batch.filter((c) => !stopped.has(groupOf(c)) && !stopped.has(subjectOf(c)))
    const closing = batch === batches.at(-1) ? questions : []
    // oxlint-disable-next-line no-await-in-loop -- in the planned order
    const made = await makeBatch(talk, version, tried, closing)
    if (!made.ok) return { run: { ...run, failure: made.failure } }
    run = sortOut(run, tried, made.value.ends)
    for (const { change } of run.refused) stopped.add(groupOf(change))
    for (const change of run.postponed) stopped.add(subjectOf(change))
    answers = made.value.answers
  }
  return answers === undefined ? { run } : { run, answers }
}

function sortOut(
  run: RuntimeRun,
  changes: readonly RuntimeChange[],
  ends: readonly StepEnd[],
): RuntimeRun {
  const ofState = (state: StepEnd['state']): RuntimeChange[] =>
    changes.filter((_, index) => ends[index]?.state === state)
  const refused = changes.flatMap((change, index) => {
    const end = ends[index]
    return end?.state === 'refused' ? [{ change, command: end.command, reply: end.reply }] : []
  })
  return {
    ...run,
    done: [...run.done, ...ofState('done')],
    postponed: [...run.postponed, ...ofState('busy')],
    refused: [...run.refused, ...refused],
  }
}

async function makeBatch(
  talk: Talk,
  version: string,
  changes: readonly RuntimeChange[],
  closing: Review['questions'],
): Promise<Result<Driven>> {
  const [first] = changes
  if (first?.kind === 'set-map') return alone(await setMap(talk, first))
  if (first?.kind === 'set-certificate') return alone(await setCertificate(talk, first))
  const recipes = changes.filter(isOfServer).map((change) => recipeFor(change, version))
  return drive(talk.session, recipes, closing, talk.timeoutMs)
}

function alone(end: Result<StepEnd>): Result<Driven> {
  return end.ok ? ok({ ends: [end.value] }) : end
}

function groupOf(change: RuntimeChange): string {
  if (change.kind === 'set-map') return 'maps'
  return change.kind === 'set-certificate'
    ? `certificate ${change.path}`
    : `backend ${change.backend}`
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

function isThere(change: RuntimeChange, { servers, maps, certificates }: RunningState): boolean {
  if (change.kind === 'set-map') return maps.get(change.map)?.text === change.text
  if (change.kind === 'set-certificate') return certificates.get(change.path) === change.fingerprint
  const name = serverOf(change)
  const listed = servers.get(change.backend)?.find((s) => s.name === name)
  if (change.kind === 'replace-server')
    return listed?.address === change.server.address && listed.port === change.server.port
  return (listed !== undefined) === (change.kind !== 'delete-server')
}

/** The first refusal, for a person; HAProxy's words on all of them. Undefined when there is none. */
export function explainRefusals(refused: readonly Refusal[]): Failure | undefined {
  const [first] = refused
  if (first === undefined) return undefined
  const told = (refusal: Refusal): string =>
    `${printable(refusal.command)}: ${printable(refusal.reply === '' ? 'no answer' : refusal.reply)}`
  return {
    reason: 'runtime-refused',
    message: `HAProxy refuses at run time: ${told(first)}`,
    detail: refused.slice(0, 20).map(told),
    transient: false,
  }
}
