/** One headless Chromium for the tests of a file, as playwright-core drives it. */
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll } from 'vitest'
import { findChromium } from '../tools/binaries.ts'

/** Undefined, after a loud word, where there is no Chromium. */
export async function shareBrowser(): Promise<Browser | undefined> {
  const executablePath = await findChromium()
  if (executablePath === undefined) return undefined
  // Without a sandbox it runs in containers, and as root; it sees nothing but our own pages.
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false })
  afterAll(() => browser.close())
  return browser
}
