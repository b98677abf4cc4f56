/** A list longer than anybody reads at once → a part of it, and the links to the parts before and behind. */
import type { Html } from './page-html.ts'
import { markup } from './page-html.ts'

/** What is asked for: words that every row holds, and how many rows stand before the first shown. */
export interface Asked {
  readonly words: string
  readonly from: number
}

/** Rows at a time. */
export const MOST_ROWS = 200

export function askedOf(query: URLSearchParams): Asked {
  const from = query.get('from') ?? ''
  return { words: query.get('q') ?? '', from: /^\d{1,6}$/.test(from) ? Number(from) : 0 }
}

interface Shown {
  readonly from: number
  readonly shown: number
  readonly all: number
}

/** `200 of 1000`, `201 to 400 of 1000`. */
export function rangeOf({ from, shown, all }: Shown): string {
  return from === 0 || shown === 0
    ? `${shown} of ${all}`
    : `${from + 1} to ${from + shown} of ${all}`
}

export function partLinks(
  path: string,
  words: string,
  { from, shown, all }: Shown,
): Html | undefined {
  const to = (at: number): string =>
    `${path}?${new URLSearchParams({ ...(words !== '' && { q: words }), from: String(at) }).toString()}`
  const before = Math.max(0, from - MOST_ROWS)
  const links = [
    ...(from > 0 ? [markup`<li><a href="${to(before)}" rel="prev">The ones before</a></li>`] : []),
    ...(from + shown < all
      ? [
          markup`<li><a href="${to(from + shown)}" rel="next">The next ${Math.min(MOST_ROWS, all - from - shown)}</a></li>`,
        ]
      : []),
  ]
  return links.length === 0
    ? undefined
    : markup`<nav aria-label="Parts of the list"><ul>${links}</ul></nav>`
}

export function filterForm(path: string, label: string, words: string): Html {
  return markup`<form action="${path}" method="get" role="search">
    <div>
      <label for="q">${label}</label>
      <input id="q" name="q" type="search" value="${words}" maxlength="200" />
    </div>
    <button>Filter</button>
  </form>`
}
