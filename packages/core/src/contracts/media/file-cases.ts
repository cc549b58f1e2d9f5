import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleCredential } from "../fixtures.ts";
import type { MediaScenario, MediaSubject } from "./subject.ts";
import { answeredMs } from "../time-limits.ts";
import { exampleUpload, pieces, upload } from "./upload.ts";
import { fails, succeeds } from "../results.ts";

export const mediaFileCases: readonly Case<MediaSubject>[] = [
  {
    name: "Uploads the file unchanged",
    async run({ media, received }) {
      const bytes = Uint8Array.from({ length: 3000 }, (_, index) => index % 256);
      async function* content() {
        for (const [from, to] of [
          [0, 1],
          [1, 2],
          [2, 1500],
          [1500, 3000],
        ])
          yield bytes.slice(from, to);
      }
      const given = exampleUpload(content(), {
        credential: exampleCredential("7"),
        mimeType: "audio/ogg",
        filename: "Grüße 👋 (1).ogg",
      });
      succeeds(await media.upload(given, answeredMs));
      const { phoneNumberId, accessToken } = given.credential;
      const { mimeType, filename } = given;
      const arrived = (await received()).map((file) => ({ ...file, bytes: summaryOf(file.bytes) }));
      expect(arrived, "the files that arrived whole").toEqual([
        { phoneNumberId, accessToken: accessToken.reveal(), mimeType, filename, bytes: summaryOf(bytes) },
      ]);
    },
  },
  {
    name: "each file gets an id of its own",
    async run(subject) {
      const uploads = [await upload(subject, "takes"), await upload(subject, "takes")];
      const ids = uploads.map((uploaded) => succeeds(uploaded).mediaId);
      expect(ids).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
      expect(ids[0]).not.toBe(ids[1]);
    },
  },
  {
    name: "Reads a chunk only when the one before was sent",
    async run(subject) {
      let asked = 0;
      async function* endless() {
        for (; asked < 2000; asked += 1) yield new Uint8Array(65_536);
      }
      fails(await upload(subject, "stops taking", endless()));
      // Sockets hold some; all of them would be 128 MB.
      expect(asked, "pieces of 64 KB that were asked for").toBeLessThan(500);
    },
  },
  {
    name: "does not use a chunk any more once it reads the next",
    async run({ media, received }) {
      async function* reusing() {
        const piece = new Uint8Array(50_000);
        for (let number = 1; number <= 20; number += 1) yield piece.fill(number);
        piece.fill(0);
      }
      succeeds(await media.upload(exampleUpload(reusing()), answeredMs));
      const bytes = (await received())[0]?.bytes;
      const seen = Array.from(
        { length: 20 },
        (_, index) => new Set(bytes?.subarray(index * 50_000, (index + 1) * 50_000)),
      );
      expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => new Set([index + 1])));
    },
  },
  {
    name: "Makes exactly one request and never repeats it",
    async run(subject) {
      for (const [index, scenario] of reaching.entries()) {
        (await upload(subject, scenario)).unwrapOr(undefined);
        expect(await subject.requests(), scenario).toBe(index + 1);
      }
    },
  },
  {
    name: "Closes the content, however the upload ends",
    async run(subject) {
      for (const scenario of [...reaching, "cannot be reached"] as const) {
        const content = pieces(3);
        let isOver = false;
        const watched: AsyncIterable<Uint8Array> = {
          [Symbol.asyncIterator]: () => ({
            async next() {
              const piece = await content.next();
              isOver ||= piece.done ?? false;
              return piece;
            },
            async return() {
              isOver = true;
              return content.return(undefined);
            },
          }),
        };
        (await upload(subject, scenario, watched as typeof content)).unwrapOr(undefined);
        expect(isOver, scenario).toBe(true);
      }
    },
  },
  {
    name: "Where reading the content fails the answer is `ContentFailed`, and WhatsApp keeps nothing of the file",
    async run(subject) {
      async function* failing() {
        yield* pieces(2);
        throw new Error("the content is gone");
      }
      const failed = await upload(subject, "takes", failing());
      expect(fails(failed)).toEqual({ kind: "ContentFailed" });
      succeeds(await upload(subject, "takes"));
      expect(await subject.received()).toHaveLength(1);
    },
  },
];

/** Enough to tell files apart, and short enough to read. */
function summaryOf(bytes: Uint8Array): string {
  const digest = bytes.reduce((sum, byte) => (sum * 31 + byte) % 4_294_967_291, 7);
  return `${bytes.length} bytes, digest ${digest}`;
}

const reaching: readonly MediaScenario[] = [
  "takes",
  "rejects permanently",
  "rejects temporarily",
  "throttles",
  "rejects the credential",
  "stops taking",
  "never answers",
  "drops the connection",
];
