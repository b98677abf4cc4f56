/** The frame that every page has: head, landmarks, links; a body goes in, a document comes out. */
import type { Html, HtmlPart } from './page-html.ts'
import { markup } from './page-html.ts'
import type { Status } from './status.ts'

export interface Page {
  readonly code: 200 | 404
  readonly body: string
}

export interface Frame {
  readonly title: string
  readonly status: Status
  readonly body: HtmlPart
  /** Seconds after which the browser asks again. */
  readonly refresh?: number
}

const LINKS: readonly (readonly [href: string, text: string])[] = [
  ['/', 'Overview'],
  ['/routes', 'Routes'],
  ['/backends', 'Backends'],
  ['/route', 'Explain'],
  ['/api/v1/status', 'JSON'],
]

export function layout({ title, status, body, refresh }: Frame): string {
  const links = LINKS.map(([href, text]) => markup`<li><a href="${href}">${text}</a></li>`)
  const again = refresh && markup`<meta http-equiv="refresh" content="${refresh}" />`
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Legate</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
        ${again === 0 ? undefined : again}
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <header>
          <p><a href="/">Legate</a></p>
          <nav aria-label="Pages">
            <ul>
              ${links}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">${body}</main>
        <footer>
          <p>
            Legate ${status.legate.version}, process ${status.legate.pid}, since
            ${when(status.legate.startedAt)}. This page only shows; nothing can be changed here.
          </p>
        </footer>
      </body>
    </html> `.text
}

function when(iso: string): Html {
  return markup`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')}Z</time>`
}
