/** A template literal goes in, HTML comes out: every value in it is escaped, unless it is HTML of this kind itself. */

export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[]

/** Not called `html`: formatters know that name, and move blanks about. Values may stand between tags and inside quoted attributes, nowhere else. */
export function markup(strings: TemplateStringsArray, ...values: readonly HtmlPart[]): Html {
  let text = strings[0] ?? ''
  for (const [i, value] of values.entries()) text += textOf(value) + (strings[i + 1] ?? '')
  return new Html(text)
}

function textOf(value: HtmlPart): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(textOf).join('')
  return escape(String(value))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Most of what is shown; looked for first, since the page may have thousands of values. */
const HARMLESS = /^[ !#-%(-;=?-~]*$/

function escape(text: string): string {
  if (HARMLESS.test(text)) return text
  // Marks that turn the order of what follows, or hide it, are shown as what they are.
  return text
    .replaceAll(
      /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
      (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .replaceAll(/[&<>"']/g, (c) => ENTITIES[c] ?? '')
}

/** What a state is like, besides its word: no state is told by colour alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'none'

const MARKS: Readonly<Record<Tone, string>> = { good: '●', warn: '▲', bad: '■', none: '○' }

export function badge(tone: Tone, text: string): Html {
  const mark = markup`<span aria-hidden="true">${MARKS[tone]}</span>`
  return markup`<span class="badge ${tone}">${mark} ${text}</span>`
}

export function time(iso: string): Html {
  return markup`<time datetime="${iso}">${iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z')}</time>`
}

export interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  /** As many cells as columns; the first names the row. */
  readonly rows: readonly (readonly HtmlPart[])[]
}

/** On a phone every row becomes a card; the roles keep it a table for a screen reader. */
export function table({ caption, columns, rows }: Table): Html {
  const head = columns.map((c) => markup`<th role="columnheader" scope="col">${c}</th>`)
  const body = rows.map(
    (cells) =>
      markup`<tr role="row">
        ${cells.map((cell, i) =>
          i === 0
            ? markup`<th role="rowheader" scope="row">${cell}</th>`
            : markup`<td role="cell" data-label="${columns[i]}">${cell}</td>`,
        )}
      </tr> `,
  )
  return markup`<table role="table">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${head}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${body}
    </tbody>
  </table> `
}
