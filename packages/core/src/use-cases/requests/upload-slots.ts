import type { ResultAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RateLimited } from "../../ports/pacer.ts";
import type { CheckedContent } from "./checked-content.ts";
import { createTenantPermits } from "./tenant-permits.ts";

type Content = Pick<CheckedContent, "size" | "waitedMs" | "giveUp">;

interface Upload {
  readonly tenantId: Identifier;
  readonly content: Content;
}

/** A bounded number of uploads at a time, of which one tenant has half at most. */
export interface UploadSlots {
  /**
   * Runs `work` in a place; `RateLimited` if none is free by `deadlineMs`. Whoever waits takes the place of an upload that is too
   * slow, the slowest first: one of the same tenant if the tenant has its share, else anybody's.
   */
  withSlot<T, E>(upload: Upload, deadlineMs: number, work: () => ResultAsync<T, E>): ResultAsync<T, E | RateLimited>;
}

/** An upload below 64 KB a second is too slow, once 2 s were spent waiting for it. */
const usualBytesPerSecond = 64 * 1024;
const patienceMs = 2000;
const lookMs = 1000;

export function createUploadSlots(count: number, clock: Clock): UploadSlots {
  const permits = createTenantPermits(count, clock);
  const underWay = new Set<Upload>();

  function stopSlowest(tenantId: Identifier): void {
    const own = [...underWay].filter((upload) => upload.tenantId === tenantId);
    const rivals = own.length >= count / 2 ? own : [...underWay];
    const slow = rivals.filter(
      ({ content }) => content.waitedMs >= patienceMs && bytesPerSecondOf(content) < usualBytesPerSecond,
    );
    const [slowest] = slow.toSorted((a, b) => bytesPerSecondOf(a.content) - bytesPerSecondOf(b.content));
    slowest?.content.giveUp();
  }

  async function stopSlowestUntil(woken: Promise<void>, isOver: () => boolean, tenantId: Identifier): Promise<void> {
    while (!isOver()) {
      stopSlowest(tenantId);
      await clock.sleep(lookMs, woken);
    }
  }

  return {
    withSlot(upload, deadlineMs, work) {
      const over = Promise.withResolvers<void>();
      let isOver = false;
      const stopWaiting = (): void => {
        isOver = true;
        over.resolve();
      };
      const result = permits.withPermit(upload.tenantId, deadlineMs, () => {
        stopWaiting();
        underWay.add(upload);
        return work();
      });
      const leave = (): void => {
        stopWaiting();
        underWay.delete(upload);
      };
      result.then(leave, leave);
      stopSlowestUntil(over.promise, () => isOver, upload.tenantId).catch(ignore);
      return result;
    },
  };
}

function bytesPerSecondOf({ size, waitedMs }: Content): number {
  return (size * 1000) / waitedMs;
}

const ignore = (): void => {};
