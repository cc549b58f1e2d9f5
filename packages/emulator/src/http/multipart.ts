import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";

import { Busboy } from "@fastify/busboy";
import type { Context } from "hono";

import type { Env } from "./answer.ts";

/** A form's fields, and its files without their bytes. */
export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly FormFile[];
}

export interface FormFile {
  readonly field: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/** Takes the bytes of one file after another. */
export interface FileSink {
  /** Called for each file. `end` is called when all of it was written. */
  open(): { write(chunk: Uint8Array): void; end(): void };
}

/**
 * Reads a form to its end without holding its files; their bytes go to `sink`, in the order of `files`. undefined: it is
 * not a well-formed form. Rejects when the client disconnects.
 */
export function readForm(c: Context<Env>, sink?: FileSink): Promise<Form | undefined> {
  const source = sourceOf(c);
  return new Promise((resolve, reject) => {
    source.once("error", reject);
    const parser = parserFor(c.env?.incoming?.headers ?? Object.fromEntries(c.req.raw.headers));
    if (!parser) {
      source.once("end", () => resolve(undefined)).resume();
      return;
    }
    const giveUp = () => {
      source.unpipe(parser);
      if (source.readableEnded) resolve(undefined);
      else source.once("end", () => resolve(undefined)).resume();
    };
    const fields: Record<string, string> = {};
    const files: FormFile[] = [];
    parser.on("field", (name, value) => {
      fields[name] = value;
    });
    parser.on("file", (field, file, filename, _encoding, mimeType) => {
      const hash = createHash("sha256");
      const target = sink?.open();
      let size = 0;
      file.on("data", (chunk: Buffer) => {
        hash.update(chunk);
        target?.write(chunk);
        size += chunk.length;
      });
      // The parser reports a form that ends within a file here only.
      file.once("error", giveUp);
      file.once("end", () => {
        target?.end();
        files.push({ field, filename, mimeType, size, sha256: hash.digest("hex") });
      });
    });
    parser.once("finish", () => resolve({ fields, files }));
    parser.on("error", giveUp);
    source.pipe(parser);
  });
}

function sourceOf(c: Context<Env>): Readable {
  if (c.env?.incoming) return c.env.incoming;
  // The types of the web's and Node's ReadableStream differ, but at run time they are the same.
  return c.req.raw.body ? Readable.fromWeb(c.req.raw.body as never) : Readable.from([]);
}

function parserFor(headers: IncomingHttpHeaders) {
  const { "content-type": contentType } = headers;
  if (contentType === undefined || !/^multipart\/form-data\b/i.test(contentType)) return undefined;
  try {
    return new Busboy({
      headers: { ...headers, "content-type": contentType },
      limits: { fieldSize: 65_536, parts: 20 },
    });
  } catch {
    return undefined;
  }
}
