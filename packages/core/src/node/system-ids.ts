import { hash, randomFillSync, randomUUID } from "node:crypto";

import type { Ids } from "../ports/ids.ts";

const hexDigits = Buffer.from("0123456789abcdef");
/** The digit of a UUID that holds its variant. */
const variantDigits = Buffer.from("89ab");

/** UUIDv7 message ids (RFC 9562) and SHA-256 digests. */
export function createSystemIds(): Ids {
  const random = Buffer.alloc(4096);
  let used = random.length;
  let lastMs = 0;
  let sequence = 0;
  /** The id that was made last. A text put together from parts would keep all of them in memory, as long as it lives. */
  const id = Buffer.from("00000000-0000-7000-8000-000000000000");

  function startMillisecond(ms: number, firstSequence: number): void {
    const time = ms.toString(16).padStart(12, "0");
    id.write(time.slice(0, 8), 0);
    id.write(time.slice(8), 9);
    lastMs = ms;
    sequence = firstSequence;
  }

  function writeDigit(at: number, value: number): void {
    id[at] = hexDigits[value & 0xf] ?? 0;
  }

  function messageId(): string {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    const nowMs = Date.now();
    // Within one millisecond, and when the clock steps back, the 12-bit counter keeps the order.
    if (nowMs > lastMs) startMillisecond(nowMs, random[used] ?? 0);
    else if (++sequence > 0xfff) startMillisecond(lastMs + 1, 0);
    for (let digit = 0; digit < 3; digit += 1) writeDigit(15 + digit, sequence >> (4 * (2 - digit)));
    for (let digit = 1; digit < 16; digit += 1) {
      const byte = random[used + (digit >> 1)] ?? 0;
      writeDigit(digit < 4 ? 19 + digit : 20 + digit, digit % 2 === 0 ? byte >> 4 : byte);
    }
    id[19] = variantDigits[(random[used] ?? 0) >> 6] ?? 0;
    used += 8;
    return id.toString("latin1");
  }

  return { messageId, requestId: randomUUID, digest: (text) => hash("sha256", text) };
}
