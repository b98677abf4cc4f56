import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * These start no process, keep nothing in their modules and look at no clock: many files share a worker, which has
 * the code under test loaded already.
 */
const FOLDERS = [
  'cli',
  'compile',
  'fakes',
  'loop',
  'manifest',
  'model',
  'notify',
  'plan',
  'reconcile',
  'render',
  'report',
  'schemas',
]
const NOT_THESE = [
  'explain-route-haproxy',
  'hostile',
  'law-8-haproxy',
  'lexer',
  'many-passes',
  'metrics-cost',
  'routing',
  'sections',
  'systemd',
]
const pure = [`test/{${FOLDERS.join(',')}}/**/!(${NOT_THESE.join('|')}).test.ts`]

/** What takes longest begins first, so that no worker is left alone with it at the end. */
const LONGEST = [
  'e2e/kill',
  'hitless/reloads',
  'consul/real-feed',
  'daemon/',
  'property/law-8',
  'churn/',
  'story/',
  'drift/',
  'e2e/',
  'hitless/',
  'files/',
  'haproxy-runtime/',
  'haproxy-apply/',
  'page/',
  'property/',
]

/** Takes all processors, and looks how soon it is answered: after all others. */
const ALONE = 'test/daemon/large.test.ts'

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}`))
      return found === -1 ? LONGEST.length : found
    }
    // oxlint-disable-next-line unicorn/no-array-sort -- of the sequencer, which gives a new list
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A second, which is the usual, is little for processes on a machine that others share.
    expect: { poll: { timeout: 10_000 } },
    // Most tests wait for processes more than they compute: two processors have work for three.
    // The soak has more to compute, for longer, and looks how soon it is done.
    maxWorkers: Math.max(process.env['LEGATE_SOAK'] === '1' ? 2 : 3, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    // Real processes on a shared machine: a deadline that is missed once is tried again, and told as such.
    retry: process.env['CI'] === 'true' ? 2 : 0,
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: pure, isolate: false },
      },
      {
        extends: true,
        test: { name: 'world', include: ['test/**/*.test.ts'], exclude: [...pure, ALONE] },
      },
      {
        extends: true,
        test: { name: 'alone', include: [ALONE], sequence: { groupOrder: 1 } },
      },
    ],
  },
})
