/** Takes the paths of manifests, templates and other files; tells when something about them changed. */
import type { Clock, FileWatch } from '../model/feed.ts'
import { FolderWatches } from './folder-watches.ts'
import { findDifference, type Stamps } from './stamp.ts'
import { surveyFiles } from './survey.ts'

const POLL_MS = 30_000
/** Where the kernel gives no more watches. */
const BLIND_POLL_MS = 2000
/** The shortest time between two calls of the listeners. */
const REST_MS = 50
/** Of looking and resting together, looking is at most a third. */
const REST_PER_LOOK = 2

export interface WatchOptions {
  readonly manifests: readonly string[]
  /** The user's folder of templates. */
  readonly templates?: string | undefined
  /** How often everything is looked at though no event came: events get lost, and some file systems have none. */
  readonly pollMs?: number
}

/**
 * Calls once when the watch has begun, and after `follow` with other paths: what was read before may be
 * old. From then on there is a call after every change, and seldom one without.
 */
export function watchFiles(options: WatchOptions, clock: Clock): FileWatch {
  return new Watch(options, clock)
}

/**
 *   idle ──event, poll──▶ looking ──▶ resting ──▶ idle
 *                            ▲            │
 *                            └── event ───┘
 *
 * Looking comes before calling: every change that its stamps hold has a call after it, any other has
 * an event of its own or differs from the stamps at the next look.
 */
class Watch implements FileWatch {
  readonly #options: WatchOptions
  readonly #clock: Clock
  readonly #folders: FolderWatches
  readonly #listeners = new Set<(path: string) => void>()
  #files: readonly string[] = []
  #stamps: Stamps = new Map()
  /** What the next look is for. */
  #wanted: { readonly path: string; readonly certain: boolean } | undefined
  #state: 'idle' | 'looking' | 'resting' | 'closed' = 'idle'
  #looking: Promise<void> = Promise.resolve()
  #callOff: () => void = () => undefined

  constructor(options: WatchOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#folders = new FolderWatches((path, certain) => this.#want(path, certain))
    this.#want(options.manifests[0] ?? '', true)
  }

  onChange(listener: (path: string) => void): void {
    this.#listeners.add(listener)
  }

  follow(paths: readonly string[]): void {
    const files = [...new Set(paths)]
    const same = files.length === this.#files.length && files.every((f) => this.#files.includes(f))
    if (same) return
    const path = files.find((file) => !this.#files.includes(file))
    this.#files = files
    this.#want(path ?? this.#options.manifests[0] ?? '', true)
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#callOff()
    await this.#looking
    await this.#folders.close()
  }

  #want(path: string, certain: boolean): void {
    if (!this.#wanted?.certain) this.#wanted = { path, certain }
    if (this.#state === 'idle') this.#look()
  }

  #look(): void {
    this.#callOff()
    this.#state = 'looking'
    this.#looking = this.#lookAtAll()
  }

  async #lookAtAll(): Promise<void> {
    const wanted = this.#wanted
    this.#wanted = undefined
    const startMs = this.#clock.monotonicMs()
    const { manifests, templates } = this.#options
    const survey = await surveyFiles({ manifests, templates, files: this.#files })
    if (this.#isClosed()) return
    this.#folders.update(survey.folders)
    const different = findDifference(this.#stamps, survey.stamps)
    this.#stamps = survey.stamps
    const path = wanted?.certain === true ? wanted.path : different
    if (path !== undefined) for (const listener of this.#listeners) listener(path)
    if (!this.#isClosed()) this.#rest(this.#clock.monotonicMs() - startMs)
  }

  #rest(lookMs: number): void {
    this.#state = 'resting'
    this.#callOff = this.#clock.after(Math.max(REST_MS, lookMs * REST_PER_LOOK), () => {
      this.#state = 'idle'
      if (this.#wanted !== undefined) return this.#look()
      this.#sleep(this.#options.pollMs ?? POLL_MS)
    })
  }

  #sleep(leftMs: number): void {
    this.#callOff = this.#clock.after(Math.min(leftMs, BLIND_POLL_MS), () => {
      if (leftMs <= BLIND_POLL_MS || this.#folders.blind) this.#look()
      else this.#sleep(leftMs - BLIND_POLL_MS)
    })
  }

  /** Anybody may have closed it meanwhile, a listener included. */
  #isClosed(): boolean {
    return this.#state === 'closed'
  }
}
