import { expect, it } from "vitest";

import type { BatchAnswer } from "./database/batch.ts";
import { createGroupCommit } from "./database/group-commit.ts";
import { createErasure } from "./erasure.ts";

it("erasures that wait share one rewriting of the file, and one that comes later has its own", async () => {
  const rewritings: ((answer: BatchAnswer) => void)[] = [];
  const run = () => new Promise<BatchAnswer>((resolve) => void rewritings.push(resolve));
  const { clean } = createErasure(createGroupCommit(run), { run });
  const first = [clean(), clean()];
  await expect.poll(() => rewritings.length).toBe(1);
  const later = clean();
  rewritings[0]?.({ answers: [] });
  for (const one of first) expect((await one).isOk()).toBe(true);
  await expect.poll(() => rewritings.length).toBe(2);
  rewritings[1]?.({ failure: "no room" });
  expect((await later)._unsafeUnwrapErr().reason).toBe("no room");
});
