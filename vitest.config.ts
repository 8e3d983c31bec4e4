import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: false },
    // The built program is tested as Node loads it.
    server: { deps: { external: [/\/dist\//] } },
    // Limits of waiting, not of speed: a busy machine may be ten times slower than an idle one.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // CI's machine is busy with real servers, containers and clusters: one more try tells a fault from a hiccup.
    retry: process.env['CI'] === undefined ? 0 : 1,
    // On two cores: much of a test is waiting for servers, containers and timers.
    maxWorkers: 3,
  },
});
