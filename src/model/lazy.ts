/** Modules that are loaded where they are wanted: `import()` goes in, a function that asks for it once comes out. */

const all: (() => Promise<object>)[] = []

/** Asked for again, the module is there: `import()` itself would look for the file each time. */
export function lazily<T extends object>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  const loadOnce = (): Promise<T> => (loaded ??= load())
  all.push(loadOnce)
  return loadOnce
}

/** For whoever runs for long: later there may be another version of Legate in the place of these files. */
export async function loadLazyModules(): Promise<void> {
  // What is loaded may know of more: an array may grow while it is walked.
  // oxlint-disable-next-line no-await-in-loop -- there are hardly more than these
  for (const load of all) await load()
}
