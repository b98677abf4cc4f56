/** Runs in the browser: what is there → texts of weak contrast, what sticks out, what a screen reader finds. */
globalThis.measured = measure()

function measure() {
  const all = (selector) => [...document.querySelectorAll(selector)]
  const ids = all('[id]').map(({ id }) => id)
  return {
    weak: weakTexts(),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    background: getComputedStyle(document.body).backgroundColor,
    title: document.title,
    language: document.documentElement.lang,
    landmarks: all('body > header, header > nav, main, body > footer').map(
      ({ tagName }) => tagName,
    ),
    headings: all('h1, h2, h3').map(({ tagName }) => Number(tagName[1])),
    bareTables: all('table').filter((t) => t.firstElementChild?.tagName !== 'CAPTION').length,
    faults: [
      ...all('input').filter(({ id }) => document.querySelector(`label[for="${id}"]`) === null),
      ...all('[aria-labelledby]').filter(
        (e) => document.getElementById(e.getAttribute('aria-labelledby')) === null,
      ),
    ]
      .map(({ outerHTML }) => outerHTML)
      .concat(ids.filter((id, i) => ids.indexOf(id) !== i)),
    scripts: all('script, [onclick], [onload], [onerror], style, [style]').length,
  }

  /** Contrast to what is behind them below 4.5 (WCAG 2.2, 1.4.3). */
  function weakTexts() {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent.trim()
      if (text === '') continue
      const color = read(getComputedStyle(node.parentElement).color)
      const [a, b] = [light(color), light(behind(node.parentElement))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (ratio < 4.5) found.push({ text, ratio })
    }
    return found
  }

  function behind(element) {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = read(getComputedStyle(at).backgroundColor)
      if (color[3] === 1) return color
    }
    return [255, 255, 255, 1]
  }

  function read(text) {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number)
    return [r, g, b, a]
  }

  function light([r, g, b]) {
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
  }

  function channel(value) {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
}
