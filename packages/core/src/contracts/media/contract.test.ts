import { errAsync, okAsync, type Result, ResultAsync } from "neverthrow";

import { createInMemoryMedia, createManualClock, type ManualClock } from "../../in-memory/index.ts";
import type { Media, MediaError, MediaUpload, UploadedMedia } from "../../ports/media.ts";
import { exampleOutcomes } from "../fixtures.ts";
import { describeMediaContract, mediaContract } from "./contract.ts";
import type { MediaScenario, MediaSubject } from "./subject.ts";
import { describeSabotage } from "../sabotage.ts";

const { Refused, Throttled, CredentialRefused, NotSent, Ambiguous } = exampleOutcomes;

const errors: Record<Exclude<MediaScenario, "takes">, MediaError> = {
  "rejects permanently": { ...Refused, final: true },
  "rejects temporarily": { ...Refused, final: false },
  throttles: Throttled,
  "rejects the credential": CredentialRefused,
  "quotes the credential": { ...Refused, failure: { class: "request", details: "[redacted] is no token" } },
  "answers too early": { ...Ambiguous, sawSuccess: true },
  "stops taking": Ambiguous,
  "never answers": Ambiguous,
  "drops the connection": Ambiguous,
  "cannot be reached": NotSent,
};

const setup = (): MediaSubject => {
  const memory = createInMemoryMedia();
  const clock = createManualClock();
  let scenario: MediaScenario = "takes";
  let requests = 0;
  return {
    clock,
    media: {
      upload(given, timeoutMs) {
        if (scenario !== "takes") memory.failWith(errors[scenario]);
        if (scenario !== "cannot be reached") requests += 1;
        return memory.upload(given, timeoutMs);
      },
    },
    arrange(next) {
      scenario = next;
    },
    received: () =>
      memory.files.map(({ credential, mimeType, filename, bytes }) => {
        const { phoneNumberId, accessToken } = credential;
        return { phoneNumberId, accessToken: accessToken.reveal(), mimeType, filename, bytes };
      }),
    requests: () => requests,
  };
};

const broken =
  (change: (upload: Media["upload"], subject: MediaSubject) => Media["upload"]) => (subject: MediaSubject) => ({
    ...subject,
    media: { upload: change(subject.media.upload, subject) },
  });
const given = (spoil: (upload: MediaUpload) => MediaUpload) =>
  broken((upload) => (about, timeoutMs) => upload(spoil(about), timeoutMs));
const failing = (spoil: (error: MediaError) => MediaError) =>
  broken((upload) => (about, timeoutMs) => upload(about, timeoutMs).mapErr(spoil));

/** The content as `read` gives it; it is let go of all the same. */
const read = (
  content: AsyncIterable<Uint8Array>,
  pass: (content: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>,
) => {
  const source = content[Symbol.asyncIterator]();
  const passed = pass({ [Symbol.asyncIterator]: () => source });
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => passed.next(),
      async return() {
        await source.return?.();
        return passed.return(undefined);
      },
    }),
  };
};

async function* kept(content: AsyncIterable<Uint8Array>) {
  const all: Uint8Array[] = [];
  for await (const piece of content) all.push(piece);
  yield* all;
}

async function* forgiving(content: AsyncIterable<Uint8Array>) {
  try {
    yield* content;
  } catch {
    // As if that had been all.
  }
}

const afterwards = (
  work: (error: MediaError, about: MediaUpload, timeoutMs: number, subject: MediaSubject) => Promise<unknown>,
) =>
  broken((upload, subject) => (about, timeoutMs) => {
    const late = async (): Promise<Result<UploadedMedia, MediaError>> => {
      const uploaded = await upload(about, timeoutMs);
      if (uploaded.isErr()) await work(uploaded.error, about, timeoutMs, subject);
      return uploaded;
    };
    return new ResultAsync(late());
  });

describeMediaContract({ name: "in-memory media", setup });

describeSabotage(mediaContract, {
  setup,
  sabotages: {
    "Uploads the file unchanged": [
      given((about) => ({ ...about, filename: about.filename.normalize("NFD") })),
      given((about) => ({ ...about, mimeType: "application/pdf" })),
    ],
    "each file gets an id of its own": broken(
      (upload) => (about, timeoutMs) => upload(about, timeoutMs).map(() => ({ mediaId: "media" })),
    ),
    "Reads a chunk only when the one before was sent": given((about) => ({
      ...about,
      content: {
        [Symbol.asyncIterator]() {
          const source = about.content[Symbol.asyncIterator]();
          return {
            next: () => source.next(),
            async return() {
              while (!(await source.next()).done);
              return { done: true, value: undefined };
            },
          };
        },
      },
    })),
    "does not use a chunk any more once it reads the next": given((about) => ({
      ...about,
      content: read(about.content, kept),
    })),
    "Makes exactly one request and never repeats it": broken(
      (upload) => (about, timeoutMs) =>
        upload(about, timeoutMs).orElse((error) =>
          error.kind === "Throttled" ? upload(about, timeoutMs) : errAsync(error),
        ),
    ),
    "Closes the content, however the upload ends": given((about) => ({
      ...about,
      content: { [Symbol.asyncIterator]: () => ({ next: () => about.content[Symbol.asyncIterator]().next() }) },
    })),
    "Where reading the content fails the answer is `ContentFailed`, and WhatsApp keeps nothing of the file": [
      given((about) => ({ ...about, content: read(about.content, forgiving) })),
      failing((error) => (error.kind === "ContentFailed" ? Ambiguous : error)),
    ],
    "What WhatsApp rejects is `Refused`, with whether that is final": failing((error) =>
      error.kind === "Refused" ? { ...error, final: true } : error,
    ),
    "A rate limit is `Throttled`, with whose limit it is": failing((error) =>
      error.kind === "Throttled" ? { ...error, scope: "somebody" as never } : error,
    ),
    "A rejected access token is `CredentialRefused`": failing((error) =>
      error.kind === "CredentialRefused" ? { ...Refused, failure: error.failure } : error,
    ),
    "A request that was sent and got no answer is `Ambiguous`": failing((error) =>
      error.kind === "Ambiguous" && !error.sawSuccess ? NotSent : error,
    ),
    "A success before the end of the content is `Ambiguous`": broken(
      (upload) => (about, timeoutMs) =>
        upload(about, timeoutMs).orElse((error) =>
          error.kind === "Ambiguous" && error.sawSuccess ? okAsync({ mediaId: "1" }) : errAsync(error),
        ),
    ),
    "`NotSent` proves that no byte of the request was sent or will be": [
      failing((error) => (error.kind === "NotSent" ? Ambiguous : error)),
      (subject) => {
        let later = 0;
        return {
          ...subject,
          media: {
            upload: (about, timeoutMs) =>
              subject.media.upload(about, timeoutMs).orTee(({ kind }) => void (later += kind === "NotSent" ? 1 : 0)),
          },
          requests: async () => (await subject.requests()) + later,
        };
      },
    ],
    "WhatsApp has `timeoutMs` to take each chunk and to answer": afterwards(
      async (error, _, timeoutMs, { clock }) =>
        error.kind === "Ambiguous" && (clock as ManualClock).advance(timeoutMs + 60_000),
    ),
    "No error contains the access token, even where WhatsApp quotes it": broken(
      (upload) => (about, timeoutMs) =>
        upload(about, timeoutMs).mapErr((error) => {
          if (error.kind !== "Refused") return error;
          const details = error.failure.details.replace("[redacted]", about.credential.accessToken.reveal());
          return { ...error, failure: { ...error.failure, details } };
        }),
    ),
  },
});
