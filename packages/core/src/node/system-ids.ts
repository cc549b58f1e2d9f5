import { hash, randomFillSync, randomUUID } from "node:crypto";

import type { Ids } from "../ports/ids.ts";

/** UUIDv7 message ids (RFC 9562) and SHA-256 digests. */
export function createSystemIds(): Ids {
  const random = Buffer.alloc(4096);
  /** The same bytes in hexadecimal, two digits each. */
  let digits = "";
  let used = random.length;
  let lastMs = 0;
  let sequence = 0;
  /** The id up to its version, for all ids of one millisecond. */
  let prefix = "";

  function startMillisecond(ms: number, firstSequence: number): void {
    const time = ms.toString(16).padStart(12, "0");
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    lastMs = ms;
    sequence = firstSequence;
  }

  function messageId(): string {
    if (used === random.length) {
      randomFillSync(random);
      digits = random.toString("hex");
      used = 0;
    }
    const nowMs = Date.now();
    // Within one millisecond, and when the clock steps back, the 12-bit counter keeps the order.
    if (nowMs > lastMs) startMillisecond(nowMs, random[used] ?? 0);
    else if (++sequence > 0xfff) startMillisecond(lastMs + 1, 0);
    const variant = variants[(random[used] ?? 0) & 0x3];
    const at = 2 * used;
    used += 8;
    return `${prefix}${sequence.toString(16).padStart(3, "0")}-${variant}${digits.slice(at + 1, at + 4)}-${digits.slice(at + 4, at + 16)}`;
  }

  return { messageId, requestId: randomUUID, digest: (text) => hash("sha256", text) };
}

const variants = ["8", "9", "a", "b"] as const;
