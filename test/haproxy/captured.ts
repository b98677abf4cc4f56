/** Answers of real HAProxys, recorded by hand; the paths in them were made neutral. */
import { readFileSync } from 'node:fs'

export type Branch = '2.6' | '3.0' | '3.2'

export function captured(branch: Branch, what: string): string {
  return readFileSync(new URL(`captured/${branch}-${what}.txt`, import.meta.url), 'utf8')
}
