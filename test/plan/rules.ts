/** The rules of the shipped settings, for tests of plans. */
import type { PlanRules } from '../../src/plan/rules.ts'

export const RULES: PlanRules = {
  drainMs: 60_000,
  admission: 'Checked',
  file: 'Revert',
  live: 'Revert',
  adminState: 'Adopt',
  adoptMs: 3_600_000,
}
