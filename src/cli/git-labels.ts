/** Revisions of the manifests → the git commits that they are of, for people. */
import { gitHead } from '../files/git.ts'

/** Git is asked once for each revision of the manifests; it may answer late, and only the newest counts. */
export class GitLabels {
  readonly #folder: string
  #revision: string | undefined
  #label: Promise<string | undefined> = Promise.resolve(undefined)

  constructor(folder: string) {
    this.#folder = folder
  }

  async tell(revision: string, done: (label: string | undefined) => void): Promise<void> {
    if (revision !== this.#revision) {
      this.#revision = revision
      this.#label = gitHead(this.#folder)
    }
    const label = await this.#label
    if (revision === this.#revision) done(label)
  }
}
