/** What compiled templates call while they run: looks names up, joins, filters and prints, and lets nothing pass unsaid. */
import type { Context, Frame, Runtime } from './nunjucks-parts.ts'
import { parts } from './nunjucks-parts.ts'
import { QuoteError } from './quote.ts'
import { Text } from './text.ts'
import { TemplateTrouble } from './trouble.ts'

const { SafeString } = parts.runtime

/** Runs the filter called `name` and returns the mark of its hole. */
export type RunFilter = (name: string, args: readonly unknown[]) => unknown

/** A runtime for one template, so that every complaint names it. */
export function strictRuntime(template: string, runFilter: RunFilter): Runtime {
  // Ten thousand lines come this way, each several times: no closure is made for a call.
  const placed =
    <A, B, C, R>(run: (a: A, b: B, c: C) => R) =>
    // oxlint-disable-next-line max-params -- so it is called by what nunjucks compiles
    (line: number, column: number, a: A, b: B, c: C): R => {
      try {
        return run(a, b, c)
      } catch (error) {
        throw troubleOf(error).at(template, line, column)
      }
    }
  const print = placed(printed)
  const strict = {
    known: placed(known),
    lookUp: placed(lookUp),
    member: placed(member),
    join: placed(join),
    calculate: placed(calculate),
    list: placed(listOf),
    filter: placed((_env: unknown, name: string, args: readonly unknown[]) =>
      runFilter(name, args),
    ),
    ensureDefined: (value: unknown, line: number, column: number) =>
      print(line + 1, column + 1, value, undefined, undefined),
    handleError: (error: unknown, line: number, column: number) =>
      troubleOf(error).at(template, line + 1, column + 1),
  }
  return { ...parts.runtime, ...UNPLACED, ...strict }
}

/** nunjucks' own takes every name apart at every turn of a loop, which is most of what the loop costs. */
export class QuickFrame extends parts.runtime.Frame {
  override set(name: string, value: unknown, resolveUp?: boolean): void {
    if (resolveUp === true) super.set(name, value, resolveUp)
    else if (name.startsWith(LOOP)) this.#loop()[name.slice(LOOP.length)] = value
    else if (name.includes('.')) super.set(name, value)
    else this.variables[name] = value
  }

  override push(isolateWrites?: boolean): QuickFrame {
    return new QuickFrame(this, isolateWrites)
  }

  #loop(): Record<string, unknown> {
    const there = this.variables['loop']
    if (isFields(there)) return there
    const loop = {}
    this.variables['loop'] = loop
    return loop
  }
}

const LOOP = 'loop.'

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Text)
}

const UNPLACED = {
  Frame: QuickFrame,
  plain,
  inOperator: (key: unknown, value: unknown) =>
    parts.runtime.inOperator(plain(key), Array.isArray(value) ? value.map(plain) : plain(value)),
  suppressValue: (value: unknown) => value,
  callWrap: (fn: unknown, name: string, context: unknown, args: readonly unknown[]): unknown => {
    if (typeof fn !== 'function') throw missing(`\`${name}\` is not a macro`)
    return Reflect.apply(fn, context, args)
  },
}

/** Whatever was thrown, as trouble of a template; nunjucks wraps what passes through it. */
export function troubleOf(error: unknown): TemplateTrouble {
  if (error instanceof TemplateTrouble) return error
  if (error instanceof Error && error.cause instanceof TemplateTrouble) return error.cause
  if (error instanceof QuoteError) return new TemplateTrouble('LG6004', `a value ${error.message}`)
  return missing(error instanceof Error ? error.message : String(error))
}

function missing(message: string): TemplateTrouble {
  return new TemplateTrouble('LG6001', message)
}

function known(name: string, value: unknown): unknown {
  if (value === undefined) throw missing(`\`${name}\` has no value here`)
  return value
}

function lookUp(name: string, context: Context, frame: Frame): unknown {
  const value = frame.lookup(name)
  if (value !== undefined) return value
  for (const scope of [context.ctx, context.env.globals])
    if (Object.hasOwn(scope, name)) return Reflect.get(scope, name)
  throw missing(`\`${name}\` is unknown; known here: ${Object.keys(context.ctx).join(', ')}`)
}

/** Own fields only: what a language gives its objects (`constructor`, `toString`) does not exist here. */
function member(of: unknown, by: unknown): unknown {
  const key = String(plain(by))
  if (typeof of !== 'object' || of === null || of instanceof Text)
    throw missing(
      `\`${key}\` is asked of a value without fields${of === null ? ': it is not set' : ''}`,
    )
  if (Object.hasOwn(of, key)) return Reflect.get(of, key)
  throw missing(`the field \`${key}\` is unknown; known here: ${Object.keys(of).join(', ')}`)
}

function listOf(value: unknown): unknown {
  if (Array.isArray(value)) return value
  throw missing('`for` wants a list')
}

/** The string behind a Text, for comparing; never to be printed. */
function plain(value: unknown): unknown {
  return value instanceof Text ? Text.read(value) : value
}

/** `a ~ b` and `a + b`: a Text makes the whole a Text. */
function join(left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number') return left + right
  const sides = [left, right]
  if (!sides.some((side) => side instanceof Text)) return printed(left) + printed(right)
  if (sides.some((side) => side instanceof SafeString))
    throw new TemplateTrouble('LG6002', 'a filtered value is joined with one that is not')
  return new Text(
    sides.map((side) => (side instanceof Text ? Text.read(side) : printed(side))).join(''),
  )
}

function calculate(sign: string, left: unknown, right: unknown): number {
  if (typeof left !== 'number' || typeof right !== 'number')
    throw missing(`\`${sign}\` wants two numbers`)
  if (sign === '-') return left - right
  if (sign === '*') return left * right
  return sign === '/' ? left / right : left % right
}

/** Numbers and booleans print as they are, a template's own text too, and what filters and macros made. */
function printed(value: unknown): string {
  if (value instanceof SafeString) return value.val
  if (typeof value === 'string' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (value instanceof Text) return value.toString()
  if (value === null || value === undefined) throw missing('a value that is not set is printed')
  if (Array.isArray(value))
    throw new TemplateTrouble('LG6002', 'a list is printed without a filter')
  throw missing('only text and numbers can be printed')
}
