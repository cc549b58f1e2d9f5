import type { NumberRates, SlotAsk, SlotsBooked } from "../../ports/number-rates.ts";
import { succeeds } from "../results.ts";

/** Far apart: the time that calls take does not matter. */
export const apartMs = 60_000;
export const hourMs = 3_600_000;
/** By how much the clocks of two processes may differ. A slow machine answers late. */
export const toleranceMs = 20_000;

export async function bookOne(
  rates: NumberRates,
  ask: Partial<SlotAsk> = {},
  aheadMs: number = hourMs,
): Promise<SlotsBooked> {
  const [booked] = succeeds(
    await rates.book([{ number: "number-1", wanted: 1, spacingMs: apartMs, share: 1, ...ask }], aheadMs),
  );
  if (!booked) throw new Error("the answer to the ask is missing");
  return booked;
}

export function slotsOf({ booked, firstAtMs, spacingMs }: SlotsBooked): readonly number[] {
  return Array.from({ length: booked }, (_, index) => firstAtMs + index * spacingMs);
}
