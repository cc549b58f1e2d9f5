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

/** Bounds how many uploads run at a time. One tenant gets at most half of the slots. */
export interface UploadSlots {
  /**
   * Runs `work` in a slot; `RateLimited` if none is free by `deadlineMs`. A waiting upload stops one that is too slow, the slowest
   * first: one of its own tenant if the tenant has used up its share, otherwise anybody's.
   */
  withSlot<T, E>(upload: Upload, deadlineMs: number, work: () => ResultAsync<T, E>): ResultAsync<T, E | RateLimited>;
}

/** An upload below 64 KB a second is too slow once 2 s were spent waiting for its chunks. */
const usualBytesPerSecond = 64 * 1024;
const patienceMs = 2000;
const lookMs = 1000;

export function createUploadSlots(count: number, clock: Clock): UploadSlots {
  const permits = createTenantPermits(count, clock);
  const running = new Set<Upload>();

  function stopSlowest(tenantId: Identifier): void {
    const own = [...running].filter((upload) => upload.tenantId === tenantId);
    const rivals = own.length >= count / 2 ? own : [...running];
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
        running.add(upload);
        return work();
      });
      const leave = (): void => {
        stopWaiting();
        running.delete(upload);
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
