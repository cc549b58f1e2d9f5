/** A place in a list that is in the order of time. */
export interface Place {
  readonly at: Date;
  /** What distinguishes the entries of one millisecond. */
  readonly key: string;
}

/**
 * The text of a place in a list, which is named by its filters. It ends with a checksum of both. The checksum is no secret and
 * needs none: whoever makes up a cursor gets a page of a list that they may read anyway.
 */
export function encodeCursor(list: string, { at, key }: Place): string {
  const place = `${at.getTime().toString(36)}-${encodeURIComponent(key.toWellFormed())}`;
  return `${place}-${checksumOf(`${place} ${list}`)}`;
}

const form = /^([0-9a-z]{1,11})-([^ ]{1,1000})-[0-9a-z]{11}$/;

/** Undefined if the text was changed, or belongs to another list. */
export function decodeCursor(list: string, cursor: string): Place | undefined {
  const [, time = "", escaped = ""] = form.exec(cursor) ?? [];
  const [at, key] = [new Date(Number.parseInt(time, 36)), unescaped(escaped)];
  if (Number.isNaN(at.getTime()) || key === undefined) return undefined;
  return encodeCursor(list, { at, key }) === cursor ? { at, key } : undefined;
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** 53 bits (cyrb53, public domain). */
function checksumOf(text: string): string {
  let high = 0xde_ad_be_ef;
  let low = 0x41_c6_ce_57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(36).padStart(11, "0");
}
