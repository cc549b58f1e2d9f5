import { expect, it } from "vitest";

import { readSettings } from "./read-settings.ts";
import { describeSettings, explainSettings } from "./describe-settings.ts";

const settings = readSettings({ SERVICE_TOKEN: "canary", RETRY_SCHEDULE_MS: "0,5" })._unsafeUnwrap();

it("explains each setting above its line, without links and secrets", () => {
  const explained = explainSettings(settings);
  expect(explained).toContain(
    "\n\n# The bearer token that both services get with each call.\nSERVICE_TOKEN=[redacted]\n\n",
  );
  expect(explained).toMatch(
    /^# A JSON file with rules of your own for WhatsApp's error codes\. .*\nERROR_RULES_FILE=$/m,
  );
  expect(explained).not.toMatch(/canary|\]\(/);
  const lines = explained.split("\n").filter((line) => /^[A-Z_]+=/.test(line));
  expect(lines.toSorted()).toEqual(describeSettings(settings).split("\n").toSorted());
});
