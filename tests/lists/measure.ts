import type { MessageFilter, MessageLookup, MessagePosition, Store } from "@message-sender/core/adapter";

import {
  acceptedAtOf,
  conversationAt,
  hugeTenant,
  keyAt,
  messageAt,
  middleTenants,
  popularRecipient,
  popularReference,
  referenceAt,
  tinyTenant,
  wamidAt,
} from "./messages.ts";

const mostMs = { list: 50, lookup: 20, byId: 10 };
const rounds = 40;

/** Measures every kind of list, prints a table, and returns how many are slower than they may be. */
export async function measure(name: string, { messages }: Store, count: number): Promise<number> {
  let missed = 0;
  say(`\n${name}, ${count} messages: pages of 50, ${rounds} of each kind`);
  row("", "found", "p50 ms", "p95 ms", "CPU ms");
  for (const [title, most, run] of [...lists(count), ...lookups(count)]) {
    const times: number[] = [];
    let found = 0;
    const cpu = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      found += await run(messages, round);
      times.push(performance.now() - startedAt);
    }
    const { user, system } = process.cpuUsage(cpu);
    times.sort((one, other) => one - other);
    const [p50 = 0, p95 = 0] = [times[Math.floor(rounds / 2)], times[Math.ceil(rounds * 0.95) - 1]];
    const isMissed = p95 > most;
    missed += Number(isMissed);
    const cpuMs = (user + system) / 1000 / rounds;
    const figures = [found / rounds, p50, p95, cpuMs].map((figure) => figure.toFixed(1));
    row(title, ...figures, isMissed ? `MISSED: at most ${most} ms` : "");
  }
  return missed;
}

function row(title: string, ...cells: readonly string[]): void {
  const [found = "", p50 = "", p95 = "", cpu = "", note = ""] = cells;
  const figures = [found, p50, p95, cpu].map((cell) => cell.padStart(8)).join("");
  say(`${title.padEnd(70)}${figures}  ${note}`.trimEnd());
}

type Run = (messages: Store["messages"], round: number) => Promise<number>;
type Kind = readonly [title: string, mostMs: number, run: Run];

function lists(count: number): readonly Kind[] {
  const deep = (part: number): MessagePosition => ({
    acceptedAt: acceptedAtOf(Math.floor(count * part), count),
    number: 1,
  });
  const some = (round: number) => messageAt(Math.floor(((round + 0.5) / rounds) * count) | 1, count);
  const tenants: Readonly<Record<string, MessageFilter>> = {
    "every tenant": {},
    "huge tenant": { tenantIds: [hugeTenant] },
    "tiny tenant": { tenantIds: [tinyTenant] },
    "three tenants": { tenantIds: middleTenants.slice(0, 3) },
    "no such tenant": { tenantIds: ["nobody"] },
  };
  const filters: Readonly<Record<string, (round: number) => MessageFilter>> = {
    "no filter": () => ({}),
    "an outlet": (round) => ({ outletId: some(round).request.outlet.outletId }),
    "no such outlet": () => ({ outletId: "nowhere" }),
    "a conversation": (round) => ({ conversationId: conversationAt(round * 10, count) }),
    "a recipient": (round) => ({ to: some(round).request.to }),
    "a popular recipient": () => ({ to: popularRecipient }),
    "no such recipient": () => ({ to: "+62811" }),
    "a reference": (round) => ({ reference: referenceAt(round * 10) }),
    "a popular reference": () => ({ reference: popularReference }),
    read: () => ({ status: "read" }),
    queued: () => ({ status: "queued" }),
    "sending (none)": () => ({ status: "sending" }),
    failed: () => ({ status: "failed" }),
    expired: () => ({ status: "expired" }),
    "canceled (none)": () => ({ status: "canceled" }),
    "since the middle": () => ({ since: acceptedAtOf(Math.floor(count / 2), count) }),
    "until the middle": () => ({ until: acceptedAtOf(Math.floor(count / 2), count) }),
    "one hour long ago": () => ({
      since: acceptedAtOf(1000, count),
      until: new Date(acceptedAtOf(1000, count).getTime() + 3_600_000),
    }),
    "a popular recipient, failed, in the first half": () => ({
      to: popularRecipient,
      status: "failed",
      until: acceptedAtOf(Math.floor(count / 2), count),
    }),
    "a popular reference and no such outlet": () => ({ reference: popularReference, outletId: "nowhere" }),
    "an outlet, sent, to a recipient": (round) => ({
      outletId: some(round).request.outlet.outletId,
      status: "sent",
      to: some(round).request.to,
    }),
  };
  return Object.entries(tenants).flatMap(([whose, tenant]) =>
    Object.entries(filters).flatMap(([what, filter]) =>
      [undefined, 0.5, 0.05].map((part): Kind => {
        const after = part === undefined ? undefined : deep(part);
        const title = `${whose}, ${what}${part === undefined ? "" : `, deep (${part})`}`;
        return [
          title,
          mostMs.list,
          async (messages, round) => {
            const page = await messages.list({ ...filter(round), ...tenant, limit: 50, ...(after && { after }) });
            return page._unsafeUnwrap().messages.length;
          },
        ];
      }),
    ),
  );
}

function lookups(count: number): readonly Kind[] {
  const at = (round: number) => Math.floor((round / rounds) * (count / 1000)) * 1000 + 10;
  const find = (title: string, by: (round: number) => MessageLookup, most = mostMs.lookup): Kind => [
    title,
    most,
    async (messages, round) => ((await messages.find(by(round)))._unsafeUnwrap() ? 1 : 0),
  ];
  const list = (title: string, filter: (round: number) => MessageFilter): Kind => [
    title,
    mostMs.lookup,
    async (messages, round) => (await messages.list({ ...filter(round), limit: 50 }))._unsafeUnwrap().messages.length,
  ];
  const message = (round: number) => messageAt(at(round), count);
  return [
    find("by id", (round) => ({ id: message(round).id }), mostMs.byId),
    find("by WhatsApp's id", (round) => ({ wamid: wamidAt(at(round)) })),
    find("by Idempotency-Key", (round) => ({
      tenantId: message(round).request.outlet.tenantId,
      key: keyAt(at(round)),
    })),
    list("by reference, of a tenant", (round) => ({
      tenantIds: [message(round).request.outlet.tenantId],
      reference: referenceAt(at(round)),
    })),
    list("by reference, of any tenant", (round) => ({ reference: referenceAt(at(round)) })),
    list("by a reference that many have, of a tenant", () => ({
      tenantIds: [hugeTenant],
      reference: popularReference,
    })),
  ];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
