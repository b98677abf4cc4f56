import { describe, expect, test } from 'vitest'
import { fill } from '../../src/render/holes.ts'
import { StrictTemplates } from '../../src/render/strict.ts'
import { viewOf } from '../../src/render/text.ts'
import { TemplateTrouble } from '../../src/render/trouble.ts'

const DATA = {
  name: 'api',
  unset: undefined,
  zero: 0,
  yes: true,
  many: ['a', 'b c'],
  empty: [],
  pairs: [['k', 'v']],
  deep: { port: 80, host: 'x y' },
}

function render(source: string, others: Readonly<Record<string, string>> = {}): string {
  const templates = new StrictTemplates(new Map(Object.entries({ ...others, main: source })))
  const { text, holes } = templates.render('main', { it: viewOf(DATA) })
  return fill(text, holes, (hole) => hole.text)
}

function trouble(source: string, others: Readonly<Record<string, string>> = {}): TemplateTrouble {
  try {
    render(source, others)
  } catch (error) {
    if (error instanceof TemplateTrouble) return error
    throw error
  }
  throw new Error('nothing was wrong')
}

test.each([
  ['{{ it.name | word }}', 'api'],
  ['{{ it.deep.host | word }}:{{ it.deep.port }}', "'x y':80"],
  ['{% for x in it.many %}{{ x | word }};{% endfor %}', "a;'b c';"],
  ['{% for k, v in it.pairs %}{{ k | word }}={{ v | word }}{% endfor %}', 'k=v'],
  ['{% for x in it.empty %}x{% else %}none{% endfor %}', 'none'],
  ['{% for x in it.many %}{{ loop.index }}{% if loop.last %}!{% endif %}{% endfor %}', '12!'],
  ['{{ it.many | length }}{{ it.many.length }}{{ it.many[1] | word }}', "22'b c'"],
  ['{% if it.unset is given %}a{% else %}b{% endif %}', 'b'],
  ['{% if it.zero is given %}a{% else %}b{% endif %}', 'a'],
  ['{% if it.name == "api" and "b c" in it.many %}same{% endif %}', 'same'],
  ['{% if it.name != it.deep.host and it.name < "b" %}other{% endif %}', 'other'],
  ['{{ (it.name ~ " " ~ it.zero) | word }}', "'api 0'"],
  ['{{ "a" ~ 1 ~ "b" }}{{ 1 + 2 }}{{ 5 - 1 }}', 'a1b34'],
  ['{% set y = it.name %}{{ y | word }}', 'api'],
  ['{% set y %}{{ it.name | word }}{% endset %}{{ y }}', 'api'],
  [
    '{% macro m(a, b="z") %}{{ a | word }}{{ b }}{% endmacro %}{{ m(it.name) }}{{ m(a=it.name, b=1) }}',
    'apizapi1',
  ],
  ['{% for i in range(3) %}{{ i }}{% endfor %}', '012'],
  ['{{ "a" if it.yes else "b" }}{{ "a" if not it.yes }}', 'a'],
])('%s prints %s', (source, text) => {
  expect(render(source)).toBe(text)
})

test('macros come from other templates, and includes see the same names', () => {
  const others = {
    macros: '{% macro m(a) -%}\n  <{{ a | word }}>\n{%- endmacro %}',
    part: '[{{ it.name | word }}]',
  }
  const source = '{% from "macros" import m %}{{ m(it.name) }}{% include "part" %}'
  expect(render(source, others)).toBe('<api>[api]')
})

test('a line of tags alone leaves nothing, a line that ends in a tag keeps its end', () => {
  const source = 'a\n  {% if it.yes %}\n  b{% if it.yes %} c{% endif %}\n  {% endif %}\nd\n'
  expect(render(source)).toBe('a\n  b c\nd\n')
})

describe('what is missing is an error (LG6001)', () => {
  test.each([
    '{{ it.nope | word }}',
    '{{ it.nope }}',
    '{% if it.nope %}x{% endif %}',
    '{% if nope %}x{% endif %}',
    '{% if not nope %}x{% endif %}',
    '{% if nope is given %}x{% endif %}',
    '{% if it.yes or it.yes and nope %}{% endif %}{{ nope }}',
    '{% for x in it.nope %}x{% endfor %}',
    '{% for x in nope %}x{% endfor %}',
    '{% for x in it.unset %}x{% endfor %}',
    '{% for x in it.deep %}x{% endfor %}',
    '{% for x in it.name %}x{% endfor %}',
    '{{ "a" ~ nope }}',
    '{{ "a" ~ it.nope }}',
    '{{ "a" ~ it.unset }}',
    '{{ it.unset + 1 }}',
    '{{ it.unset - 1 }}',
    '{{ it.unset }}',
    '{{ it.unset | word }}',
    '{{ it.unset.more }}',
    '{% set z = it.nope %}',
    '{% set z = nope %}',
    '{% for k, v in it.pairs %}{% if w %}{% endif %}{% endfor %}',
    '{% for k, v, w in it.pairs %}{% if w %}x{% endif %}{% endfor %}',
    '{{ it.many[2] }}',
    '{{ it.name.length }}',
    '{{ nope(1) }}',
    '{{ it.deep(1) }}',
    '{{ it.name | nope }}',
    '{% if it.name is nope %}{% endif %}',
    '{% macro m(a, b) %}{% if b %}{% endif %}{% endmacro %}{{ m(1) }}',
    '{% macro m(a) %}{% if it %}{% endif %}{{ nope }}{% endmacro %}{{ m(1) }}',
    '{% include "nope" %}',
    '{% from "nope" import x %}',
    '{{ loop.index }}',
    '{% for x in it.many %}{{ loop.nope }}{% endfor %}',
    '{{ it.deep }}',
    '{{ range }}',
    '{% switch it.name %}{% case "api" %}x{% endswitch %}',
    '{{ it.name | word | word }}',
    '{{ it.deep.port | word }}',
    '{{ it.name | time }}',
    '{{ 1 / 0 }}',
    '{% if %}',
    'a\r\nb',
    'a\u00010\u0002',
  ])('%j', (source) => {
    expect(trouble(source).code).toBe('LG6001')
  })

  test.each([
    '{{ range.constructor("return 1")() }}',
    '{{ it.constructor }}',
    '{{ it["__proto__"] }}',
    '{{ it.many.constructor }}',
    '{{ it.many.map }}',
    '{{ "x".constructor }}',
    '{{ toString }}',
    '{{ constructor }}',
    '{{ it.toString() }}',
    '{% set c = it.name.sub %}',
    '{{ hasOwnProperty("x") }}',
    '{{ "x" | safe }}',
    '{{ it | dump }}',
    '{{ cycler(1) }}',
    '{% if it.many.constructor %}x{% endif %}',
    '{% if it.many.map %}x{% endif %}',
    '{% if "x".constructor %}x{% endif %}',
    '{% if range.constructor %}x{% endif %}',
  ])('%j does not get out', (source) => {
    expect(trouble(source).code).toBe('LG6001')
  })

  test('the message names what is known, the template and the line', () => {
    const found = trouble('a\nb {{ it.nope | word }}\n')
    expect(found).toMatchObject({ template: 'main', line: 2, code: 'LG6001' })
    expect(found.message).toContain('`nope` is unknown; known here: name, unset, zero')
  })

  test('the line is that of the macro, in the template of the macro', () => {
    const others = { macros: '\n\n{% macro m(a) %}\n{{ a.nope }}{% endmacro %}' }
    const found = trouble('{% from "macros" import m %}\n{{ m(it.deep) }}', others)
    expect(found).toMatchObject({ template: 'macros', line: 4 })
  })

  test('so is the line of a mistake in the language', () => {
    expect(trouble('a\n{% endif %}\n')).toMatchObject({ template: 'main', line: 2, code: 'LG6001' })
  })
})

describe('what is not filtered is an error (LG6002)', () => {
  test.each([
    '{{ it.name }}',
    '{{ it.many }}',
    'x{{ it.deep.host }}',
    '{% for x in it.many %}{{ x }}{% endfor %}',
    '{{ "a" ~ it.name }}',
    '{{ it.name + "a" }}',
    '{{ it.name ~ (it.name | word) }}',
    '{% set y = it.name %}{{ y }}',
    '{% set y %}{{ it.name }}{% endset %}',
    '{{ it.name if it.yes }}',
    '{{ it.name or "x" }}',
    '{% macro m(a) %}{{ a }}{% endmacro %}{{ m(it.name) }}',
  ])('%s', (source) => {
    expect(trouble(source).code).toBe('LG6002')
  })
})

test('a value without a safe spelling is an error of its own (LG6004), with the value', () => {
  const templates = new StrictTemplates(new Map([['main', 'a\n{{ it | word }}']]))
  expect(() => templates.render('main', { it: viewOf('a\u202eb') })).toThrow(
    expect.objectContaining({ code: 'LG6004', line: 2, value: 'a\u202eb' }),
  )
})

test('values are inert: what looks like a template in them stays text', () => {
  const templates = new StrictTemplates(new Map([['main', '{{ it | word }}']]))
  const { text, holes } = templates.render('main', { it: viewOf('{{ 7 * 7 }}{% endif %}') })
  expect(fill(text, holes, (hole) => hole.text)).toBe("'{{ 7 * 7 }}{% endif %}'")
})
