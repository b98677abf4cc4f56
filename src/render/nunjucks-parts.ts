/** The parts of nunjucks 3.2.4 that its published types leave out, and nothing else of it. */
import nunjucks from 'nunjucks'

export interface AstNode {
  readonly typename: string
  readonly lineno: number
  readonly colno: number
}
export interface SymbolNode extends AstNode {
  readonly value: string
}
export interface LookupNode extends AstNode {
  readonly target: AstNode
  readonly val: AstNode
}
export interface BinaryNode extends AstNode {
  readonly left: AstNode
  readonly right: AstNode
}
export interface CompareNode extends AstNode {
  readonly expr: AstNode
  readonly ops: readonly { readonly type: string; readonly expr: AstNode }[]
}
export interface FilterNode extends AstNode {
  readonly name: SymbolNode
  readonly args: AstNode
}
export interface ForNode extends AstNode {
  readonly arr: AstNode
}

/** Names known at compile time. */
export interface Scope {
  lookup(name: string): string | null | undefined
}

interface Compiler {
  compile(node: AstNode, scope?: Scope): void
  compileFor(node: ForNode, scope: Scope): void
  getCode(): string
  fail(message: string, line?: number, column?: number): never
  _emit(code: string): void
  _compileAggregate(node: AstNode, scope: Scope, open: string, close: string): void
  _binOpEmitter(node: BinaryNode, scope: Scope, operator: string): void
}

/** Values of a scope at run time. */
export interface Frame {
  variables: Record<string, unknown>
  lookup(name: string): unknown
  /** A `name` with a dot sets a field; with `resolveUp` a variable of a scope above is set where it is there. */
  set(name: string, value: unknown, resolveUp?: boolean): void
  push(isolateWrites?: boolean): Frame
}
export interface Context {
  readonly ctx: object
  readonly env: { readonly globals: object }
}
export type Done = (error: unknown, output?: unknown) => void

export interface Runtime {
  readonly Frame: new (parent?: Frame, isolateWrites?: boolean) => Frame
  readonly SafeString: new (value: string) => { readonly val: string }
  inOperator(key: unknown, value: unknown): boolean
}

/** A compiled template or block. */
export type Root = (
  ...args: [env: unknown, context: Context, frame: Frame, runtime: Runtime, done: Done]
) => void

export interface Template {
  render(context: object, parent?: Frame): string
}

/** What compiled templates ask of their environment. */
export interface Environment {
  filters: object
  tests: object
  globals: object
  getTemplate(name: unknown, ...more: readonly unknown[]): Template | undefined
}

interface Parts {
  readonly compiler: {
    readonly Compiler: new (name: string, throwOnUndefined: boolean) => Compiler
  }
  readonly parser: { parse(source: string, extensions: [], options: object): AstNode }
  readonly runtime: Runtime
  readonly Environment: new (loaders: [], options: object) => Environment
  readonly Template: new (
    code: { readonly type: 'code'; readonly obj: Record<string, Root> },
    env: Environment,
    name: string,
  ) => Template
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const parts: Parts = nunjucks as unknown as Parts
