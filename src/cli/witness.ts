/** The world of a pass → the same world, and what its ports told: how long each stage took, what HAProxy's check said. */
import type { FileNeed } from '../compile/needs.ts'
import type { Plan } from '../model/plan.ts'
import type { ApplyOutcome, CheckOutcome, Hold } from '../model/ports.ts'
import type { ReferencedFiles } from '../model/snapshot.ts'
import type { World } from '../reconcile/world.ts'

export interface Witnessed {
  /** Milliseconds by stage; what lies between two ports is the pure stage there. */
  readonly stages: ReadonlyMap<string, number>
  readonly checks: readonly CheckOutcome[]
  /** What was to be applied, and what became of it, in order. */
  readonly applies: readonly { readonly plan: Plan; readonly applied: ApplyOutcome }[]
  /** Referenced files, where they were looked at. */
  readonly files?: { readonly needs: readonly FileNeed[]; readonly found: ReferencedFiles }
}

export interface Witness {
  readonly world: World
  begin(): void
  /** What it saw since it began. */
  end(): Witnessed
}

export function witnessOf(world: World, nowMs: () => number): Witness {
  const times = new StageTimes(nowMs)
  let checks: CheckOutcome[] = []
  let applies: Witnessed['applies'][number][] = []
  let files: Witnessed['files']
  const { catalog, hold } = world
  const watched: World = {
    ...world,
    readSources: (...args) => times.during('load', () => world.readSources(...args), 'validate'),
    readTemplates: (...args) => times.during('load', () => world.readTemplates(...args)),
    readLastGood: (...args) => times.during('load', () => world.readLastGood(...args)),
    catalog: catalog && {
      name: catalog.name,
      read: (...args) => times.during('consul', () => catalog.read(...args), 'render'),
      close: () => catalog.close(),
    },
    readFiles: async (...args) => {
      const found = await times.during('consul', () => world.readFiles(...args), 'render')
      const [needs] = args
      files = { needs, found }
      return found
    },
    hold:
      hold &&
      watchHold(hold, times, {
        onCheck: (check) => checks.push(check),
        onApply: (plan, applied) => applies.push({ plan, applied }),
      }),
  }
  return {
    world: watched,
    begin: () => {
      checks = []
      applies = []
      files = undefined
      times.begin()
    },
    end: () => ({ stages: times.end(), checks, applies, ...(files !== undefined && { files }) }),
  }
}

interface Told {
  onCheck(check: CheckOutcome): void
  onApply(plan: Plan, applied: ApplyOutcome): void
}

function watchHold(hold: Hold, times: StageTimes, told: Told): Hold {
  return {
    ...hold,
    observe: (...args) => times.during('observe', () => hold.observe(...args), 'plan'),
    check: async (...args) => {
      const check = await times.during('check', () => hold.check(...args))
      told.onCheck(check)
      return check
    },
    apply: async (...args) => {
      const applied = await times.during('apply', () => hold.apply(...args), 'apply')
      const [, plan] = args
      told.onApply(plan, applied)
      return applied
    },
  }
}

/** One stage at a time; ports that are asked together share theirs. */
class StageTimes {
  readonly #nowMs: () => number
  #stages = new Map<string, number>()
  #stage = ''
  #sinceMs = 0
  #asked = 0
  #next = ''

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  begin(): void {
    this.#stages = new Map()
    this.#asked = 0
    this.#stage = 'load'
    this.#sinceMs = this.#nowMs()
  }

  end(): ReadonlyMap<string, number> {
    this.#enter('')
    return this.#stages
  }

  /** `next`: the stage that follows; without it, the one that was interrupted goes on. */
  async during<T>(stage: string, run: () => Promise<T>, next?: string): Promise<T> {
    if (this.#asked === 0) {
      this.#next = this.#stage
      this.#enter(stage)
    }
    this.#asked += 1
    this.#next = next ?? this.#next
    try {
      return await run()
    } finally {
      this.#asked -= 1
      if (this.#asked === 0) this.#enter(this.#next)
    }
  }

  #enter(stage: string): void {
    const nowMs = this.#nowMs()
    const before = this.#stages.get(this.#stage) ?? 0
    this.#stages.set(this.#stage, before + nowMs - this.#sinceMs)
    this.#stage = stage
    this.#sinceMs = nowMs
  }
}
