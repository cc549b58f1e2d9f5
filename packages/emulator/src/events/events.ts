/** What happened in the sandbox, as the live stream tells it. */
export interface SandboxEvent {
  readonly type: EventType;
  readonly data: object;
}

type EventType = "message" | "status" | "webhook" | "request" | "control" | "reset";

export interface Events {
  /** Tells the listeners. Without any, `data` is not called. */
  emit(type: EventType, data: () => object): void;
  /** Whether anybody listens. */
  readonly isWatched: boolean;
  /** The returned function ends it. */
  listen(listener: (event: SandboxEvent) => void): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: SandboxEvent) => void>();

  return {
    emit(type, data) {
      if (listeners.size === 0) return;
      const event = { type, data: data() };
      for (const listener of listeners) listener(event);
    },
    get isWatched() {
      return listeners.size > 0;
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
