/** Recipes go in, they are carried out side by side over one session; out comes what came of each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ok, type Result } from '../model/failure.ts'
import type { Recipe, Round, StepEnd } from './recipes.ts'
import type { Addressed, Session } from './session.ts'

type Question = string | Addressed

export interface Driven {
  /** One for each recipe, in order. */
  readonly ends: readonly StepEnd[]
  /** To the closing questions, where they could be sent along with the last commands. */
  readonly answers?: readonly string[]
}

interface Active {
  readonly index: number
  readonly recipe: Recipe
  readonly round: Round
}

/**
 * The first commands of all recipes are sent together, in order, then the second ones, and so on. What is
 * to be asked after the last command (`closing`) goes with it: one round trip is most of what a change takes.
 */
export async function drive(
  session: Session,
  recipes: readonly Recipe[],
  closing: readonly Question[],
  timeoutMs: number,
): Promise<Result<Driven>> {
  const ends: StepEnd[] = []
  const step = (index: number, recipe: Recipe, replies: readonly string[]): Active[] => {
    const next = recipe.next(replies)
    if (next.done === true) ends[index] = next.value
    return next.done === true ? [] : [{ index, recipe, round: next.value }]
  }
  let active = recipes.flatMap((recipe, index) => step(index, recipe, []))
  let answers: readonly string[] | undefined
  while (active.length > 0) {
    const questions = active.every(({ round }) => round.isLast) ? closing : []
    // oxlint-disable-next-line no-await-in-loop -- each round depends on the answers to the one before
    const told = await send(session, active, questions, timeoutMs)
    if (!told.ok) return told
    const replies = told.value.values()
    active = active.flatMap(({ index, recipe, round }) =>
      step(
        index,
        recipe,
        round.commands.map(() => replies.next().value ?? ''),
      ),
    )
    answers = questions.length === 0 ? undefined : [...replies]
  }
  return ok({ ends, ...(answers !== undefined && { answers }) })
}

async function send(
  session: Session,
  active: readonly Active[],
  questions: readonly Question[],
  timeoutMs: number,
): Promise<Result<string[]>> {
  const commands = active.flatMap(({ round }) => round.commands)
  const afterMs = Math.max(...commands.map((command) => command.afterMs ?? 0))
  const extraMs = commands.reduce((sum, command) => sum + (command.extraMs ?? 0), 0)
  if (afterMs > 0) await sleep(afterMs)
  return session.ask([...commands.map(({ text }) => text), ...questions], timeoutMs + extraMs)
}
