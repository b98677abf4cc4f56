/** Remembers the results of a pure function by the identity of its arguments; old ones may be forgotten. */

interface Node<R> {
  /** Of the last argument none: there are thousands of these, and an empty map is not small. */
  next?: WeakMap<object, Node<R>>
  result?: { readonly value: R }
}

/**
 * The function with a memory. Arguments must be objects that are never mutated; the same objects give
 * the same result object. Memory lives no longer than the arguments do.
 */
export function remember<A extends readonly object[], R>(fn: (...args: A) => R): (...args: A) => R {
  const root: Node<R> = {}
  return (...args) => {
    let node = root
    for (const arg of args) {
      node.next ??= new WeakMap()
      let next = node.next.get(arg)
      if (next === undefined) {
        next = {}
        node.next.set(arg, next)
      }
      node = next
    }
    node.result ??= { value: fn(...args) }
    return node.result.value
  }
}

/**
 * The newest value for a key, or the one before where they are the same: so that what is remembered by
 * identity of the value stays remembered although the value was made again.
 */
export function keepSame<V>(isSame: (before: V, next: V) => boolean): (key: object, next: V) => V {
  const kept = new WeakMap<object, { readonly value: V }>()
  return (key, next) => {
    const before = kept.get(key)
    if (before !== undefined && isSame(before.value, next)) return before.value
    kept.set(key, { value: next })
    return next
  }
}
