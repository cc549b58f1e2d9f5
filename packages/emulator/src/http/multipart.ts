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

interface FormFile {
  readonly field: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/**
 * Reads a form to its end without holding its files. undefined: it is not a well-formed form. Rejects when the client
 * disconnects.
 */
export function readForm(c: Context<Env>): Promise<Form | undefined> {
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
      let size = 0;
      file.on("data", (chunk: Buffer) => {
        hash.update(chunk);
        size += chunk.length;
      });
      // The parser reports a form that ends within a file here only.
      file.once("error", giveUp);
      file.once("end", () => files.push({ field, filename, mimeType, size, sha256: hash.digest("hex") }));
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
      limits: { fieldSize: 4_096, parts: 20 },
    });
  } catch {
    return undefined;
  }
}
