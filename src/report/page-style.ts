/** The stylesheet of the page: light and dark, wide and narrow, without any script. */
export const STYLE: string = `
:root {
  color-scheme: light dark;
  --back: #f6f7f8; --card: #ffffff; --text: #1b1f23; --soft: #545d68; --line: #d5dae0; --link: #0b57b0;
  --good: #0b6b3a; --warn: #855000; --bad: #b01f18; --none: #545d68;
  --goodback: #e3f4ea; --warnback: #fdf0d8; --badback: #fde8e6; --noneback: #eceff2; --focus: #0b57b0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #131619; --card: #1b1f24; --text: #e7eaee; --soft: #a8b2bd; --line: #343b43; --link: #8fbcff;
    --good: #74dba0; --warn: #f2bd63; --bad: #ffa39b; --none: #a8b2bd;
    --goodback: #12301f; --warnback: #35280f; --badback: #3c1a18; --noneback: #262c33; --focus: #8fbcff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif; }
a { color: var(--link); }
a:focus-visible, input:focus-visible, button:focus-visible, pre:focus-visible, summary:focus-visible {
  outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; background: var(--card); padding: .5rem 1rem; }
.skip:focus { left: 0; }
body > header, main, body > footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
body > header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; padding-top: 1rem; }
body > header p { margin: 0; font-weight: 700; font-size: 1.25rem; }
body > header p a { color: inherit; text-decoration: none; }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: .4rem 0; }
body > footer { color: var(--soft); padding-bottom: 2rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; overflow-wrap: anywhere; }
section, .banner { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
.banner { border-left-width: .5rem; }
.banner.good { border-left-color: var(--good); } .banner.warn { border-left-color: var(--warn); }
.banner.bad { border-left-color: var(--bad); } .banner.none { border-left-color: var(--none); }
.banner ul { margin: .5rem 0; padding-left: 1.25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 0 .5rem; border-radius: .3rem; font-size: .875rem; font-weight: 600; }
h1 .badge { font-size: inherit; }
.good.badge { color: var(--good); background: var(--goodback); } .warn.badge { color: var(--warn); background: var(--warnback); }
.bad.badge { color: var(--bad); background: var(--badback); } .none.badge { color: var(--none); background: var(--noneback); }
table { width: 100%; margin-top: .5rem; border-collapse: collapse; font-size: .9375rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-top: 0; color: var(--soft); font-weight: 600; overflow-wrap: normal; }
tbody th { font-weight: 600; }
time { white-space: nowrap; }
tbody th .soft { font-weight: 400; }
::placeholder { color: var(--soft); opacity: 1; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.soft { color: var(--soft); }
p { margin: .5rem 0; }
code, pre, .mono { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .875em; }
.mono { overflow-wrap: anywhere; }
td .mono { display: inline-block; min-width: 14ch; }
pre { overflow: auto; max-height: 40rem; border: 1px solid var(--line); border-radius: .3rem; padding: .75rem; margin: .5rem 0; line-height: 1.4; }
.add { color: var(--good); } .del { color: var(--bad); } .hunk { color: var(--soft); }
ul.list { margin: 0; padding-left: 1.25rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .5rem 0; }
form div { flex: 1 1 16rem; }
label { display: block; color: var(--soft); }
input, button { font: inherit; min-height: 2.75rem; padding: .25rem .75rem; border-radius: .3rem; border: 1px solid var(--soft); background: var(--card); color: var(--text); }
input { width: 100%; }
button { font-weight: 600; cursor: pointer; background: var(--noneback); }
@media (max-width: 44rem) {
  body > header, main, body > footer { padding-left: .75rem; padding-right: .75rem; }
  section, .banner { padding: .75rem; margin: .75rem 0; }
  nav ul { gap: 0 .9rem; } nav a { padding: .6rem 0; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  table, tbody, tr, th, td, caption { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  tbody th, tbody td { border: 0; padding: .1rem 0; }
  td:empty { display: none; }
  td[data-label]::before { content: attr(data-label) ': '; color: var(--soft); }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { nav, form, .skip { display: none; } }
`
