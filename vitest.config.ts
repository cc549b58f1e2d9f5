import { defineConfig } from "vitest/config";

import { LongFilesFirst } from "./tests/support/long-files-first.ts";
import { compileCache } from "./tests/support/quick-start.ts";

/** They change or measure what all code of a process shares: the heap, its timers, `Date`, the global `Response`. */
const alone = [
  "packages/emulator/src/graph/media/media.integration.test.ts",
  "packages/emulator/src/sandbox/msw-handlers.integration.test.ts",
  "packages/http-adapter/src/inbound/server/connection.integration.test.ts",
  "packages/http-adapter/src/outbound/http/http-client.integration.test.ts",
  "tests/system/processes/load.test.ts",
  "tests/system/processes/wall-clock.test.ts",
];

export default defineConfig({
  ssr: { resolve: { conditions: ["@message-sender/source"] } },
  test: {
    // Most of the time is spent waiting for something.
    maxWorkers: 8,
    maxConcurrency: 50,
    // Files of one process after another share what they import, which takes as long as their tests.
    isolate: false,
    // Limits that only a hanging test meets: a slow machine is not a fault.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    env: { NODE_COMPILE_CACHE: compileCache },
    sequence: { sequencer: LongFilesFirst },
    coverage: { provider: "v8", include: ["packages/*/src/**/*.{ts,tsx}"], autoAttachSubprocess: true },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Each keeps a core busy, and is faster in a process that has already compiled the code for others.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          include: [
            "packages/*/src/**/*.test.ts",
            "examples/**/*.test.ts",
            "tools/**/*.test.ts",
            "tests/{crash,scale,support}/**/*.test.ts",
          ],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["packages/*/src/**/*.integration.test.ts", "tests/system/**/*.test.ts"],
          exclude: [...alone, "**/node_modules/**"],
          globalSetup: [
            "tests/support/memory-folder.ts",
            "tests/support/built-packages.ts",
            "tests/support/postgres-server.ts",
            "tests/support/bundled-program.ts",
          ],
          setupFiles: "tests/support/openapi/check-answers.ts",
        },
      },
      { extends: true, test: { name: "alone", include: alone, isolate: true } },
      // Needs Chromium: part of `npm run check:full`.
      {
        extends: true,
        test: { name: "browser", include: ["tests/browser/**/*.test.ts"], sequence: { groupOrder: 2 } },
      },
    ],
  },
});
