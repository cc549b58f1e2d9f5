import type { Context } from "hono";

import type { Env } from "../../http/answer.ts";
import { readForm } from "../../http/multipart.ts";
import { isRecord } from "../../json/records.ts";
import type { ByteStore, StoredBytes } from "../../http/byte-store.ts";
import type { UploadedFile } from "../../http/uploaded-file.ts";
import { isUrlEncodedForm } from "../../http/url-encoded-form.ts";
import { loosened } from "./loosened.ts";

/** The body of a request, which Graph takes as JSON, as a form, or as a form with files. */
export interface RequestBody {
  /** As the log keeps it: files without their bytes. */
  readonly logged: unknown;
  /** The body's text; absent of a form with files, and of a file. */
  readonly raw?: string;
  /** The parameters, or what else the JSON is. */
  readonly value: unknown;
  readonly files: readonly UploadedFile[];
}

/** `isFile`: the body is the bytes of a file, whatever its type says. */
export async function readBody(c: Context<Env>, byteStore: ByteStore, isFile: boolean): Promise<RequestBody> {
  if (isFile) return readFile(c, byteStore);
  const type = c.req.header("content-type") ?? "";
  if (/^multipart\/form-data\b/i.test(type)) return readFormWithFiles(c, byteStore);
  const text = await c.req.text();
  if (isUrlEncodedForm(type, text)) {
    const logged = Object.fromEntries(new URLSearchParams(text));
    return { logged, raw: text, value: loosened(logged), files: [] };
  }
  const logged = jsonOrText(text);
  return { logged, raw: text, value: loosened(logged), files: [] };
}

async function readFile(c: Context<Env>, byteStore: ByteStore): Promise<RequestBody> {
  const bytes = byteStore.of(new Uint8Array(await c.req.arrayBuffer()));
  const { size } = bytes;
  return {
    logged: `${size} bytes`,
    value: undefined,
    files: [{ field: "", filename: "", mimeType: "", size, sha256: "", bytes }],
  };
}

async function readFormWithFiles(c: Context<Env>, byteStore: ByteStore): Promise<RequestBody> {
  const written: StoredBytes[] = [];
  const unfinished = new Set<{ drop(): void }>();
  const drop = () => {
    for (const one of [...written, ...unfinished]) one.drop();
  };
  const sink = {
    open() {
      const writing = byteStore.open();
      unfinished.add(writing);
      return {
        write: writing.write,
        end() {
          unfinished.delete(writing);
          written.push(writing.end());
        },
      };
    },
  };
  try {
    const form = await readForm(c, sink);
    if (!form) {
      drop();
      return { logged: null, value: undefined, files: [] };
    }
    const files = form.files.flatMap((file, at) => {
      const bytes = written[at];
      return bytes ? [{ ...file, bytes }] : [];
    });
    return { logged: form, value: loosened(form.fields), files };
  } catch (cause) {
    drop();
    throw cause;
  }
}

/** Parameters may be in the query and in the body. */
export function parametersOf(
  query: Readonly<Record<string, string>>,
  body: unknown,
): Readonly<Record<string, unknown>> {
  const own = isRecord(body) && !Array.isArray(body) ? body : {};
  return Object.keys(query).length === 0 ? own : { ...query, ...own };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A body without the token: it says who asks, and is no part of the message or object that is kept. */
export function withoutAccessToken(body: unknown): unknown {
  if (!isRecord(body) || !("access_token" in body)) return body;
  const { access_token: _, ...kept } = body;
  return kept;
}
