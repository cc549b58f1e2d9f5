import type { ResultAsync } from "neverthrow";

import type { HttpAnswer } from "./exchange.ts";
import type { HttpClient, HttpRequest } from "./http-client.ts";
import type { HttpFailure } from "./http-failure.ts";

/** Clients of several origins, each with connections of its own. */
export interface OriginClients {
  request(origin: string, request: HttpRequest, timeoutMs: number): ResultAsync<HttpAnswer, HttpFailure>;
  close(): Promise<void>;
}

interface OriginClient {
  readonly client: HttpClient;
  inFlight: number;
}

/** Of more origins, those without a request are closed, the one first that was used longest ago. */
const mostOrigins = 64;

export function createOriginClients(create: (origin: string) => HttpClient): OriginClients {
  /** The one used last is the last. */
  const clients = new Map<string, OriginClient>();

  function clientOf(origin: string): OriginClient {
    const known = clients.get(origin) ?? { client: create(origin), inFlight: 0 };
    clients.delete(origin);
    clients.set(origin, known);
    if (clients.size > mostOrigins) closeIdle(origin);
    return known;
  }

  function closeIdle(except: string): void {
    for (const [origin, { client, inFlight }] of clients) {
      if (inFlight > 0 || origin === except) continue;
      clients.delete(origin);
      client.close().catch(() => {});
      return;
    }
  }

  return {
    request(origin, request, timeoutMs) {
      const used = clientOf(origin);
      used.inFlight += 1;
      const ended = (): void => void (used.inFlight -= 1);
      return used.client.request(request, timeoutMs).andTee(ended).orTee(ended);
    },
    async close() {
      await Promise.all(Array.from(clients.values(), ({ client }) => client.close()));
    },
  };
}
