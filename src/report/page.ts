/** A path of the page and what there is to show → an HTML document; undefined for a path that is no page. */
import { actionPage, pendingPage } from './page-actions.ts'
import { backendPage, backendsPage } from './page-backends.ts'
import type { Page } from './page-layout.ts'
import { askedOf } from './page-list.ts'
import { overviewPage } from './page-overview.ts'
import { routePage, routesPage } from './page-routes.ts'
import type { PageView } from './page-view.ts'

/** Everything the page may load, ask and send to is on the same server; nothing may run in it, or frame it. */
export const PAGE_POLICY: string = [
  "default-src 'none'",
  "style-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The pages without a name in their path. */
const PAGES: Readonly<Record<string, (view: PageView, query: URLSearchParams) => string>> = {
  '/': (view, query) => overviewPage(view, refreshOf(query)),
  '/routes': (view, query) => routesPage(view, askedOf(query)),
  '/route': (view, query) => routePage(view, query.get('url') ?? ''),
  '/backends': (view, query) => backendsPage(view.status(), askedOf(query)),
  '/pending': (view) => pendingPage(view),
}

export function renderPage(path: string, query: URLSearchParams, view: PageView): Page | undefined {
  if (Object.hasOwn(PAGES, path)) {
    const body = PAGES[path]?.(view, query)
    return body === undefined ? undefined : { code: 200, body }
  }
  const [, kind = '', name = '', ...more] = path.split('/')
  return more.length > 0 || name === '' ? undefined : renderOne(kind, name, view)
}

function renderOne(kind: string, name: string, view: PageView): Page | undefined {
  if (kind === 'backends') return backendPage(view, name)
  if (kind === 'actions' && /^\d{1,9}$/.test(name)) return actionPage(view, Number(name))
  return undefined
}

/** Between 2 and 3600 seconds; none unless it is asked for: a page that moves by itself is hard to read. */
function refreshOf(query: URLSearchParams): number | undefined {
  const text = query.get('refresh') ?? ''
  if (!/^\d{1,4}$/.test(text)) return undefined
  return Math.min(3600, Math.max(2, Number(text)))
}
