import type { ExchangeRequest } from "./exchange.ts";
import type { HttpClient } from "./http-client.ts";

/** Clients of several origins, each with connections of its own. */
export interface OriginClients {
  exchange<T>(origin: string, request: ExchangeRequest<T>): Promise<T>;
  close(): Promise<void>;
}

interface OriginClient {
  readonly client: Pick<HttpClient, "exchange" | "close">;
  inFlight: number;
}

/** Of more origins, those without a request are closed, the one first that was used longest ago. */
const mostOrigins = 64;

export function createOriginClients(create: (origin: string) => OriginClient["client"]): OriginClients {
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
    exchange(origin, { read, ...request }) {
      const used = clientOf(origin);
      used.inFlight += 1;
      return used.client.exchange({
        ...request,
        read(ended) {
          used.inFlight -= 1;
          return read(ended);
        },
      });
    },
    async close() {
      await Promise.all(Array.from(clients.values(), ({ client }) => client.close()));
    },
  };
}
