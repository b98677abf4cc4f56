/** Pictures of the page for people to look at, all of them where LEGATE_SCREENSHOTS names a folder. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { shareBrowser } from './browser.ts'
import { SCENARIOS } from './scenarios.ts'

const browser = await shareBrowser()
const folder = process.env['LEGATE_SCREENSHOTS'] ?? ''

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const
const CASES = Object.keys(SCENARIOS).flatMap((name) =>
  (['phone', 'desktop'] as const).flatMap((size) =>
    (['light', 'dark'] as const).map((scheme) => ({ name, size, scheme })),
  ),
)

describe.skipIf(browser === undefined || folder === '')('screenshots', { timeout: 60_000 }, () => {
  test.each(CASES)('$name, $size, $scheme', async ({ name, size, scheme }) => {
    const site = await SCENARIOS[name]?.()
    const page = await browser?.newPage({ viewport: SIZES[size], colorScheme: scheme })
    if (site === undefined || page === undefined) throw new Error('nothing to look at')
    await page.goto(site.url)
    const path = join(folder, `${name}-${size}-${scheme}.png`)
    const whole = await page.screenshot({ path, fullPage: true })
    await page.screenshot({ path: path.replace('.png', '-top.png') })
    expect(whole.length).toBeGreaterThan(10_000)
    await page.close()
  })
})
