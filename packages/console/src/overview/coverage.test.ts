import { expect, it } from "vitest";

import { createTestConsole } from "../../test/visit.ts";
import { senderAlone } from "../service/sender-alone.ts";
import type { HourOfMetrics, ServiceView } from "../service/service-view.ts";

const keys = {
  msk_all: { id: "key_all", tenants: "all" },
  msk_acme: { id: "key_acme", tenants: ["acme"] },
} as const;

const hour: HourOfMetrics = {
  slotMs: 10_000,
  present: 100_000,
  slots: [[100_000, { counts: { accepted: 1, "ended:sent": 1 }, spans: {} }]],
  bounds: {},
};

/** The overview of a server with as many processes, for a visitor with this key. */
async function overviewOf(key: keyof typeof keys, count: number): Promise<string> {
  const { sender } = createTestConsole(keys);
  const alone = senderAlone(sender);
  const service: ServiceView = {
    ...alone,
    async processes() {
      const [own] = await alone.processes();
      return Array.from({ length: count }, (_, index) => ({ ...own!, process: index + 1, hour }));
    },
  };
  const visitor = createTestConsole(keys, { service }).browser();
  await visitor.signIn(key);
  return (await visitor.get("/console")).html
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replace(/\s+/g, " ");
}

it("says of whom the plots are, and of whom they are not", async () => {
  expect(await overviewOf("msk_all", 1)).toContain(
    "Of all tenants, in this server's one process. Servers on other machines and message-sender work are not in it.",
  );
  expect(await overviewOf("msk_all", 3)).toContain("Of all tenants, in this server's 3 processes.");
});

it("says to whoever sees some tenants why there are no plots", async () => {
  const html = await overviewOf("msk_acme", 1);
  expect(html).toContain("No plots are drawn for some tenants alone: metrics do not tell tenants apart.");
  expect(html).not.toContain("Throughput");
  expect(await overviewOf("msk_all", 1)).not.toContain("No plots are drawn");
});
