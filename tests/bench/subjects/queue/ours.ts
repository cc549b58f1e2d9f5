import { createMessageSender, createPacer, Secret } from "@message-sender/core";
import type { Transport } from "@message-sender/core/adapter";
import { createInMemoryCredentials, createInMemoryQuota } from "@message-sender/core/in-memory";
import { createSystemClock, createSystemIds } from "@message-sender/core/node";
import { openPostgresStore } from "@message-sender/postgres-adapter";
import { okAsync } from "neverthrow";

import { inParallel, run } from "../../subject.ts";

const outletCount = 50;
const acceptedAtOnce = 500;
const waitingCalls = 64;

/** The library on PostgreSQL, with a WhatsApp that answers at once. Its queue works only in the phase `work`. */
await run(async ({ databaseUrl, schema }) => {
  const clock = createSystemClock();
  const outlets = Array.from({ length: outletCount }, (_, index) => ({
    tenantId: `tenant-${index % 5}`,
    outletId: `outlet-${index}`,
  }));
  const credentials = createInMemoryCredentials();
  for (const outlet of outlets) {
    credentials.set(outlet, { accessToken: new Secret("EAAbench"), phoneNumberId: `1${outlet.outletId.slice(7)}` });
  }
  let sent = 0;
  const transport: Transport = { submit: () => okAsync({ kind: "Accepted", wamid: `wamid.${(sent += 1)}` }) };
  const sender = createMessageSender({
    ...(await openPostgresStore(databaseUrl, { clock, schema }))._unsafeUnwrap(),
    credentials,
    quota: createInMemoryQuota({ clock, limitOf: () => ({ limit: 1e9, period: "none" }) }),
    transport,
    pacer: createPacer({ clock, permits: 256, rates: false }),
    clock,
    ids: createSystemIds(),
  });
  let accepted = 0;
  const command = () => {
    const number = (accepted += 1);
    return {
      ...(outlets[number % outletCount] ?? { tenantId: "", outletId: "" }),
      conversationId: `conversation-${number}`,
      to: `+62812${String(number).padStart(7, "0")}`,
      content: { type: "text" as const, text: { body: "Hello! Your order is ready." } },
    };
  };

  return {
    phases: {
      async accept(count) {
        await inParallel(count, acceptedAtOnce, async () => void (await sender.enqueue(command()))._unsafeUnwrap());
      },
      async work(count) {
        for (const until = sent + count; sent < until;) await sender.tick();
      },
      async send(count) {
        await inParallel(count, waitingCalls, async () => void (await sender.send(command()))._unsafeUnwrap());
      },
    },
  };
});
