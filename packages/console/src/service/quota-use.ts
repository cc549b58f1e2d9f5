import type { TenantQuota } from "@message-sender/core";

/** The units that are used up. One that is only reserved counts as left. */
export function usedOf({ used, unused }: TenantQuota): number {
  return Math.max(0, used - unused);
}

/** The units that are left, reserved ones included. */
export function leftOf(quota: TenantQuota): number {
  return Math.max(0, quota.limit - usedOf(quota));
}

/** How much of the limit is used up, from 0 on. */
export function shareOf(quota: TenantQuota): number {
  return quota.limit > 0 ? usedOf(quota) / quota.limit : 1;
}
