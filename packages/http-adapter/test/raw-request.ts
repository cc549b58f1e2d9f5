/** The headers that a request has unless a test says otherwise. */
export const usualHeaders = ["Host: localhost:3000", "Content-Type: application/json"];

/** A request as it comes over a socket. `headers` are instead of the usual ones if one of them is a Host. */
export function rawRequest(line: string, body: string | Buffer | object, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const all = headers.some((header) => /^host:/i.test(header)) ? headers : [...usualHeaders, ...headers];
  const length = all.some((header) => /^(?:content-length|transfer-encoding):/i.test(header))
    ? []
    : [`Content-Length: ${bytes.length}`];
  return Buffer.concat([Buffer.from(`${[`${line} HTTP/1.1`, ...all, ...length].join("\r\n")}\r\n\r\n`), bytes]);
}
