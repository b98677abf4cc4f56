/** The shipped rules and the tool that judges them: arguments go in, its word comes out. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPromtool } from '../tools/binaries.ts'
import { ROOT } from '../tools/site.ts'

export const RULES: string = join(ROOT, 'deploy/prometheus/legate.rules.yaml')
export const RULE_TESTS: string = join(ROOT, 'deploy/prometheus/legate.rules.test.yaml')

export const promtool: string | undefined = await findPromtool({ fetch: true })

export interface ToolEnded {
  readonly code: number
  /** Both outputs. */
  readonly said: string
}

/** `input` goes to its standard input. */
export function runPromtool(args: readonly string[], input = ''): Promise<ToolEnded> {
  return new Promise((resolve) => {
    const child = execFile(promtool ?? '', [...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, said: stdout + stderr }),
    )
    child.stdin?.end(input)
  })
}

export interface Shortened {
  /** Seconds that every alert waits. */
  readonly forS: number
  /** Seconds of windows that are minutes. */
  readonly windowS: number
}

/** The shipped rules with shorter times, else as they are. */
export function shortened({ forS, windowS }: Shortened): string {
  return readFileSync(RULES, 'utf8')
    .replaceAll(/^( +for:) \w+$/gm, `$1 ${forS}s`)
    .replaceAll(/\[5m\]/g, `[${windowS}s]`)
}
