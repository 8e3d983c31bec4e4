import { defineConfig } from 'vitest/config';

// Benches are no tests: they run when they are asked for by name.
export default defineConfig({
  test: {
    include: ['test/bench/*.ts'],
    exclude: ['**/vitest.config.ts'],
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
  },
});
