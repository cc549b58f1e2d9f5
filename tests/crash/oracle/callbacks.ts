import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { OracleEvent } from "../events.ts";
import type { createLog } from "../log.ts";
import type { Random } from "../random.ts";

interface Callback {
  readonly data: { readonly message_id: string; readonly version: number; readonly status: string };
}

/** How the receiver treats a callback. `lost`: it takes it, and its answer does not arrive. */
type Conduct = "taken" | "lost" | "refused" | "dropped";

const shares: readonly [Conduct, number][] = [
  ["lost", 0.02],
  ["refused", 0.05],
  ["dropped", 0.03],
];

/** A receiver of status callbacks, which fails now and then until it is calm. */
export function createCallbacks(random: Random, write: ReturnType<typeof createLog<OracleEvent>>, secret: string) {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  let calm = false;
  let count = 0;

  function drawn(): Conduct {
    let rest = random.next();
    for (const [conduct, share] of shares) {
      rest -= share;
      if (rest < 0) return conduct;
    }
    return "taken";
  }

  /** As standardwebhooks.com says, without any of its libraries. */
  function isSigned({ headers }: IncomingMessage, body: string): boolean {
    const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
    return headers["webhook-signature"] === `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  }

  function receive(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { message_id: messageId, version, status } = (JSON.parse(body) as Callback).data;
    const conduct = calm ? "taken" : drawn();
    const isTaken = conduct === "taken" || conduct === "lost";
    count += 1;
    write({
      kind: "callback",
      id: String(request.headers["webhook-id"]),
      messageId,
      version,
      status,
      isSigned: isSigned(request, body),
      isTaken,
    });
    if (conduct === "lost" || conduct === "dropped") return void request.socket.resetAndDestroy();
    response.writeHead(isTaken ? 204 : 503).end();
  }

  return {
    receive,
    calmDown: () => void (calm = true),
    get count() {
      return count;
    },
  };
}
