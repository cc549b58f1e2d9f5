import { randomBytes } from "node:crypto";

import type { Clock } from "@message-sender/core/adapter";
import {
  type AccessCheck,
  type AccessRefusal,
  type Admitted,
  admitRequest,
} from "@message-sender/http-adapter/inbound";

import { openSession, sealSession, type Session, type SessionSecret } from "./sealed-session.ts";
import { tenantsKey, type Visitor } from "../console-visitor.ts";

const sessionMs = 12 * 3_600_000;
/** More than that are not remembered: a session that was ended ends by itself within twelve hours. */
const mostEnded = 10_000;

/** The sessions of browsers. The server keeps none: each is sealed in its cookie, with the key that it was begun with. */
export interface Sessions {
  /** Begins a session with a key, and gives the cookie. */
  begin(
    apiKey: string,
  ): Promise<{ readonly cookie: string; readonly expiresAt: Date; readonly id?: string } | AccessRefusal>;
  /** The visitor with this cookie. Asks the access check each time: a key that was revoked opens nothing. Undefined without a session. */
  visitorOf(cookie: string): Promise<Visitor | AccessRefusal | undefined>;
  /** Ends a session in this process, even if its cookie was copied. Elsewhere it ends when it expires, or with its key. */
  end(cookie: string): void;
}

interface SessionsOptions {
  readonly access: AccessCheck;
  readonly secretOf: SessionSecret;
  readonly clock: Pick<Clock, "now">;
}

export function createSessions({ access, secretOf, clock }: SessionsOptions): Sessions {
  const ended = new Set<string>();

  const ask = (apiKey: string): Promise<Admitted | AccessRefusal> =>
    admitRequest(access, new Request("http://console/", { headers: { authorization: `Bearer ${apiKey}` } }), "console");

  function open(cookie: string): Session | undefined {
    const session = openSession(cookie, secretOf);
    return session && session.expiresAt > clock.now() && !ended.has(session.id) ? session : undefined;
  }

  return {
    async begin(apiKey) {
      if (!isHeaderText(apiKey)) return notAKey;
      const answer = await ask(apiKey);
      if ("refused" in answer) return answer;
      const expiresAt = new Date(clock.now().getTime() + sessionMs);
      const session = { id: randomBytes(16).toString("base64url"), apiKey, expiresAt };
      const cookie = sealSession(session, answer.id ?? "", secretOf);
      return cookie === undefined ? notAKey : { cookie, expiresAt, ...(answer.id !== undefined && { id: answer.id }) };
    },
    async visitorOf(cookie) {
      const session = open(cookie);
      if (!session) return undefined;
      const answer = await ask(session.apiKey);
      if ("refused" in answer) return answer;
      return {
        ...answer.caller,
        ...(answer.id !== undefined && { id: answer.id }),
        async isStillAdmitted() {
          const again = open(cookie) && (await ask(session.apiKey));
          if (again === undefined) return false;
          return "refused" in again
            ? again.refused === "too-many-requests"
            : tenantsKey(again.caller) === tenantsKey(answer.caller);
        },
      };
    },
    end(cookie) {
      const session = openSession(cookie, secretOf);
      if (!session) return;
      ended.add(session.id);
      const [earliest] = ended;
      if (ended.size > mostEnded && earliest !== undefined) ended.delete(earliest);
    },
  };
}

/** A header has no other characters, and no key is longer. */
function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]{1,500}$/.test(text);
}

const notAKey: AccessRefusal = {
  refused: "unauthenticated",
  detail: "This is not an API key: it is incomplete or mistyped.",
};
