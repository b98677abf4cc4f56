/** The page in a real browser: readable on a phone and in the dark, by keyboard and without scripts, whatever is in it. */
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { shareBrowser } from './browser.ts'
import { measure } from './measure.ts'
import { degraded, inSync, SCENARIOS } from './scenarios.ts'
import { aCheck, anInstance } from '../builders.ts'

const browser = await shareBrowser()

const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 900 }

interface Look {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly javaScriptEnabled?: boolean
}

/** A page that fails the test by whatever it complains about. */
async function open(look: Look = {}): Promise<Page> {
  if (browser === undefined) throw new Error('no browser')
  const context = await browser.newContext({ viewport: DESKTOP, ...look })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => void complaints.push(dialog.message()))
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`))
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
  return page
}

const PLACES = [
  '/',
  '/routes',
  '/backends',
  '/backends/api',
  '/actions/2',
  '/pending',
  '/route?url=https%3A%2F%2Fwww.farmer.io%3A8443%2Fapi%2Fx',
]

/** What looks otherwise where something is wrong. */
const OTHERWISE = ['/', '/backends/api', '/actions/2', '/pending']

const BANNERS: Readonly<Record<string, RegExp>> = {
  'in-sync': /In sync$/,
  degraded: /degraded$/,
  drifted: /Drifted$/,
  rejected: /Rejected$/,
  suspended: /Suspended$/,
  failing: /Rejected, and failing$|Failing$/,
}

/** One title, and no level left out on the way down. */
function expectOutline(headings: readonly number[]): void {
  expect(headings.filter((level) => level === 1)).toHaveLength(1)
  expect(headings[0]).toBe(1)
  for (const [i, level] of headings.entries())
    expect(level - (headings[i - 1] ?? 1)).toBeLessThanOrEqual(1)
}

describe.skipIf(browser === undefined)('in a browser', { timeout: 60_000 }, () => {
  test.each(Object.entries(SCENARIOS))(
    '%s: it can be read, by eyes on a phone and by a screen reader',
    async (name, make) => {
      const { url } = await make()
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await open({ viewport: PHONE, colorScheme })
        for (const place of name === 'in-sync' ? PLACES : OTHERWISE) {
          await page.goto(url + place)
          const measured = await measure(page)
          expect(measured, place).toMatchObject({
            weak: [],
            overflow: 0,
            background: colorScheme === 'light' ? 'rgb(246, 247, 248)' : 'rgb(19, 22, 25)',
            title: expect.stringMatching(/ · Legate$/),
            language: 'en',
            landmarks: ['HEADER', 'NAV', 'MAIN', 'FOOTER'],
            bareTables: 0,
            faults: [],
            scripts: 0,
          })
          expectOutline(measured.headings)
        }
        await page.goto(url)
        expect(await page.locator('h1').innerText()).toMatch(BANNERS[name] ?? /never/)
      }
    },
  )

  test('who is missing is named with since when and why, Consul’s view beside HAProxy’s', async () => {
    const { url } = await degraded()
    const page = await open()
    await page.goto(url)
    const text = await page.getByRole('region', { name: 'Backends in trouble' }).innerText()
    expect(text).toContain('1 of 2 servers')
    expect(text).toContain('since 2026-01-01 00:03:10Z')
    expect(text).toMatch(/api-2 on node-b[^]*critical: check "api answers"[^]*not there[^]*api-1/)
    const problems = await page.getByRole('region', { name: 'Problems' }).innerText()
    expect(problems).toMatch(/LG5003\s+site\.yaml:\d+\s+Backend\/default\/api: 1 of 2/)
  })

  test('without scripts, by keyboard alone: to the box, and what a URL takes', async () => {
    const { url } = await inSync()
    const page = await open({ javaScriptEnabled: false })
    await page.goto(url)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('To the content')
    await page.keyboard.press('Enter')
    for (let i = 0; i < 30 && (await page.locator('#url:focus').count()) === 0; i++)
      await page.keyboard.press('Tab')
    const ring = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
    expect([ring, await page.locator('#url:focus').count()]).toEqual(['solid', 1])
    await page.keyboard.type('https://www.farmer.io:8443/api/users')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/route?url=**')
    const text = await page.locator('main').innerText()
    expect(text).toMatch(/default\/web rule api\s+\*\.farmer\.io\/api and below\s+wins/)
    expect(text).toContain('loses: its prefix is shorter than /api')
    expect(await page.getByLabel('Which route does this URL take?').inputValue()).toBe(
      'https://www.farmer.io:8443/api/users',
    )
  })

  test('every link leads somewhere', async () => {
    const { url } = await degraded()
    const page = await open()
    const seen = new Set<string>(['/'])
    for (const place of seen) {
      const reply = await page.goto(url + place)
      expect(reply?.status(), place).toBe(200)
      const links = await page
        .locator('a[href^="/"]')
        .evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))
      for (const link of links) if (!link.startsWith('/api/')) seen.add(link)
    }
    expect(seen.size).toBeGreaterThan(8)
  })

  test('the difference of an action is shown, line by line', async () => {
    const { url } = await inSync()
    const page = await open()
    await page.goto(`${url}/actions/2`)
    const added = await page.locator('pre .add').allInnerTexts()
    expect(added).toHaveLength(1)
    expect(added[0]).toMatch(/^\+ +server i-[\w-]+ 10\.0\.0\.4:8080 /)
    expect(await page.locator('pre .del').count()).toBe(0)
    const lines = (await page.locator('pre').innerText()).split('\n')
    expect(lines[2]).toMatch(/^@@ -\d+,\d+ \+\d+,\d+ @@$/)
    expect(lines.length).toBeGreaterThan(5)
  })

  test('what Consul says is text, whatever it is', async () => {
    const site = await inSync()
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202E'
    const checks = [aCheck('critical', evil)]
    site.world.answers = {
      ...site.world.answers,
      api: {
        state: 'answered',
        instances: [
          anInstance({ id: evil, node: evil, address: evil, checks }),
          anInstance({ checks, id: 'x' }),
        ],
      },
    }
    await site.pass(evil)
    const page = await open()
    for (const place of [
      '/',
      '/backends/api',
      `/routes?q=${encodeURIComponent(evil)}`,
      `/route?url=${encodeURIComponent(evil)}`,
      `/backends?q=${encodeURIComponent(evil)}`,
    ]) {
      await page.goto(site.url + place)
      expect(await page.locator('script, img').count(), place).toBe(0)
      expect(await page.locator('body').innerText(), place).not.toContain('\u202E')
    }
    await page.goto(`${site.url}/backends/api`)
    expect(await page.locator('body').innerText()).toContain('<script>alert(1)</script>')
  })
})
