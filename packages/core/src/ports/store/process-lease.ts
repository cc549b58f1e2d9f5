/** How long this process may still act on what it claimed. A store that only one process can have open gives it that for good. */
export interface ProcessLease {
  /**
   * For how many milliseconds nobody else gets what this process holds, counted in monotonic time from before its last heartbeat that
   * was answered. `Infinity` if one process has the store alone. Reaches 0 before the lines of the process are free for others.
   * No attempt may begin, and no first byte of one be sent, when it is 0: forget what was read then, and claim anew.
   */
  validForMs(): number;
  /** How many of its lines this process should release so that others get their share, as of its last heartbeat. */
  surplus(): number;
}
