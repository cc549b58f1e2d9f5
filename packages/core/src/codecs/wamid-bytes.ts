const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * What is in base64 after the `wamid.` of a WhatsApp id, a character for each byte: it has the phone number of the other side. The
 * alphabet of URLs is read too. Ends at the first character that is not base64.
 */
export function bytesOfWamid(wamid: string): string {
  let bytes = "";
  let bits = 0;
  let held = 0;
  for (const character of wamid.slice(wamid.indexOf(".") + 1)) {
    const value = digits.indexOf(character === "-" ? "+" : character === "_" ? "/" : character);
    if (value < 0) break;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >> bits) & 0xff);
  }
  return bytes;
}
