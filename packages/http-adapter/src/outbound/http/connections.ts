/** Something that needs a connection. */
export interface ConnectionUser {
  /** It has a connection, until it calls `release`. */
  start(): void;
}

/**
 * The connections of a client. undici ignores timeouts and aborts while a request is in its queue. So requests wait here instead,
 * first come, first served.
 */
export interface Connections {
  /** Starts a user as soon as a connection is free. */
  take(user: ConnectionUser): void;
  /** A user that was not started does not wait any more. */
  leave(user: ConnectionUser): void;
  /** A connection is free again: undici has finished with the request. */
  release(): void;
}

export function createConnections(count: number): Connections {
  let free = count;
  let isDue = false;
  const waiting = new Set<ConnectionUser>();

  function start(user: ConnectionUser): void {
    free -= 1;
    user.start();
  }

  function startWaiting(): void {
    isDue = false;
    for (const user of waiting) {
      if (free === 0) return;
      waiting.delete(user);
      start(user);
    }
  }

  return {
    take(user) {
      if (free > 0 && waiting.size === 0) start(user);
      else waiting.add(user);
    },
    leave: (user) => void waiting.delete(user),
    release() {
      free += 1;
      if (waiting.size === 0 || isDue) return;
      isDue = true;
      // Not at once: undici is in the middle of its own work.
      queueMicrotask(startWaiting);
    },
  };
}
