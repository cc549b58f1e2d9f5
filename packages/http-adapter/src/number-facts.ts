/** What Meta says about a business phone number, in its own words: absent where it says nothing. */
export interface NumberFacts {
  readonly displayPhoneNumber?: string;
  readonly verifiedName?: string;
  /** `GREEN`, `YELLOW`, `RED` or `UNKNOWN`. */
  readonly qualityRating?: string;
  /** How many customers it may begin conversations with in 24 hours, such as `TIER_2K`. */
  readonly messagingLimit?: string;
  /** `CONNECTED`, or why it is not. */
  readonly status?: string;
  /** `STANDARD` or `HIGH`. */
  readonly throughput?: string;
}

/** Why nothing is known about a number. */
export type NumberFactsError =
  /** WhatsApp refuses the token, or it may not read the number. `reason` is for people. */
  | { readonly kind: "TokenRefused"; readonly reason: string; readonly code?: number }
  /** Nobody at Meta can be asked: the number belongs to another provider. */
  | { readonly kind: "NotAtMeta" }
  | { readonly kind: "Unavailable"; readonly reason: string };
