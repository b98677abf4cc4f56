/** Templates in, skeletons out: nunjucks in a form where nothing missing and nothing unfiltered passes. */
import type { Templates } from '../model/snapshot.ts'
import { FILTERS, type Filter } from './filters.ts'
import type { Hole, Skeleton } from './holes.ts'
import { hasMarks, markOf } from './holes.ts'
import type { Done, Environment, Root, Template } from './nunjucks-parts.ts'
import { parts } from './nunjucks-parts.ts'
import { compileTemplate } from './strict-compiler.ts'
import { QuickFrame, strictRuntime, troubleOf } from './strict-runtime.ts'
import type { View } from './text.ts'
import { Text } from './text.ts'
import { TemplateTrouble } from './trouble.ts'

const { SafeString } = parts.runtime
const MAX_RANGE = 10_000

export class StrictTemplates {
  readonly #sources: Templates
  readonly #compiled = new Map<string, Template>()
  readonly #env: Environment
  /** Of the rendering that is going on; rendering is synchronous. */
  #holes: Hole[] = []

  constructor(sources: Templates) {
    this.#sources = sources
    this.#env = new parts.Environment([], { autoescape: false, throwOnUndefined: true, dev: true })
    this.#env.filters = Object.create(null)
    this.#env.tests = Object.assign(Object.create(null), {
      given: (value: unknown) => value !== null,
    })
    this.#env.globals = Object.assign(Object.create(null), { range })
    this.#env.getTemplate = (name, ...more) => this.#answer(name, more)
  }

  /** Renders one template with one root name. Throws TemplateTrouble. */
  render(name: string, context: Readonly<Record<string, View>>): Skeleton {
    this.#holes = []
    try {
      const text = this.#template(name).render(context, new QuickFrame())
      return { text, holes: this.#holes }
    } catch (error) {
      throw troubleOf(error)
    }
  }

  /** nunjucks asks with a callback for `import` and `include`. */
  #answer(name: unknown, more: readonly unknown[]): Template | undefined {
    const template = this.#template(name)
    const done = more.find((item): item is Done => typeof item === 'function')
    if (done === undefined) return template
    done(null, template)
    return undefined
  }

  #template(name: unknown): Template {
    const source = typeof name === 'string' ? this.#sources.get(name) : undefined
    if (typeof name !== 'string' || source === undefined)
      throw new TemplateTrouble('LG6001', `the template ${String(name)} does not exist`)
    const compiled = this.#compiled.get(name) ?? this.#compile(name, source)
    this.#compiled.set(name, compiled)
    return compiled
  }

  #compile(name: string, source: string): Template {
    try {
      if (hasMarks(source) || source.includes('\r'))
        throw new TemplateTrouble('LG6001', 'a control character or a CR LF line end')
      const roots = evaluate(compileTemplate(name, source))
      const runtime = strictRuntime(name, (filter, args) => this.#filter(filter, args))
      // nunjucks hands its own runtime to every root function: ours goes in its place.
      for (const [key, root] of Object.entries(roots))
        roots[key] = (...[env, context, frame, , done]) => root(env, context, frame, runtime, done)
      return new parts.Template({ type: 'code', obj: roots }, this.#env, name)
    } catch (error) {
      const [line, column] = placeOf(error)
      throw troubleOf(error).at(name, line, column)
    }
  }

  #filter(name: string, args: readonly unknown[]): unknown {
    if (name === 'length' && Array.isArray(args[0])) return args[0].length
    const filter = FILTERS.get(name)
    if (filter === undefined)
      throw new TemplateTrouble(
        'LG6001',
        `the filter \`${name}\` is unknown; known are length, ${[...FILTERS.keys()].join(', ')}`,
      )
    this.#holes.push(holeOf(name, filter, args))
    return new SafeString(markOf(this.#holes.length - 1))
  }
}

/** A refusal names the value that was refused. */
function holeOf(name: string, filter: Filter, args: readonly unknown[]): Hole {
  const [value, more] = args
  try {
    const { value: word, text } = filter(value, more)
    return { filter: name, value: word, text }
  } catch (error) {
    const trouble = troubleOf(error)
    if (value instanceof Text) trouble.value = Text.read(value)
    throw trouble
  }
}

/** Templates are code (docs/templates.md): this is where they become it. */
function evaluate(code: string): Record<string, Root> {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval, typescript/no-unsafe-type-assertion
  const make = new Function(code) as () => Record<string, Root>
  return make()
}

/** nunjucks' parser says where it stopped beside its message. */
function placeOf(error: unknown): [line: number, column: number] {
  if (!(error instanceof Error)) return [1, 1]
  return [numberIn(error, 'lineno'), numberIn(error, 'colno')]
}

function numberIn(error: Error, key: string): number {
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'number' ? value : 1
}

function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (!(count <= MAX_RANGE)) throw new TemplateTrouble('LG6001', 'the range is too long')
  return Array.from({ length: count }, (_, i) => from + i * step)
}
