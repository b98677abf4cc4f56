/** nunjucks' compiler with the holes closed: what is missing is an error wherever it is asked for, with its line. */
// The underscores are nunjucks' own names.
/* oxlint-disable no-underscore-dangle */
import type {
  AstNode,
  BinaryNode,
  CompareNode,
  FilterNode,
  ForNode,
  LookupNode,
  Scope,
  SymbolNode,
} from './nunjucks-parts.ts'
import { parts } from './nunjucks-parts.ts'

/** Source of one template to the source of a function that makes its blocks. */
export function compileTemplate(name: string, source: string): string {
  const ast = parts.parser.parse(keepLineEnds(source), [], { trimBlocks: true, lstripBlocks: true })
  const compiler = new StrictCompiler(name, true)
  compiler.compile(ast)
  return compiler.getCode()
}

/**
 * A line of tags alone leaves nothing behind, as `trimBlocks` wants it; a line of text that happens to end
 * in a tag keeps its end, which `trimBlocks` would take. The number of lines stays.
 */
function keepLineEnds(source: string): string {
  return source
    .split('\n')
    .map((line) => {
      const ends = /[^-]%\}\s*$/.test(line)
      return ends && line.replaceAll(/\{%.*?%\}/g, '').trim() !== '' ? `${line}{{ "" }}` : line
    })
    .join('\n')
}

class StrictCompiler extends parts.compiler.Compiler {
  /** Nodes that stand after `in` of a `for`. */
  #lists = new WeakSet<AstNode>()

  override compile(node: AstNode, scope?: Scope): void {
    if (!this.#lists.has(node)) return super.compile(node, scope)
    this.#lists.delete(node)
    this.#call('list', node, () => super.compile(node, scope))
  }

  compileSymbol(node: SymbolNode, scope: Scope): void {
    const name = JSON.stringify(node.value)
    const local = scope.lookup(node.value)
    if (local) this.#call('known', node, () => this._emit(`${name}, ${local}`))
    else this.#call('lookUp', node, () => this._emit(`${name}, context, frame`))
  }

  compileLookupVal(node: LookupNode, scope: Scope): void {
    this.#call('member', node, () => this.#both(node.target, node.val, scope))
  }

  override _binOpEmitter(node: BinaryNode, scope: Scope, operator: string): void {
    const sign = operator.replaceAll(/[\s"]/g, '')
    if (sign === '||' || sign === '&&') return super._binOpEmitter(node, scope, operator)
    // `~` arrives as `+ "" +`.
    const joins = sign === '+' || sign === '++'
    this.#call(joins ? 'join' : 'calculate', node, () => {
      if (!joins) this._emit(`${JSON.stringify(sign)}, `)
      this.#both(node.left, node.right, scope)
    })
  }

  compileCompare(node: CompareNode, scope: Scope): void {
    this.#plain(node.expr, scope)
    for (const { type, expr } of node.ops) {
      this._emit(` ${type} `)
      this.#plain(expr, scope)
    }
  }

  compileFilter(node: FilterNode, scope: Scope): void {
    this.#call('filter', node, () => {
      this._emit(`env, ${JSON.stringify(node.name.value)}, `)
      this._compileAggregate(node.args, scope, '[', ']')
    })
  }

  override compileFor(node: ForNode, scope: Scope): void {
    this.#lists.add(node.arr)
    super.compileFor(node, scope)
  }

  compileSwitch(node: AstNode): void {
    this.fail('`switch` is not for these templates: use `if`', node.lineno, node.colno)
  }

  compileAsyncEach(node: AstNode): void {
    this.fail('nothing here is asynchronous: use `for`', node.lineno, node.colno)
  }

  compileAsyncAll(node: AstNode): void {
    this.compileAsyncEach(node)
  }

  #call(name: string, node: AstNode, args: () => void): void {
    this._emit(`runtime.${name}(${node.lineno + 1}, ${node.colno + 1}, `)
    args()
    this._emit(')')
  }

  #both(left: AstNode, right: AstNode, scope: Scope): void {
    this.compile(left, scope)
    this._emit(', ')
    this.compile(right, scope)
  }

  #plain(node: AstNode, scope: Scope): void {
    this._emit('runtime.plain(')
    this.compile(node, scope)
    this._emit(')')
  }
}
