import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { type Clock, fieldRules, isIdentifier } from "@message-sender/core/adapter";
import { mediaTypeOf } from "@message-sender/core/content";
import { err, ok, Result } from "neverthrow";

import type { BodyPieces } from "../bodies/body-pieces.ts";
import { plainPointer } from "../problems/pointer.ts";
import { freeMemory } from "../bodies/free-memory.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import { cutShort, RequestFault, tooSlow } from "../bodies/request-fault.ts";

/** The file of a form, and the fields before it. */
interface FormFile {
  readonly tenantId: string;
  readonly outletId: string;
  readonly filename: string;
  readonly mimeType?: string;
  /** Ends when the complete form is valid; throws otherwise. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** A form that is parsed while it arrives, no faster than its file is consumed. */
export interface MediaForm {
  /** Resolves when the file begins, or the form turns out to be invalid. */
  readonly file: Promise<Result<FormFile, Problem>>;
  /** Why the form is invalid, once that is known. */
  problem(): Problem | undefined;
  /** Stops reading. */
  close(): void;
}

/** Time limit for everything before the file. The consumer of the file watches its pace. */
const beforeFileMs = 8000;
/** Limit on everything but the file: preamble, fields, part headers, epilogue. */
export const mostBeside = 64 * 1024;
const fieldNames = ["tenant_id", "outlet_id"];

/**
 * Parses a form of `tenant_id`, `outlet_id` and then `file`. A chunk of the file may be freed when the next one is requested.
 * Errors never quote the form.
 */
export function openMediaForm(contentType: string, body: BodyPieces, clock: Clock): Result<MediaForm, Problem> {
  return createParser(contentType).map((parser) => readForm(parser, body, clock));
}

const createParser = Result.fromThrowable(
  (contentType: string): BusboyInstance =>
    new Busboy({
      headers: { "content-type": contentType },
      isPartAFile: (name) => name === "file",
      limits: { fieldSize: 256, fields: 4, files: 2, parts: 6, headerPairs: 20, headerSize: 4096 },
    }),
  () => invalidRequest("The Content-Type has no boundary."),
);

function readForm(parser: BusboyInstance, { pieces, areOwned }: BodyPieces, clock: Clock): MediaForm {
  const opened = Promise.withResolvers<Result<FormFile, Problem>>();
  const ended = Promise.withResolvers<boolean>();
  const fields = new Map<string, string>();
  let file: BusboyFileStream | undefined;
  let taken = 0;
  let beside = 0;
  let problem: Problem | undefined;
  let isOver = false;
  let onParsed: () => void = () => {};
  let onTaken: () => void = () => {};

  function stop(found?: Problem): void {
    if (isOver) return;
    isOver = true;
    problem = found;
    opened.resolve(err(found ?? malformed));
    ended.resolve(false);
    file?.destroy(new Error("the form is no longer read"));
    onParsed();
    onTaken();
    pieces.return?.().catch(ignore);
  }

  parser.on("field", (name, value) => {
    if (!fieldNames.includes(name)) stop(wrong(plainPointer([name]), "is not a known field"));
    else if (fields.has(name) || file) stop(wrong(`/${name}`, "is repeated or comes after the file"));
    else if (!isIdentifier(value)) stop(wrong(`/${name}`, fieldRules.identifier));
    else fields.set(name, value);
  });
  parser.on("file", (_name, stream, filename, encoding, mimeType) => {
    stream.on("error", ignore);
    const [tenantId, outletId] = fieldNames.map((name) => fields.get(name));
    if (file) stop(wrong("/file", "is repeated"));
    else if (tenantId === undefined) stop(wrong("/tenant_id", "is missing before the file"));
    else if (outletId === undefined) stop(wrong("/outlet_id", "is missing before the file"));
    else if (!/^(?:7bit|8bit|binary)$/.test(encoding)) stop(wrong("/file", "has a Content-Transfer-Encoding"));
    else {
      file = stream;
      const type = typeOf(mimeType, filename);
      const content = contentOf(stream);
      opened.resolve(ok({ tenantId, outletId, filename, content, ...(type !== undefined && { mimeType: type }) }));
    }
  });
  for (const limit of ["partsLimit", "filesLimit", "fieldsLimit"] as const) {
    parser.on(limit, () => stop(wrong("", "has too many parts")));
  }
  parser.on("error", () => stop(malformed));
  parser.on("finish", () => {
    if (!file) stop(wrong("/file", "is missing"));
    isOver = true;
    ended.resolve(problem === undefined);
  });

  async function* contentOf(stream: BusboyFileStream): AsyncGenerator<Uint8Array> {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      yield piece;
      taken += piece.length;
      onTaken();
    }
    if (!(await ended.promise)) throw new Error("the form is incomplete");
  }

  async function pump(): Promise<void> {
    while (!isOver) {
      const read = await pieces.next();
      if (isOver) return;
      if (read.done) return void parser.end();
      const inFile = file?.bytesRead ?? 0;
      await new Promise<void>((resolve) => {
        onParsed = resolve;
        parser.write(read.value, () => resolve());
      });
      beside += read.value.length - ((file?.bytesRead ?? 0) - inFile);
      if (beside > mostBeside) stop(wrong("", "has more than 64 KB besides its file"));
      while (file && taken < file.bytesRead && !isOver) await new Promise<void>((resolve) => (onTaken = resolve));
      if (areOwned && !isOver) freeMemory(read.value);
    }
  }
  pump().catch((cause: unknown) => stop(cause instanceof RequestFault ? cause.problem : cutShort));
  clock.sleep(beforeFileMs, opened.promise).then(() => file ?? stop(tooSlow), ignore);

  return { file: opened.promise, problem: () => problem, close: stop };
}

/** A part without a type defaults to text/plain (RFC 7578, section 4.4). Then the file name decides. */
function typeOf(mimeType: string, filename: string): string | undefined {
  return mimeType === "text/plain" ? (mediaTypeOf(undefined, filename)?.mimeType ?? mimeType) : mimeType;
}

function wrong(pointer: string, detail: string): Problem {
  return invalidRequest("The form must have the fields tenant_id and outlet_id, followed by file.", [
    { pointer, detail },
  ]);
}

const malformed = invalidRequest("The body is not a complete multipart/form-data form.");

const ignore = (): void => {};
