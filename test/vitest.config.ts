import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Real processes on a shared machine: a deadline that is missed once is tried again, and told as such.
    retry: process.env['CI'] === 'true' ? 2 : 0,
  },
})
