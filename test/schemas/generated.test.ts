/** The committed files are those that the schemas make: `npm run generate` when this fails. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generate } from '../tools/generate.ts'

const ROOT = new URL('../../', import.meta.url)
const generated = await generate()

test.each([...generated])('%s is fresh', (path, text) => {
  expect(readFileSync(new URL(path, ROOT), 'utf8')).toBe(text)
})

test('the reference holds no page of a kind that is gone', () => {
  const pages = readdirSync(new URL('docs/reference/', ROOT)).map((p) => `docs/reference/${p}`)
  expect(pages.filter((page) => !generated.has(page))).toEqual([])
})

test('links in the reference lead to headings and anchors that are there', () => {
  for (const [path, text] of generated) {
    const links = path.endsWith('.md') ? [...text.matchAll(/\]\(([\w-]+\.md)?#([\w-]+)\)/g)] : []
    for (const [, file, anchor] of links) {
      const target = file === undefined ? text : (generated.get(`docs/reference/${file}`) ?? '')
      expect(anchorsOf(target)).toContain(anchor)
    }
  }
})

function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replaceAll(' ', '-')
      .replaceAll(/[^a-z0-9-]/g, ''),
  )
  return [...headings, ...[...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id ?? '')]
}
