import { expect, test } from 'vitest'
import { codes, document, parse, said } from './parse.ts'

const GOOD = document('Defaults', 'default', 'retries: 3')

test('LG0001: a syntax error is shown with line and column, and other files are read all the same', () => {
  const { diagnostics, manifests } = parse('a: [1, 2\nb: 3\n', GOOD)
  expect(said(diagnostics)).toEqual([
    '2:1-3 LG0001 not valid YAML: deficient indentation [a bracket or quote is probably left open above]',
  ])
  expect(manifests.Defaults.map(({ id }) => id)).toEqual(['Defaults/default/default'])
})

test('LG0001: other documents of the same file are read too', () => {
  const { diagnostics, manifests } = parse(`a: 'b\n---\n${GOOD}---\nc: }\n`)
  expect(said(diagnostics)).toEqual([
    '1:6-6 LG0001 not valid YAML: deficient indentation [a bracket or quote is probably left open above]',
    '9:4-5 LG0001 not valid YAML: bad indentation of a mapping entry',
  ])
  expect(manifests.Defaults).toHaveLength(1)
})

test('LG0001: a tab in the indentation', () => {
  expect(said(parse(`${GOOD}metadata:\n\tname: a\n`).diagnostics)).toEqual([
    '7:1-1 LG0001 not valid YAML: tab characters must not be used in indentation [indent with spaces; YAML takes no tabs there]',
  ])
})

test('LG0001: repeated fields are shown with both places, and the rest is checked', () => {
  const text = `${GOOD}  retries: 4\n  retries: x\nkind: Defaults\n`
  expect(said(parse(text).diagnostics)).toEqual([
    '6:3-10 LG0001 the field "retries" is given twice [keep one of them] (first given here 5:3-10)',
    '7:3-10 LG0001 the field "retries" is given twice [keep one of them] (first given here 5:3-10)',
    '7:12-13 LG1003 spec.retries is the text "x", not a whole number',
    '8:1-5 LG0001 the field "kind" is given twice [keep one of them] (first given here 2:1-5)',
  ])
})

test('LG0001: tags are not read', () => {
  expect(said(parse('v: !!js/function "function(){}"\n').diagnostics)).toEqual([
    '1:4-17 LG0001 not valid YAML: unknown scalar tag !<tag:yaml.org,2002:js/function> [tags (words with ! in front) are not read in manifests]',
  ])
})

test('LG0002: size, depth and number of documents are bounded before the parser', () => {
  expect(codes(parse('a'.repeat(1024 * 1024 + 1)).diagnostics)).toEqual(['LG0002'])
  expect(codes(parse('ä'.repeat(512 * 1024 + 1)).diagnostics)).toEqual(['LG0002'])
  expect(codes(parse('---\n'.repeat(5_001)).diagnostics)).toEqual(['LG0002'])
  const deep = `a: ${'['.repeat(65)}${']'.repeat(65)}\n`
  expect(said(parse(deep).diagnostics)).toEqual([
    '1:68-69 LG0002 lists and mappings are nested deeper than 64 levels',
  ])
  const indented = Array.from({ length: 66 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
  expect(said(parse(indented).diagnostics)).toEqual([
    '65:65-66 LG0002 lists and mappings are nested deeper than 64 levels',
  ])
  expect(codes(parse(`${'- '.repeat(70)}a`).diagnostics)).toEqual(['LG0002'])
})

test('LG0002: the parser has the same limit for what the guard does not see', () => {
  const hidden = `a: "# " # ${'['.repeat(99)}\nb: ${'{"#": '.repeat(70)}1${'}'.repeat(70)}\n`
  expect(codes(parse(hidden).diagnostics)).toEqual(['LG0002'])
})

test('brackets in comments and a long flat file are no depth', () => {
  const text = `${GOOD}# ${'['.repeat(200)}\n#${'{'.repeat(200)}\n`
  expect(parse(text).diagnostics).toEqual([])
})

test('LG0002: texts and lists that no schema takes are not handed to it', () => {
  const long = document('Defaults', 'default', `options: [${'a'.repeat(20_000)}]`)
  expect(said(parse(long).diagnostics)).toEqual([
    '5:13-20013 LG0002 the text has 20000 characters; at most 16384 are read',
  ])
  const many = document('Defaults', 'default', `options: [${'HTTPLog, '.repeat(5_000)}]`)
  expect(codes(parse(many).diagnostics)).toEqual(['LG0002'])
})

test('LG0003: control characters and everything that hides text', () => {
  const hint = '[save the file as UTF-8 text without control characters]'
  expect(said(parse('a: b\nc: \u0007\n').diagnostics)).toEqual([
    `2:4-5 LG0003 the character \\u{7} is not allowed in manifests ${hint}`,
  ])
  for (const character of ['\0', '\u0085', '\uFEFF', '\u202E', '\uD800', '\r'])
    expect(codes(parse(`a: 1 # ${character}x`).diagnostics)).toEqual(['LG0003'])
})

test('a byte order mark in front and CRLF line ends are accepted, and columns are right', () => {
  expect(parse(`\uFEFF${GOOD.replaceAll('\n', '\r\n')}`).diagnostics).toEqual([])
  expect(
    said(parse('\uFEFFkind: Nothing\r\nstatus:\r\n').diagnostics).map((s) => s.slice(0, 14)),
  ).toEqual(['1:7-14 LG1090 ', '2:1-7 LG1091 a'])
})

test('LG0004: conflict markers and git-lfs pointers', () => {
  const conflict = `${GOOD}<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n`
  expect(said(parse(conflict).diagnostics)).toEqual([
    '6:1-13 LG0004 the file contains git conflict markers [finish the merge]',
  ])
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'
  expect(said(parse(pointer).diagnostics)).toEqual([
    '1:1-43 LG0004 the file is a git-lfs pointer, not the manifest itself [run "git lfs pull"]',
  ])
})

test('LG0005: anchors and aliases spoil their document only', () => {
  const { diagnostics, manifests } = parse(`a: &x 1\nb: *x\n---\n${GOOD}---\nb: *unknown\n`)
  expect(said(diagnostics)).toEqual([
    '1:4-6 LG0005 anchors and aliases are not read in manifests (&x) [write the value out where it is needed]',
    '10:4-12 LG0005 anchors and aliases are not read in manifests (*unknown) [write the value out where it is needed]',
  ])
  expect(manifests.Defaults).toHaveLength(1)
})

test('LG0007: no manifest at all is an error, one empty file among others a warning', () => {
  const { diagnostics } = parse('# nothing\n', '---\n---\n')
  expect(diagnostics.map((d) => `${d.severity} ${d.at?.file} ${d.code}`)).toEqual([
    'error 1.yaml LG0007',
  ])
  const some = parse(GOOD, '\n').diagnostics
  expect(some.map((d) => `${d.severity} ${d.at?.file} ${d.code}`)).toEqual([
    'warning 2.yaml LG0007',
  ])
})
