import { Readable } from "node:stream";

import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCredential, exampleOutcomes, exampleOutlet, exampleUnavailable } from "../../contracts/fixtures.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { Media } from "../../ports/media.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";
import type { UploadMediaCommand } from "./upload-command.ts";

const { Refused, Throttled, CredentialRefused, NotSent, Ambiguous } = exampleOutcomes;
const kibibyte = 1024;

let ports: TestPorts;
let sender: MessageSender;
beforeEach(() => {
  ports = createTestPorts({ quota: 0 });
  sender = createMessageSender(ports);
});

const using = (others: Partial<MessageSenderPorts>) => {
  sender = createMessageSender({ ...ports, ...others });
};

async function* pieces(...sizes: readonly number[]) {
  for (const size of sizes) yield new Uint8Array(size).fill(7);
}

/** Content that says whether it was let go of, which a generator that was not begun cannot. */
function releasable() {
  let released = 0;
  const bytes = pieces(2, 3);
  const content: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => bytes.next(),
      async return() {
        released += 1;
        return bytes.return(undefined);
      },
    }),
  };
  return Object.assign(content, { isReleased: () => released > 0 });
}

function uploadMedia(fields: Partial<UploadMediaCommand> = {}) {
  const content = fields.content ?? pieces(2, 3);
  return sender.uploadMedia({ ...exampleOutlet, mimeType: "image/webp", filename: "a.webp", ...fields, content });
}

it("uploads a file and says how long WhatsApp keeps it, without quota", async () => {
  const uploaded = await uploadMedia({ filename: "../a.webp" });
  const expiresAt = new Date(ports.clock.now().getTime() + 30 * 86_400_000);
  expect(uploaded._unsafeUnwrap()).toEqual({ mediaId: "media-1", mimeType: "image/webp", size: 5, expiresAt });
  expect(ports.media.files).toMatchObject([
    { filename: "a.webp", mimeType: "image/webp", bytes: new Uint8Array(5).fill(7) },
  ]);
});

it("holds no more than one chunk of a file", async () => {
  let alive = 0;
  let most = 0;
  async function* watched() {
    for (let number = 0; number < 50; number += 1) {
      most = Math.max(most, (alive += 1));
      yield new Uint8Array(10);
      alive -= 1;
    }
  }
  expect((await uploadMedia({ content: watched() })).isOk()).toBe(true);
  expect(most).toBe(1);
});

describe("what cannot be uploaded", () => {
  it.each([
    [{ tenantId: "a b" }, { kind: "InvalidCommand", problems: [{ path: ["tenantId"] }] }],
    [{ mimeType: "image/gif" }, { kind: "MediaInvalid" }],
    [{ mimeType: "application/octet-stream", filename: "a.exe" }, { kind: "MediaInvalid" }],
    [{ size: 500 * kibibyte + 1 }, { kind: "MediaTooLarge", largestBytes: 500 * kibibyte }],
    [{ content: pieces() }, { kind: "MediaInvalid", detail: "is empty" }],
    [{ content: pieces(0, 0) }, { kind: "MediaInvalid", detail: "is empty" }],
  ])("%o reaches nobody", async (fields, error) => {
    expect((await uploadMedia(fields))._unsafeUnwrapErr()).toMatchObject(error);
    expect(ports.media.files).toEqual([]);
  });

  it.each([
    ["content", undefined],
    ["content", null],
    ["content", "text"],
    ["content", new Uint8Array(5)],
    ["content", { [Symbol.asyncIterator]: 5 }],
    ["mimeType", 5],
    ["filename", {}],
    ["size", "5"],
    ["size", Number.NaN],
  ])("a command whose %s is %o is none", async (field, given) => {
    const command = { ...exampleOutlet, mimeType: "image/webp", content: pieces(1), [field]: given };
    const uploaded = await sender.uploadMedia(command as unknown as UploadMediaCommand);
    expect(uploaded._unsafeUnwrapErr()).toMatchObject({ kind: "InvalidCommand", problems: [{ path: [field] }] });
  });

  it("content whose iterator throws is ContentFailed", async () => {
    const content = {
      [Symbol.asyncIterator]() {
        throw new TypeError("locked");
      },
    };
    expect((await uploadMedia({ content }))._unsafeUnwrapErr()).toEqual({ kind: "ContentFailed" });
  });

  it.each([[["a"]], [[undefined]], [[new Uint16Array(5)]]])(
    "what comes in other pieces than bytes is not kept: %o",
    async (given) => {
      async function* strange() {
        yield new Uint8Array(2);
        yield* given as unknown as Uint8Array[];
      }
      const uploaded = await uploadMedia({ content: strange() });
      expect(uploaded._unsafeUnwrapErr()).toEqual({
        kind: "InvalidCommand",
        problems: [{ path: ["content"], detail: "must contain only Uint8Array chunks" }],
      });
      expect(ports.media.files).toEqual([]);
    },
  );

  it.each([
    ["its type", { mimeType: "image/gif" }],
    ["its length", { size: 500 * kibibyte + 1 }],
    ["its tenant", { tenantId: "a b" }],
    ["the type of its name", { filename: 5 as never }],
    ["its outlet", {}],
  ])("what is refused for %s is let go of", async (_, fields) => {
    const content = releasable();
    ports.credentials.remove(exampleOutlet);
    expect((await uploadMedia({ ...fields, content })).isErr()).toBe(true);
    expect(content.isReleased()).toBe(true);
  });

  it("content is disposed of when the sender closes, however badly it behaves", async () => {
    const content = releasable();
    const bad = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error("next")),
        return() {
          throw new Error("return");
        },
      }),
    };
    await ports.clock.runUntil(sender.close());
    for (const each of [content, bad]) {
      expect((await uploadMedia({ content: each }))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
    }
    expect(content.isReleased()).toBe(true);
  });

  it("a stream is closed, whether it was not started or has a read pending", async () => {
    const stalling = () => new Readable({ read() {} });
    const [refused, slow] = [stalling(), stalling()];
    expect((await uploadMedia({ mimeType: "image/gif", content: refused })).isErr()).toBe(true);
    expect(refused.destroyed).toBe(true);
    const uploaded = await ports.clock.runUntil(uploadMedia({ content: slow }));
    expect(uploaded._unsafeUnwrapErr()).toEqual({ kind: "ContentTooSlow" });
    expect(slow.destroyed).toBe(true);
  });

  it("a file of an unknown type gets the list of types; image/jpg is accepted", async () => {
    const refused = (await uploadMedia({ mimeType: "audio/opus" }))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ kind: "MediaInvalid", detail: expect.stringMatching(/audio\/ogg.*image\/webp/) });
    expect((await uploadMedia({ mimeType: "image/jpg" }))._unsafeUnwrap().mimeType).toBe("image/jpeg");
  });

  it("content that turns out to be too large is aborted and disposed of", async () => {
    let isReleased = false;
    let asked = 0;
    async function* large() {
      try {
        for (; asked < 1000; asked += 1) yield new Uint8Array(kibibyte);
      } finally {
        isReleased = true;
      }
    }
    expect((await uploadMedia({ content: large() }))._unsafeUnwrapErr()).toMatchObject({ kind: "MediaTooLarge" });
    expect(asked).toBe(500);
    expect(isReleased).toBe(true);
    expect(ports.media.files).toEqual([]);
  });

  it("a file of exactly the largest size is accepted", async () => {
    const uploaded = await uploadMedia({ content: pieces(499 * kibibyte, kibibyte), size: 500 * kibibyte });
    expect(uploaded._unsafeUnwrap().size).toBe(500 * kibibyte);
  });

  it("content that ends early is not stored", async () => {
    async function* failing() {
      yield* pieces(5);
      throw new Error("gone");
    }
    expect((await uploadMedia({ content: failing() }))._unsafeUnwrapErr()).toEqual({ kind: "ContentFailed" });
    expect(ports.media.files).toEqual([]);
  });

  it("content that stalls for 30 s is stopped, before its first chunk and after it", async () => {
    for (const first of [0, 5]) {
      async function* stalling() {
        if (first > 0) yield new Uint8Array(first);
        await new Promise(() => {});
      }
      const startedAt = ports.clock.now().getTime();
      const uploaded = await ports.clock.runUntil(uploadMedia({ content: stalling() }));
      expect(uploaded._unsafeUnwrapErr()).toEqual({ kind: "ContentTooSlow" });
      expect(ports.clock.now().getTime() - startedAt).toBe(30_000);
    }
  });

  it("slow content is stopped after ten minutes", async () => {
    async function* trickle() {
      for (;;) {
        yield new Uint8Array(30 * kibibyte);
        await ports.clock.sleep(29_000);
      }
    }
    const startedAt = ports.clock.now().getTime();
    const uploaded = await ports.clock.runUntil(uploadMedia({ mimeType: "video/mp4", content: trickle() }));
    expect(uploaded._unsafeUnwrapErr()).toEqual({ kind: "ContentTooSlow" });
    expect(ports.clock.now().getTime() - startedAt).toBe(600_000);
  });
});

it.each([
  [900, { kind: "ContentTooSlow" }],
  [1100, undefined],
])("what comes at %i bytes a second is judged once it was waited for 30 s", async (bytes, error) => {
  async function* slow() {
    for (let second = 0; second < 40; second += 1) {
      await ports.clock.sleep(1000);
      yield new Uint8Array(bytes);
    }
  }
  const startedAt = ports.clock.now().getTime();
  const uploaded = await ports.clock.runUntil(uploadMedia({ content: slow() }));
  if (error) expect(uploaded._unsafeUnwrapErr()).toEqual(error);
  else expect(uploaded._unsafeUnwrap().size).toBe(40 * bytes);
  expect(ports.clock.now().getTime() - startedAt).toBeGreaterThanOrEqual(30_000);
});

it("content that WhatsApp reads slowly is not too slow", async () => {
  const media: Media = {
    upload(given, timeoutMs) {
      const late = ports.clock.sleep(300_000);
      return ResultAsync.fromSafePromise(late).andThen(() => ports.media.upload(given, timeoutMs));
    },
  };
  using({ media });
  expect((await ports.clock.runUntil(uploadMedia())).isOk()).toBe(true);
});

describe("an upload that WhatsApp rejects", () => {
  it.each([0, 1, 2])("counts as failed if WhatsApp answers with success after %i of two chunks", async (taken) => {
    const media: Media = {
      upload({ content }) {
        const early = async () => {
          const source = content[Symbol.asyncIterator]();
          for (let count = 0; count < taken; count += 1) await source.next();
          return { mediaId: "1" };
        };
        return ResultAsync.fromSafePromise(early());
      },
    };
    using({ media });
    expect((await uploadMedia())._unsafeUnwrapErr()).toEqual({
      kind: "RequestFailed",
      reason: "WhatsApp answered before it had received the whole file",
    });
  });

  it.each([
    [
      { ...Refused, final: true },
      { kind: "RequestRefused", failure: Refused.failure },
    ],
    [
      { ...Refused, final: false },
      { kind: "RequestFailed", failure: Refused.failure },
    ],
    [Throttled, { kind: "RateLimited", cause: "limit" }],
    [NotSent, { kind: "RequestFailed", reason: NotSent.cause }],
    [Ambiguous, { kind: "RequestFailed", reason: Ambiguous.cause }],
  ])("is told and not repeated: %o", async (outcome, error) => {
    ports.media.failWith(outcome);
    expect((await uploadMedia())._unsafeUnwrapErr()).toMatchObject(error);
    expect(ports.media.files).toEqual([]);
  });

  it("returns WhatsApp's error, even if the rest of the content fails with it", async () => {
    const stalling = new Readable({ read() {} });
    stalling.push(new Uint8Array(2));
    const media: Media = {
      upload(given) {
        const early = async () => {
          const source = given.content[Symbol.asyncIterator]();
          await source.next();
          const rest = source.next().catch(() => {});
          await source.return?.();
          await rest;
        };
        return ResultAsync.fromSafePromise(early()).andThen(() => errAsync({ ...Refused, final: true }));
      },
    };
    using({ media });
    expect((await uploadMedia({ content: stalling }))._unsafeUnwrapErr()).toMatchObject({ kind: "RequestRefused" });
    expect(stalling.destroyed).toBe(true);
  });

  it("for its credentials is not tried with the same ones again", async () => {
    ports.credentials.set(exampleOutlet, exampleCredential("1"));
    ports.media.failWith(CredentialRefused);
    expect((await uploadMedia())._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
    expect((await uploadMedia())._unsafeUnwrapErr()).toEqual({
      kind: "NoOtherCredential",
      rememberedUntil: expect.any(Date),
    });
  });

  it("for replaced credentials must be repeated by the caller, with the new ones", async () => {
    ports.credentials.set(exampleOutlet, exampleCredential("1"));
    const media: Media = {
      upload(given, timeoutMs) {
        ports.credentials.set(exampleOutlet, exampleCredential("2"));
        return ports.media.upload(given, timeoutMs);
      },
    };
    using({ media });
    ports.media.failWith(CredentialRefused);
    expect((await uploadMedia())._unsafeUnwrapErr()).toMatchObject({ kind: "RequestFailed" });
    expect((await uploadMedia()).isOk()).toBe(true);
    expect(ports.media.files).toMatchObject([{ credential: exampleCredential("2") }]);
  });
});

it("fails for an unknown outlet, unavailable credentials, and while closing", async () => {
  ports.credentials.remove(exampleOutlet);
  expect((await uploadMedia())._unsafeUnwrapErr()).toEqual({ kind: "OutletUnknown" });
  using({ credentials: { lookup: () => errAsync(exampleUnavailable) } });
  expect((await uploadMedia())._unsafeUnwrapErr()).toEqual(exampleUnavailable);
  const { media: _, ...without } = ports;
  sender = createMessageSender(without);
  expect((await uploadMedia())._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
  using({});
  await ports.clock.runUntil(sender.close());
  expect((await uploadMedia())._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
});

describe("of many files at a time", () => {
  const gates = new Map<string, Promise<void>>();
  beforeEach(() => {
    gates.clear();
    const media: Media = {
      upload: (given, timeoutMs) =>
        ResultAsync.fromSafePromise(gates.get(given.filename) ?? Promise.resolve()).andThen(() =>
          ports.media.upload(given, timeoutMs),
        ),
    };
    using({ media });
  });

  /** Files that WhatsApp does not take until it is told to. */
  function startWaiting(count: number, tenantId: string) {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const filename = `${crypto.randomUUID()}.webp`;
    gates.set(filename, gate);
    ports.credentials.set({ ...exampleOutlet, tenantId }, exampleCredential());
    const uploads = Array.from({ length: count }, () => uploadMedia({ tenantId, filename, content: pieces(1) }));
    return { uploads: Promise.all(uploads), open };
  }

  /** Files that come at `bytesPerSecond` until nobody asks for more. */
  function startTrickling(count: number, tenantId: string, bytesPerSecond: number) {
    async function* trickle() {
      for (;;) {
        yield new Uint8Array(bytesPerSecond / 4);
        await ports.clock.sleep(250);
      }
    }
    ports.credentials.set({ ...exampleOutlet, tenantId }, exampleCredential());
    const answers: unknown[] = [];
    const upload = async () => {
      const uploaded = await uploadMedia({ tenantId, mimeType: "video/mp4", content: trickle() });
      answers.push(uploaded.isOk() ? uploaded.value : uploaded.error);
    };
    Promise.all(Array.from({ length: count }, upload)).catch(() => {});
    return answers;
  }

  const tooMany = (error: unknown, retryInMs: number) =>
    expect(error).toEqual({
      kind: "Unavailable",
      reason: "too many uploads are in progress",
      retryAt: new Date(ports.clock.now().getTime() + retryInMs),
    });

  it("eight run, and another starts once one of them has ended", async () => {
    const [one, other] = [startWaiting(4, "tenant-a"), startWaiting(4, "tenant-b")];
    await ports.clock.advance(0);
    const { uploads, open } = startWaiting(1, "tenant-c");
    open();
    await ports.clock.advance(4999);
    expect(ports.media.files).toEqual([]);
    one.open();
    for (const uploaded of [...(await uploads), ...(await one.uploads)]) expect(uploaded.isOk()).toBe(true);
    other.open();
    for (const uploaded of await other.uploads) expect(uploaded.isOk()).toBe(true);
  });

  it("one tenant gets at most four, and the others theirs", async () => {
    const { uploads, open } = startWaiting(5, "tenant-a");
    await ports.clock.advance(0);
    expect((await uploadMedia()).isOk()).toBe(true);
    await ports.clock.advance(5000);
    open();
    const [fifth, ...others] = (await uploads).toReversed();
    tooMany(fifth?._unsafeUnwrapErr(), 5000);
    for (const uploaded of others) expect(uploaded.isOk()).toBe(true);
  });

  it("one that has waited for 5 s is refused with a retry time, and disposed of", async () => {
    const waits = [startWaiting(4, "tenant-a"), startWaiting(4, "tenant-b")];
    await ports.clock.advance(0);
    const content = releasable();
    const startedAt = ports.clock.now().getTime();
    tooMany((await ports.clock.runUntil(uploadMedia({ content })))._unsafeUnwrapErr(), 5000);
    expect(ports.clock.now().getTime() - startedAt).toBe(5000);
    expect(content.isReleased()).toBe(true);
    for (const { open, uploads } of waits) {
      open();
      await uploads;
    }
    expect((await uploadMedia()).isOk()).toBe(true);
  });

  it("slow ones are stopped for one that waits, the slowest first, and no more than needed", async () => {
    const slow = startTrickling(4, "tenant-a", 20_000);
    const slowest = startTrickling(4, "tenant-b", 4000);
    await ports.clock.advance(10_000);
    expect([slow, slowest]).toEqual([[], []]);
    const startedAt = ports.clock.now().getTime();
    const uploaded = await ports.clock.runUntil(uploadMedia());
    expect(uploaded.isOk()).toBe(true);
    expect(ports.clock.now().getTime() - startedAt).toBeLessThan(1000);
    expect([slow, slowest]).toEqual([[], [{ kind: "ContentTooSlow" }]]);
    await ports.clock.runUntil(sender.close());
  });

  it("slow uploads of a tenant with a full share are stopped for its own", async () => {
    const other = startTrickling(1, "tenant-a", 4);
    const own = startTrickling(4, exampleOutlet.tenantId, 4000);
    await ports.clock.advance(10_000);
    expect((await ports.clock.runUntil(uploadMedia())).isOk()).toBe(true);
    expect([other, own]).toEqual([[], [{ kind: "ContentTooSlow" }]]);
    await ports.clock.runUntil(sender.close());
  });

  it("uploads of normal speed keep their slots", async () => {
    const usual = ["tenant-a", "tenant-b"].map((tenantId) => startTrickling(4, tenantId, 70_000));
    await ports.clock.advance(10_000);
    tooMany((await ports.clock.runUntil(uploadMedia()))._unsafeUnwrapErr(), 5000);
    expect(usual).toEqual([[], []]);
    await ports.clock.runUntil(sender.close());
  });

  it("a waiting upload ends at once when the sender closes", async () => {
    const { uploads, open } = startWaiting(4, exampleOutlet.tenantId);
    await ports.clock.advance(0);
    const waiting = uploadMedia();
    await ports.clock.advance(1);
    const startedAt = ports.clock.now().getTime();
    const closing = sender.close();
    expect((await waiting)._unsafeUnwrapErr()).toEqual({ kind: "Unavailable", reason: "the sender is closing" });
    expect(ports.clock.now().getTime()).toBe(startedAt);
    open();
    await uploads;
    await ports.clock.runUntil(closing);
  });
});

it("a file that is aborted when the sender closes does not look complete", async () => {
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
  const { promise: ended, resolve: onEnded } = Promise.withResolvers<string>();
  const media: Media = {
    upload({ content }) {
      const slowly = async (): Promise<never> => {
        try {
          for await (const _ of content) await closed;
          onEnded("whole");
        } catch {
          onEnded("broken off");
        }
        return new Promise<never>(() => {});
      };
      return ResultAsync.fromSafePromise(slowly());
    },
  };
  using({ media });
  const uploading = uploadMedia();
  await ports.clock.advance(1);
  await ports.clock.runUntil(sender.close());
  expect((await uploading)._unsafeUnwrapErr()).toEqual({ kind: "Aborted" });
  onClosed();
  expect(await ended).toBe("broken off");
});
