import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

/** Threads and processes that tests start run our sources: they are stripped of types and compiled once, not each time. */
const compileCache = fileURLToPath(new URL("node_modules/.cache/compile", import.meta.url));

export default defineConfig({
  ssr: { resolve: { conditions: ["@message-sender/source"] } },
  test: {
    // Most of the time is spent waiting for something.
    maxWorkers: 4,
    // Limits that only a hanging test meets: a slow machine is not a fault.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    env: { NODE_COMPILE_CACHE: compileCache },
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"], autoAttachSubprocess: true },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "examples/**/*.test.ts",
            "tools/**/*.test.ts",
            "tests/crash/**/*.test.ts",
          ],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["packages/*/src/**/*.integration.test.ts", "tests/system/**/*.test.ts"],
          globalSetup: "tests/support/postgres-server.ts",
        },
      },
    ],
  },
});
