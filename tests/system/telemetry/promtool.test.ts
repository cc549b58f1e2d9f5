import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";
import { startBusyService } from "../../support/busy-service.ts";

const promtool = process.env["PROMTOOL"];
const why =
  "PROMTOOL is not set: `npm run test:promtool`, which `npm run check:full` contains, gets promtool and runs this";

function run(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(promtool ?? "", args, { input, encoding: "utf8" });
  return { status, printed: `${stdout}${stderr}` };
}

describe("promtool", () => {
  it("finds nothing wrong with the metrics of a busy server", async ({ skip }) => {
    if (promtool === undefined) skip(why);
    const { metrics } = await startBusyService();
    expect(run(["check", "metrics"], await metrics())).toEqual({ status: 0, printed: "" });
    // It does find what is wrong.
    expect(run(["check", "metrics"], "# TYPE a_total gauge\na_total 1\n").status).not.toBe(0);
  });

  it("accepts the alert rules, and raises each alert in its test", ({ skip }) => {
    if (promtool === undefined) skip(why);
    const file = (name: string) => join(root, "deploy/prometheus", name);
    expect(run(["check", "rules", file("alerts.yml")])).toMatchObject({ status: 0 });
    expect(run(["test", "rules", file("alerts.test.yml")])).toMatchObject({ status: 0 });
  });
});
