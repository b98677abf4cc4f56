/** What was done and what is to be done, with the differences in the files. */
import { TIDIED } from './event-words.ts'
import type { Html, HtmlPart, Tone } from './page-html.ts'
import { badge, markup, time } from './page-html.ts'
import type { Page } from './page-layout.ts'
import { layout } from './page-layout.ts'
import type { PageView } from './page-view.ts'
import type { ActionStatus, Status } from './status.ts'
import { took } from './took.ts'

const MOST_REASONS = 5

export function actionRows({ actions }: Status): HtmlPart[][] {
  return actions.map((action) => [
    time(action.at),
    what(action),
    reasonList(action.reasons, MOST_REASONS),
    markup`<a href="/actions/${action.id}">Show<span class="hidden"> action ${action.id}</span></a>`,
  ])
}

function what({ action, result, tookMs }: ActionStatus): Html {
  const tone: Tone = result === 'applied' ? 'good' : 'bad'
  return markup`${badge(tone, result)} ${action}${tookMs === undefined ? '' : ` in ${took(tookMs)}`}`
}

function reasonList(reasons: readonly string[], most: number): Html | string {
  const [first, ...others] = reasons
  if (first === undefined) return TIDIED
  if (others.length === 0) return first
  const hidden = reasons.length - most
  const more = hidden > 0 ? markup`<li>… and ${hidden} more</li>` : undefined
  return markup`<ul class="list">
    ${reasons.slice(0, most).map((r) => markup`<li>${r}</li>`)}${more}
  </ul>`
}

export function actionPage(view: PageView, id: number): Page {
  const status = view.status()
  const action = status.actions.find((a) => a.id === id)
  if (action === undefined)
    return {
      code: 404,
      body: layout({
        title: 'No such action',
        status,
        body: markup`<section>
          <h1>No such action</h1>
          <p>The last ${status.actions.length} are kept, since Legate began.</p>
        </section>`,
      }),
    }
  const title = `Action ${id}`
  const body = markup`<section>
    <h1>${title}</h1>
    <p>${what(action)}, ${time(action.at)}</p>
    <h2>Because</h2>
    ${reasonList(action.reasons, 200)}
    <h2>Difference in the files</h2>
    ${diffOf(view.actionDiff(id))}
  </section> `
  return { code: 200, body: layout({ title, status, body }) }
}

export function pendingSection({ pending }: Status): Html | undefined {
  if (pending === undefined) return undefined
  return markup`<section aria-labelledby="pending">
    <h2 id="pending">To be done, and not done</h2>
    <p>${badge('warn', pending.action)} ${pending.why}</p>
    ${reasonList(pending.reasons, MOST_REASONS)}
    <p><a href="/pending">The difference</a></p>
  </section> `
}

export function pendingPage(view: PageView): string {
  const status = view.status()
  const { pending } = status
  const title = 'To be done'
  const body =
    pending === undefined
      ? markup`<section><h1>Nothing is to be done</h1></section>`
      : markup`<section>
          <h1>${title}: ${pending.action}</h1>
          <p>${pending.why}</p>
          <h2>Because</h2>
          ${reasonList(pending.reasons, 200)}
          <h2>Difference between the files and what they would be</h2>
          ${diffOf(view.pendingDiff())}
        </section> `
  return layout({ title, status, body })
}

function diffOf(diff: string | undefined): Html {
  if (diff === undefined)
    return markup`<p>
      It is too large to be kept, or cannot be told. <code>legate plan</code> shows what is to be
      done.
    </p>`
  if (diff === '') return markup`<p>The files stay as they are.</p>`
  const lines = diff.split('\n').map((line) => {
    const kind = kindOf(line)
    return kind === undefined ? `${line}\n` : markup`<span class="${kind}">${line}</span>\n`
  })
  return markup`<pre tabindex="0" role="region" aria-label="Difference">${lines}</pre>`
}

function kindOf(line: string): string | undefined {
  if (line.startsWith('@@') || line.startsWith('--- ') || line.startsWith('+++ ')) return 'hunk'
  if (line.startsWith('+')) return 'add'
  return line.startsWith('-') ? 'del' : undefined
}
