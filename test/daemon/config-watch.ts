/** The configuration file is looked at all the time: each content that ever stood there must pass `haproxy -c`. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'

export interface ConfigWatch {
  stop(): Promise<Watched>
}

export interface Watched {
  /** Each content that stood there, once. */
  readonly contents: ReadonlyMap<string, string>
  /** How often it became another one. */
  readonly changes: number
  /** What HAProxy said of contents that it refused. */
  readonly refused: readonly string[]
}

const EVERY_MS = 5
const run = promisify(execFile)

/** `scratch` is a file for the copies that HAProxy reads. */
export function watchConfig(haproxy: string, configFile: string, scratch: string): ConfigWatch {
  const checks = new Map<string, Promise<string | undefined>>()
  const contents = new Map<string, string>()
  let [stamp, last, changes] = ['', '', -1]
  const look = (): void => {
    const stats = statSync(configFile, { throwIfNoEntry: false })
    const now = stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`
    if (now === stamp || now === '') return
    stamp = now
    const text = readFileSync(configFile, 'utf8')
    const digest = createHash('sha256').update(text).digest('hex')
    if (digest !== last) changes += 1
    last = digest
    if (checks.has(digest)) return
    contents.set(digest, text)
    const copy = `${scratch}.${digest.slice(0, 12)}`
    writeFileSync(copy, text)
    // At once: the maps of a configuration go some time after it.
    checks.set(digest, check(haproxy, copy))
  }
  const timer = setInterval(look, EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      look()
      const said = await Promise.all(checks.values())
      return { contents, changes, refused: said.filter((words) => words !== undefined) }
    },
  }
}

async function check(haproxy: string, file: string): Promise<string | undefined> {
  try {
    await run(haproxy, ['-c', '-q', '-f', file], { timeout: 20_000 })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
