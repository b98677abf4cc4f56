/** Changes that were made go in, the worker's live state with what they touched read anew comes out. */
import { fail, ok, type Result } from '../model/failure.ts'
import type { RunningState, RuntimeChange } from '../model/runtime.ts'
import { escapeArgument } from './cli.ts'
import type { LiveMemory } from './live-memory.ts'
import { askParts, type Ask } from './observe-live.ts'
import type { SeenServers } from './show-servers.ts'
import type { Talk } from './talk.ts'

/** Undefined when another worker serves by now. */
export async function readBack(
  talk: Talk,
  memory: LiveMemory,
  before: RunningState,
  changes: readonly RuntimeChange[],
): Promise<Result<RunningState | undefined>> {
  const session = await talk.review()
  if (!session.ok) return session
  const worker = session.value
  if (worker === undefined) return ok(undefined)
  const ask: Ask = async (commands) => {
    const answers = await worker.ask(commands)
    // The prompt has marked their end; here they look again as over a connection of their own.
    return answers.ok ? ok(answers.value.map((a) => (a === '' ? '\n' : `${a}\n\n`))) : answers
  }
  const servers = await askServers(ask, memory, [...new Set(changes.flatMap(backendOf))])
  if (!servers.ok) return servers
  const parts = await askParts(ask, {
    servers: servers.value,
    maps: [...new Set(changes.flatMap((c) => (c.kind === 'set-map' ? [c.path] : [])))],
    certificates: changes.flatMap((c) => (c.kind === 'set-certificate' ? [c.path] : [])),
  })
  if (!parts.ok) return parts
  const live = memory.merge(before, parts.value)
  return live === undefined ? unreadable() : ok(live)
}

function backendOf(change: RuntimeChange): string[] {
  return 'backend' in change ? [change.backend] : []
}

async function askServers(
  ask: Ask,
  memory: LiveMemory,
  names: readonly string[],
): Promise<Result<SeenServers>> {
  const answers = await ask(names.map((name) => `show servers state ${escapeArgument(name)}`))
  if (!answers.ok) return answers
  const seen = names.map((name, index) => memory.readBackend(name, answers.value[index] ?? ''))
  const found = seen.flatMap((part) => (part === undefined ? [] : [...part.backends]))
  return found.length === names.length ? ok({ backends: new Map(found) }) : unreadable()
}

function unreadable(): Result<never> {
  return fail({
    reason: 'haproxy-unreachable',
    message: 'HAProxy does not say what it has after the change',
    transient: true,
  })
}
