import { readFile } from "node:fs/promises";

import { exitCode } from "@message-sender/server/process";
import { expect, it } from "vitest";

// oxlint-disable-next-line no-restricted-imports
import { createProgram } from "../../packages/cli/src/program.ts";
import { commandsPage, commandsPath, exitCodesOf, leavesOf } from "./commands-page.ts";

it("docs/commands.md is what the commands' help says; else run node --conditions=@message-sender/source tools/commands-page/commands-page.ts", async () => {
  expect(await readFile(commandsPath, "utf8")).toBe(commandsPage());
});

it.each(leavesOf(createProgram()).map(({ path, command }) => [path, command] as const))(
  "%s says what it, its arguments and its options are for, and its exit codes",
  (_, command) => {
    const texts = [command, ...command.registeredArguments, ...command.options].map((part) =>
      "description" in part && typeof part.description === "string" ? part.description : command.description(),
    );
    for (const text of texts) expect(text.length).toBeGreaterThan(5);
    const codes = exitCodesOf(command);
    expect(codes.length).toBeGreaterThan(2);
    expect(Object.values(exitCode)).toEqual(expect.arrayContaining([...codes]));
  },
);
