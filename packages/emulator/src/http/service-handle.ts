import type { BoundedLog } from "../collections/bounded-log.ts";
import type { Listener } from "./listener.ts";

/** What the handle of each service has. */
export interface ServiceHandle<Request> {
  /** A copy of the newest requests, oldest first. */
  readonly requests: readonly Request[];
  /** How many requests came in since the start or the last reset. */
  readonly requestCount: number;
  /** Closes every connection and refuses new ones until `start`. */
  stop(): Promise<void>;
  /** Listens on the same port again. */
  start(): Promise<void>;
}

interface ServiceHandleParts<Request, Handle> {
  readonly log: BoundedLog<Request>;
  readonly listener: Listener;
  /** What only this service's handle has. */
  readonly own: Omit<Handle, keyof ServiceHandle<Request>>;
}

export function createServiceHandle<Request, Handle extends ServiceHandle<Request>>(
  parts: ServiceHandleParts<Request, Handle>,
): Handle {
  const { log, listener, own } = parts;
  const shared: ServiceHandle<Request> = {
    get requests() {
      return log.entries();
    },
    get requestCount() {
      return log.count;
    },
    stop: listener.stop,
    start: listener.start,
  };
  // Copies the getters; a spread would read each of them once.
  return Object.defineProperties(own as Handle, Object.getOwnPropertyDescriptors(shared));
}
