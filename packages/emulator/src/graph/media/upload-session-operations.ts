import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { isNot, lacks, ok, text } from "../objects/parameters.ts";

interface Session {
  readonly length: number;
  readonly type: string;
  received: number;
}

interface SessionDeps {
  readonly memory: Memory;
  readonly objects: Objects;
  readonly nextId: () => string;
}

/**
 * Uploads that can be resumed, for profile pictures and the examples of templates (Graph API, "Resumable Upload API"). The
 * bytes are counted and not kept: nothing of Graph gives them back.
 */
export function uploadSessionOperations({ memory, objects, nextId }: SessionDeps): readonly Operation[] {
  const sessions = memory.map<Session>("uploads");

  function start({ params }: Ask): Answer | GraphError {
    const refusal =
      lacks(params, "file_length", "file_type") ?? isNot(params, "file_length", /^\d+$/, "a number of bytes");
    if (refusal) return refusal;
    const id = `upload:${Buffer.from(nextId()).toString("base64url")}`;
    objects.add("upload", { kind: "anyone" }, id);
    sessions.set(id, { length: Number(params["file_length"]), type: text(params, "file_type"), received: 0 });
    return ok({ id });
  }

  function receive({ id, headers, files }: Ask): Answer | GraphError {
    const session = sessions.get(id);
    if (!session) return { code: 100 };
    const [file] = files;
    file?.bytes.drop();
    const offset = Number(headers["file_offset"] ?? 0);
    if (offset !== session.received) {
      return { code: 100, message: `The file_offset must be ${session.received} - got ${offset}.` };
    }
    session.received += file?.size ?? 0;
    if (session.received > session.length) return { code: 100, message: "The file is longer than its file_length." };
    if (session.received < session.length) return ok({ id, file_offset: session.received });
    return ok({ h: `4::${Buffer.from(session.type).toString("base64")}:${Buffer.from(id).toString("base64url")}` });
  }

  function status({ id }: Ask): Answer | GraphError {
    const session = sessions.get(id);
    return session ? ok({ id, file_offset: session.received }) : { code: 100 };
  }

  return [
    { method: "POST", on: "application", edge: "uploads", answer: start },
    { method: "POST", on: "upload", edge: "", answer: receive },
    { method: "GET", on: "upload", edge: "", answer: status },
  ];
}
