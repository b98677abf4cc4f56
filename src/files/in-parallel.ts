/** Does the same with every item, a few at a time: enough for speed, too few to run out of descriptors. */

const AT_ONCE = 16

/** Results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  fn: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const rest = items.entries()
  const work = async (): Promise<void> => {
    const { done, value } = rest.next()
    if (done === true) return
    const [at, item] = value
    results[at] = await fn(item)
    await work()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}
