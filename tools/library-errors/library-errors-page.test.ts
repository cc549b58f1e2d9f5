import { readFile } from "node:fs/promises";

import { expect, it } from "vitest";

import type { Operation, SenderError } from "./error-kinds.ts";
import { hasRoute, httpAnswer } from "./http-answers.ts";
import { libraryErrorsPage, libraryErrorsPath } from "./library-errors-page.ts";
import { sampleErrors, sampleMessage } from "./samples.ts";
import { senderErrors } from "./sender-errors.ts";

it("docs/library-errors.md is up to date; else run node --conditions=@message-sender/source tools/library-errors/library-errors-page.ts", async () => {
  expect(await readFile(libraryErrorsPath, "utf8")).toBe(await libraryErrorsPage());
});

it.each(Object.entries(senderErrors))("%s has the same HTTP answer from each operation", async (kind, { from }) => {
  const operations = Object.keys(from) as Operation[];
  const samples: readonly SenderError[] = sampleErrors(await sampleMessage())[kind as SenderError["kind"]];
  for (const error of samples) {
    const answers = await Promise.all(operations.map((operation) => httpAnswer(operation, error)));
    expect(new Set(answers.filter((answer) => answer !== undefined)).size).toBe(operations.some(hasRoute) ? 1 : 0);
  }
});
