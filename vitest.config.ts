import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { resolve: { conditions: ["@message-sender/source"] } },
  test: {
    // Most of the time is spent waiting for something.
    maxWorkers: 4,
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"], autoAttachSubprocess: true },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "examples/**/*.test.ts",
            "scripts/**/*.test.ts",
            "tools/**/*.test.ts",
            "crash/**/*.test.ts",
          ],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["packages/*/src/**/*.integration.test.ts", "test/**/*.integration.test.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
