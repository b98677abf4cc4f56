/** What is measured in the browser; the measuring itself is plain JavaScript, which runs there. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

export interface Measured {
  /** Visible texts that are hard to read. */
  readonly weak: readonly { readonly text: string; readonly ratio: number }[]
  /** Pixels that the page is wider than its window. */
  readonly overflow: number
  readonly background: string
  readonly title: string
  readonly language: string
  readonly landmarks: readonly string[]
  /** Levels of headings in their order. */
  readonly headings: readonly number[]
  readonly bareTables: number
  /** Inputs without a label, references to nothing, ids that stand twice. */
  readonly faults: readonly string[]
  readonly scripts: number
}

const source = readFileSync(new URL('children/measure.mjs', import.meta.url), 'utf8')

export function measure(page: Page): Promise<Measured> {
  return page.evaluate<Measured>(`(() => { ${source}; return measured })()`)
}
