/** Law 8: no string can add a word or a line. Every free text of a topology, with the corpus and with random text. */
import { assert, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/model/bundle.ts'
import { lex } from '../../src/render/lexer.ts'
import { render } from '../../src/render/render.ts'
import { accepted, CORPUS, hostile } from './corpus.ts'
import type { Place } from './places.ts'
import { PLACES } from './places.ts'
import { LAYOUT, TEMPLATES } from './sample.ts'

/** Places differ in what they take at all; an address and a host name make different lines. */
const HARMLESS = ['HARMLESS', '/HARMLESS', '10.99.99.99', 'harmless.io']

interface Baseline {
  readonly value: string
  readonly words: readonly (readonly string[])[]
}

function baselinesOf(put: Place['put']): Baseline[] {
  return HARMLESS.flatMap((value) => {
    const rendering = render(put(value), TEMPLATES, LAYOUT)
    return rendering.ok ? [{ value, words: wordsOf(rendering.bundle) }] : []
  })
}

/** Words of every line; the stamp, a digest of the rest, and the number drawn from a server's name are left out. */
function wordsOf({ config, structure }: Bundle): (readonly string[])[] {
  const text = config.replaceAll(structure, 'STAMP').replaceAll(/ id \d+$/gm, '')
  return lex(text).map(({ words }) => words)
}

describe.each([...PLACES])('%s', (_, { put, spelt = (value) => value }) => {
  const baselines = baselinesOf(put)

  /** What is wrong with the rendering for this value; undefined when it is exact or refused. */
  function wrongWith(value: string): string | undefined {
    const rendering = render(put(value), TEMPLATES, LAYOUT)
    if (!rendering.ok) {
      const codes = rendering.diagnostics.map(({ code }) => code)
      return codes.every((code) => code === 'LG6004') ? undefined : codes.join()
    }
    const found = JSON.stringify(wordsOf(rendering.bundle))
    return baselines.some((baseline) => expectedWords(baseline, value) === found)
      ? undefined
      : found
  }

  function expectedWords(harmless: Baseline, value: string): string {
    const replaced = (word: string): string => word.replace(harmless.value, () => spelt(value))
    return JSON.stringify(harmless.words.map((words) => words.map(replaced)))
  }

  test('takes something', () => {
    expect(baselines).not.toEqual([])
  })

  test('takes the corpus exactly or refuses it', () => {
    for (const { id, value } of CORPUS) expect([id, wrongWith(value)]).toEqual([id, undefined])
  })

  test('takes random text exactly or refuses it', () => {
    assert(
      property(hostile, (value) => {
        expect(wrongWith(value)).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })
})

describe.each(['the value of a header', 'the realm', 'the path of a check', 'the ciphers'])(
  '%s',
  (name) => {
    test('takes whatever a schema lets through as text', () => {
      const place = PLACES.get(name)
      assert(
        property(accepted, (value) => {
          expect(place && render(place.put(value), TEMPLATES, LAYOUT).ok).toBe(true)
        }),
        { numRuns: 40 },
      )
    })
  },
)
