import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCredential, exampleOutcomes, exampleOutlet, exampleUnavailable } from "../contracts/fixtures.ts";
import { createInMemoryPorts, type InMemoryPorts } from "../in-memory/index.ts";
import type { Media } from "../ports/media.ts";
import { createMessageSender, type MessageSender, type MessageSenderPorts } from "./message-sender.ts";
import type { UploadMediaCommand } from "./upload-media.ts";

const { Refused, Throttled, CredentialRefused, NotSent, Ambiguous } = exampleOutcomes;
const kibibyte = 1024;

let ports: InMemoryPorts;
let sender: MessageSender;
beforeEach(() => {
  ports = createInMemoryPorts({ quota: 0 });
  sender = createMessageSender(ports);
});

const using = (others: Partial<MessageSenderPorts>) => {
  sender = createMessageSender({ ...ports, ...others });
};

async function* pieces(...sizes: readonly number[]) {
  for (const size of sizes) yield new Uint8Array(size).fill(7);
}

function uploadMedia(fields: Partial<UploadMediaCommand> = {}) {
  const content = fields.content ?? pieces(2, 3);
  return sender.uploadMedia({ ...exampleOutlet, mimeType: "image/webp", filename: "a.webp", ...fields, content });
}

it("passes a file on and says how long WhatsApp keeps it, without quota", async () => {
  const uploaded = await uploadMedia({ filename: "../a.webp" });
  const expiresAt = new Date(ports.clock.now().getTime() + 30 * 86_400_000);
  expect(uploaded._unsafeUnwrap()).toEqual({ mediaId: "media-1", mimeType: "image/webp", size: 5, expiresAt });
  expect(ports.media.files).toMatchObject([
    { filename: "a.webp", mimeType: "image/webp", bytes: new Uint8Array(5).fill(7) },
  ]);
});

it("holds no more than one piece of a file", async () => {
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

  it("what turns out to be too large is broken off, and let go of", async () => {
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

  it("exactly as large as it may be it is taken", async () => {
    const uploaded = await uploadMedia({ content: pieces(499 * kibibyte, kibibyte), size: 500 * kibibyte });
    expect(uploaded._unsafeUnwrap().size).toBe(500 * kibibyte);
  });

  it("what breaks off is not kept", async () => {
    async function* failing() {
      yield* pieces(5);
      throw new Error("gone");
    }
    expect((await uploadMedia({ content: failing() }))._unsafeUnwrapErr()).toEqual({ kind: "ContentFailed" });
    expect(ports.media.files).toEqual([]);
  });

  it("what stalls for 30 s is not waited for, before its first piece and after it", async () => {
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

  it("what trickles is not waited for longer than ten minutes", async () => {
    async function* trickle() {
      for (;;) {
        yield new Uint8Array(1);
        await ports.clock.sleepUntil(new Date(ports.clock.now().getTime() + 29_000));
      }
    }
    const startedAt = ports.clock.now().getTime();
    const uploaded = await ports.clock.runUntil(uploadMedia({ content: trickle() }));
    expect(uploaded._unsafeUnwrapErr()).toEqual({ kind: "ContentTooSlow" });
    expect(ports.clock.now().getTime() - startedAt).toBe(600_000);
  });
});

describe("what WhatsApp does not take", () => {
  it.each([
    [
      { ...Refused, final: true },
      { kind: "RequestRefused", failure: Refused.failure },
    ],
    [
      { ...Refused, final: false },
      { kind: "RequestFailed", failure: Refused.failure },
    ],
    [Throttled, { kind: "HeldBack", because: "limit" }],
    [NotSent, { kind: "RequestFailed", reason: NotSent.cause }],
    [Ambiguous, { kind: "RequestFailed", reason: Ambiguous.cause }],
  ])("is told and not repeated: %o", async (outcome, error) => {
    ports.media.failWith(outcome);
    expect((await uploadMedia())._unsafeUnwrapErr()).toMatchObject(error);
    expect(ports.media.files).toEqual([]);
  });

  it("for its credentials is not tried with them again", async () => {
    ports.credentials.set(exampleOutlet, exampleCredential("1"));
    ports.media.failWith(CredentialRefused);
    expect((await uploadMedia())._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
    expect((await uploadMedia())._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
  });

  it("for credentials that were replaced is the caller's to repeat, with the new ones", async () => {
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

it("tells whoever knows no such outlet, cannot be asked, or is closing", async () => {
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

it("takes eight files at a time, and the next once one of them is through", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  async function* waiting() {
    yield new Uint8Array(1);
    await gate;
  }
  const uploads = Array.from({ length: 8 }, () => uploadMedia({ content: waiting() }));
  expect((await uploadMedia())._unsafeUnwrapErr()).toMatchObject({
    kind: "HeldBack",
    because: "limit",
    reason: "8 uploads are under way",
  });
  open();
  for (const uploaded of await Promise.all(uploads)) expect(uploaded.isOk()).toBe(true);
  expect((await uploadMedia()).isOk()).toBe(true);
});

it("a file that is cut off when the sender closes does not look as if it had come to its end", async () => {
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
  expect((await uploading)._unsafeUnwrapErr()).toEqual({ kind: "Unavailable", reason: "the sender is closing" });
  onClosed();
  expect(await ended).toBe("broken off");
});
