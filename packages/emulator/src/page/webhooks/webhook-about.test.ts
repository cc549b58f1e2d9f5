import { expect, it } from "vitest";

import { webhookAbout } from "./webhook-about.ts";

const of = (field: string, value: object) => JSON.stringify({ entry: [{ id: "1", changes: [{ value, field }] }] });

it.each<[string, Parameters<typeof webhookAbout>[0], string]>([
  [
    "a status, with its recipient",
    {
      statuses: [{ wamid: "wamid.1", status: "delivered" }],
      body: of("messages", { statuses: [{ recipient_id: "628123456789", recipient_user_id: "ID.1" }] }),
    },
    "delivered · +628123456789",
  ],
  [
    "a status of somebody whose number is not known",
    {
      statuses: [{ wamid: "wamid.1", status: "sent" }],
      body: of("messages", { statuses: [{ recipient_user_id: "ID.1" }] }),
    },
    "sent · ID.1",
  ],
  [
    "a batch, each person once",
    {
      statuses: [
        { wamid: "wamid.1", status: "sent" },
        { wamid: "wamid.2", status: "read" },
      ],
      body: of("messages", { statuses: [{ recipient_id: "62811" }, { recipient_id: "62811" }] }),
    },
    "sent, read · +62811",
  ],
  [
    "a message of a customer, which answers one of the business",
    {
      statuses: [],
      body: of("messages", { messages: [{ from: "62811", type: "text", context: { from: "15550001" } }] }),
    },
    "messages · text · +62811",
  ],
  [
    "what is about nobody",
    { statuses: [], body: of("account_update", { event: "DISABLED" }) },
    "account_update · DISABLED",
  ],
  ["no JSON", { statuses: [], body: "x" }, ""],
])("says what a webhook is about: %s", (_, record, expected) => {
  expect(webhookAbout(record)).toBe(expected);
});
