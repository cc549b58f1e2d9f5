import type { MediaUpload } from "../../ports/media.ts";
import { exampleCredential } from "../fixtures.ts";
import type { MediaScenario, MediaSubject } from "./subject.ts";

/** Short, so that a scenario in which nobody answers does not take long where time is real. */
export const timeoutMs = 500;

export function exampleUpload(content: AsyncIterable<Uint8Array>, fields: Partial<MediaUpload> = {}): MediaUpload {
  return { credential: exampleCredential(), mimeType: "application/pdf", filename: "a.pdf", content, ...fields };
}

/** What an upload ends in when that happens to it. */
export async function upload({ media, arrange }: MediaSubject, scenario: MediaScenario, content = pieces(3)) {
  await arrange(scenario);
  return media.upload(exampleUpload(content), timeoutMs);
}

/** Each of another byte. */
export async function* pieces(count: number, size = 1000): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < count; number += 1) yield new Uint8Array(size).fill(number);
}
