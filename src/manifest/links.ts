/** What resources must keep between each other: one function for each rule. */
import type { Diagnostic } from '../model/diagnostic.ts'
import { fallbackCircles, samePorts, secondGlobals } from './conflicts.ts'
import { danglingReferences } from './dangling.ts'
import { uncoveredHostnames, unused, zeroWeights } from './idle.ts'
import type { Linked } from './linked.ts'
import { sameMatches } from './same-matches.ts'

type Rule = (all: Linked) => readonly Diagnostic[]

const RULES: readonly Rule[] = [
  danglingReferences,
  secondGlobals,
  sameMatches,
  samePorts,
  fallbackCircles,
  zeroWeights,
]

/** These conclude from what is not there, and hold their tongue while anything is unread. */
const RULES_OF_ABSENCE: readonly Rule[] = [unused, uncoveredHostnames]

export function checkLinks(all: Linked): Diagnostic[] {
  const rules = all.complete ? [...RULES, ...RULES_OF_ABSENCE] : RULES
  return rules.flatMap((rule) => rule(all))
}
