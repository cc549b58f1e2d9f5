import { expect, test } from "vitest";

import { parseCommand } from "./parse-command.ts";

test.each([
  [[], true, true],
  [[], false, false],
  [["--samples"], false, true],
  [["--no-samples"], true, false],
])("%j, at a terminal: %s: samples: %s", (args, isTerminal, samples) => {
  expect(parseCommand(args, isTerminal)).toMatchObject({ samples });
});
