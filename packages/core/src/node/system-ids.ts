import { hash, randomFillSync, randomUUID } from "node:crypto";

import type { Ids } from "../ports/ids.ts";

/** UUIDv7 message ids (RFC 9562) and SHA-256 digests. */
export function createSystemIds(): Ids {
  const random = Buffer.alloc(4096);
  let used = random.length;
  let lastMs = 0;
  let sequence = 0;

  function messageId(): string {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    const nowMs = Date.now();
    // Within one millisecond, and when the clock steps back, the 12-bit counter keeps the order.
    if (nowMs > lastMs) {
      lastMs = nowMs;
      sequence = random.readUInt8(used);
    } else if (++sequence > 0xfff) {
      lastMs += 1;
      sequence = 0;
    }
    const tail = random.toString("hex", used, used + 8);
    used += 8;
    const time = lastMs.toString(16).padStart(12, "0");
    const variant = ((Number.parseInt(tail[0] ?? "0", 16) & 0x3) | 0x8).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, "0")}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
  }

  return { messageId, requestId: randomUUID, digest: (text) => hash("sha256", text) };
}
