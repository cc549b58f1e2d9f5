import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";

import { Busboy } from "@fastify/busboy";
import type { Context } from "hono";

import type { Env } from "./answer.ts";

/** What was in a form: its fields, and what its files were, without their bytes. */
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

/** Reads a form to its end and holds none of its files. undefined: it is no form, or a broken one. Rejects when the client goes away. */
export function readForm(c: Context<Env>): Promise<Form | undefined> {
  const source = sourceOf(c);
  return new Promise((resolve, reject) => {
    source.once("error", reject);
    const parser = parserFor(c.env?.incoming?.headers ?? Object.fromEntries(c.req.raw.headers));
    if (!parser) {
      source.once("end", () => resolve(undefined)).resume();
      return;
    }
    const broken = () => {
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
      // The parser says here, and not of itself, that the form ended within the file.
      file.once("error", broken);
      file.once("end", () => files.push({ field, filename, mimeType, size, sha256: hash.digest("hex") }));
    });
    parser.once("finish", () => resolve({ fields, files }));
    parser.on("error", broken);
    source.pipe(parser);
  });
}

function sourceOf(c: Context<Env>): Readable {
  if (c.env?.incoming) return c.env.incoming;
  // The types of the web's stream and of Node's differ in what neither of the two has at run time.
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
