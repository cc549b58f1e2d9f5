import { describe, expect, it } from "vitest";

import { exampleCommand } from "../../contracts/fixtures.ts";
import { isIdempotencyKey, parseSendCommand, type SendMessageCommand } from "./send-command.ts";

const problemsOf = (fields: Partial<Record<keyof SendMessageCommand, unknown>>) =>
  parseSendCommand({ ...exampleCommand, ...fields } as SendMessageCommand).match(
    () => [],
    ({ problems }) => problems.map(({ path }) => path.join(".")),
  );

describe("a command", () => {
  it("becomes a request with its own fields and nothing else", () => {
    const command = { ...exampleCommand, reference: "order 42 ✓", traceparent: "00-1-2-01", status: "sent", waitMs: 5 };
    expect(parseSendCommand(command)._unsafeUnwrap()).toEqual({
      outlet: { tenantId: "tenant-1", outletId: "outlet-1" },
      conversationId: "conversation-1",
      to: "+628123456789",
      content: exampleCommand.content,
      reference: "order 42 ✓",
      traceparent: "00-1-2-01",
    });
  });

  it("gets all its problems at once", () => {
    expect(problemsOf({ tenantId: "", to: "0", content: { type: "text", text: { body: "" } }, waitMs: -1 })).toEqual([
      "tenantId",
      "to",
      "waitMs",
      "content.text.body",
    ]);
  });

  it.each(["Hold", "", 5, {}, ["hold"]])("has a policy that exists: %j", (onAmbiguous) => {
    expect(problemsOf({ onAmbiguous })).toEqual(["onAmbiguous"]);
  });

  it.each([undefined, null, "resend", "verify", "hold"])("may leave the policy to the sender: %j", (onAmbiguous) => {
    expect(problemsOf({ onAmbiguous })).toEqual([]);
  });

  it("is sent as it was checked, whatever its fields give when they are read again", () => {
    let reads = 0;
    const command = {
      ...exampleCommand,
      get outletId() {
        reads += 1;
        return reads === 1 ? "../outlet" : "outlet-1";
      },
    };
    expect(parseSendCommand(command).isErr()).toBe(true);
  });

  it.each([undefined, null, 5, "text", [], { type: "fax" }, { type: "text" }])("needs a content: %j", (content) => {
    expect(problemsOf({ content })).not.toEqual([]);
  });

  it("points into its content", () => {
    const title = "x".repeat(21);
    const action = { buttons: [{ type: "reply", reply: { id: "1", title } }] };
    const interactive = { type: "button", body: { text: "Hi" }, action };
    expect(problemsOf({ content: { type: "interactive", interactive } })).toEqual([
      "content.interactive.action.buttons.0.reply.title",
    ]);
    expect(problemsOf({ content: { type: "image", image: { link: "https://localhost/a.png" } } })).toEqual([
      "content.image.link",
    ]);
  });

  it("keeps a copy of Meta's object as it was in the call", () => {
    const image = { id: "1", new_field: { a: 1 } };
    const command = { ...exampleCommand, content: { type: "image", image } as const };
    const request = parseSendCommand(command)._unsafeUnwrap();
    image.new_field.a = 2;
    expect(request.content).toEqual({ type: "image", image: { id: "1", new_field: { a: 1 } } });
  });
});

describe("a reply", () => {
  it.each(["wamid.HBgN+/=", "w", "w".repeat(512)])("names its message: %s", (replyTo) => {
    expect(parseSendCommand({ ...exampleCommand, replyTo })._unsafeUnwrap().replyTo).toBe(replyTo);
  });

  it.each(["", "a b", "a\n", "é", "w".repeat(513), 5, {}])("does not name a message: %j", (replyTo) => {
    expect(problemsOf({ replyTo })).toEqual(["replyTo"]);
  });

  it("is not a reaction, which names its message itself", () => {
    const content = { type: "reaction", reaction: { message_id: "wamid.1", emoji: "" } };
    expect(problemsOf({ content })).toEqual([]);
    expect(problemsOf({ content, replyTo: "wamid.1" })).toEqual(["replyTo"]);
  });
});

describe("a business-scoped user id", () => {
  it.each(["US.13491208655302741918", "US.ENT.11815799212886844830", `ID.${"a".repeat(128)}`])("is taken: %s", (to) => {
    expect(problemsOf({ to })).toEqual([]);
  });

  it.each(["US.", "us.1", "USA.1", "US1", "US.1-2", "US.ENT.", "US.1\n", `US.${"1".repeat(129)}`])(
    "is not taken: %j",
    (to) => {
      expect(problemsOf({ to })).toEqual(["to"]);
    },
  );
});

describe("a phone number", () => {
  it.each(["+6281234", "+628123456789", "+123456789012345"])("is taken: %s", (to) => {
    expect(problemsOf({ to })).toEqual([]);
  });

  it.each([
    "628123456789",
    "08123456789",
    "++628123456789",
    "+0123456789",
    "+62 812 3456 789",
    "+62-812-345",
    "+12345",
    "+123456",
    "+1234567890123456",
    "+６２８１２３４５６７８９",
    "+62812345678a",
    " +628123456789",
    "+628123456789\n",
    "",
    "'; DROP TABLE messages; --",
    628123456789,
    null,
    undefined,
    {},
    ["+628123456789"],
  ])("is not taken: %j", (to) => {
    expect(problemsOf({ to })).toEqual(["to"]);
  });
});

describe("an identifier", () => {
  it.each(["a", "A-1_b.c~d", "__proto__", "constructor", "...", "a".repeat(128)])("is taken: %s", (id) => {
    expect(problemsOf({ tenantId: id, outletId: id, conversationId: id })).toEqual([]);
  });

  it.each([
    "",
    ".",
    "..",
    "a/b",
    "..%2f",
    "%00",
    "a b",
    "ä",
    "a\n",
    "a".repeat(129),
    "a?b",
    "a#b",
    5,
    null,
    undefined,
    ["a"],
  ])("is not taken: %j", (id) => {
    expect(problemsOf({ tenantId: id, outletId: id, conversationId: id })).toEqual([
      "tenantId",
      "outletId",
      "conversationId",
    ]);
  });
});

describe("an idempotency key", () => {
  it.each(["a", "!~", "a".repeat(255), `{"a":1}`])("is taken: %s", (key) => {
    expect(isIdempotencyKey(key)).toBe(true);
    expect(problemsOf({ idempotency: { key } })).toEqual([]);
  });

  it.each(["", " ", "a b", "a\n", "\u007f", "é", "a".repeat(256), 5, null])("is not taken: %j", (key) => {
    expect(problemsOf({ idempotency: { key } })).toEqual(["idempotency.key"]);
  });
});

describe("a reference", () => {
  it.each(["", "x".repeat(255), "\u202E👍", "👍".repeat(255)])("is taken: %j", (reference) => {
    expect(problemsOf({ reference })).toEqual([]);
  });

  it.each(["x".repeat(256), "\uD83D", 5, {}])("is not taken: %j", (reference) => {
    expect(problemsOf({ reference })).toEqual(["reference"]);
  });
});

it("an optional field that is null counts as absent", () => {
  const none = Object.fromEntries(
    ["replyTo", "reference", "onAmbiguous", "idempotency", "traceparent", "waitMs", "ttlMs"].map((name) => [
      name,
      null,
    ]),
  );
  expect(parseSendCommand({ ...exampleCommand, ...none } as SendMessageCommand)).toEqual(
    parseSendCommand(exampleCommand),
  );
});

describe("a wait", () => {
  it.each([-1, Number.NaN, "5"])("is not taken: %j", (waitMs) => {
    expect(problemsOf({ waitMs })).toEqual(["waitMs"]);
  });
});
