/** What was sent. */
interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
}

/** Shorter pieces of an input may occur in any sentence. */
const pieceLength = 12;

/** A piece of a request that its answer repeats. Names of fields do not count: an answer points at them. */
export function echoIn(answer: string, { path, headers = {}, body }: Sent): string | undefined {
  const answered = new Set(piecesOf(answer));
  const values = Object.entries(headers).flatMap(([name, value]) => (name === "content-type" ? [] : [value].flat()));
  const given = [...values, ...partsOf(path), ...textsOf(body)];
  for (const text of given) for (const piece of piecesOf(text)) if (answered.has(piece)) return piece;
  return undefined;
}

/** The segments of a path and the values of its query, as they are and decoded. An answer may name a parameter. */
function partsOf(path = ""): readonly string[] {
  const [segments = "", query = ""] = path.split("?", 2);
  const values = query.split("&").map((parameter) => parameter.slice(parameter.indexOf("=") + 1));
  return [...segments.split("/"), ...values].flatMap((part) => [part, decoded(part)]);
}

function textsOf(body: unknown): readonly string[] {
  if (typeof body !== "string" && !Buffer.isBuffer(body)) return [];
  const text = String(body);
  try {
    return [...stringsIn(JSON.parse(text))];
  } catch {
    return [text];
  }
}

/** Without recursion: the value may be nested deeply. */
function* stringsIn(value: unknown): Generator<string> {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "string") yield next;
    else if (typeof next === "object" && next !== null) for (const each of Object.values(next)) left.push(each);
  }
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at + pieceLength <= text.length; at += 1) yield text.slice(at, at + pieceLength);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
