/** A process that was looked at before, and some of its backends, go in; the process with these as they are now comes out. */
import type { RunningProcess } from '../model/actual.ts'
import type { Tools } from './options.ts'
import { readReview, reviewOfParts } from './read-back.ts'
import { talkTo } from './talk.ts'

/** Undefined when it is another process by now, or does not answer: then everything is to be looked at. */
export async function glance(
  tools: Tools,
  last: RunningProcess,
  backends: ReadonlySet<string>,
): Promise<RunningProcess | undefined> {
  const { memory } = tools
  const live = memory.state ?? last.live
  if (backends.size === 0) return { ...last, live }
  const talk = await talkTo(tools, last.worker.pid)
  if (!talk.ok || talk.value === undefined) return undefined
  const { session } = talk.value
  try {
    const names = [...backends].filter((name) => live.servers.has(name))
    const parts = { backends: names, leaving: new Set<string>(), maps: [], certificates: [] }
    const review = reviewOfParts(talk.value, live, parts)
    const answers = await session.ask(review.questions)
    if (!answers.ok) return undefined
    const now = readReview(talk.value, memory, live, { review, answers: answers.value })
    return now.ok && now.value !== undefined ? { ...last, live: now.value } : undefined
  } finally {
    session.close()
  }
}
