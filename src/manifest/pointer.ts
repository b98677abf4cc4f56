/** JSON pointers (`/spec/rules/0`): made from steps, and shown to people. */
import { printable } from '../model/failure.ts'

/** The pointer to a field or item below `parent`. */
export function below(parent: string, ...steps: readonly (string | number)[]): string {
  return steps.reduce<string>((pointer, step) => `${pointer}/${escaped(String(step))}`, parent)
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}

export function parentOf(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
}

/** The pointer itself and all that lead to it, but for the document. */
export function parentsOf(pointer: string): string[] {
  return pointer === '' ? [] : [pointer, ...parentsOf(parentOf(pointer))]
}

/** As a person would say it: `spec.rules[0]`. */
export function shown(pointer: string): string {
  if (pointer === '') return 'the document'
  return printable(
    stepsOf(pointer).reduce((text, step) =>
      /^\d+$/.test(step) ? `${text}[${step}]` : `${text}.${step}`,
    ),
  )
}

/** The last step, with what it is an item of: `port`, `hostnames[0]`. */
export function fieldName(pointer: string): string {
  const steps = pointer.slice(1).split('/')
  const named = steps.findLastIndex((step) => !/^\d+$/.test(step))
  return shown(`/${steps.slice(Math.max(0, named)).join('/')}`)
}

export function stepsOf(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(unescaped)
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
