import type { MediaUpload } from "../../ports/media.ts";
import { exampleCredential } from "../fixtures.ts";
import { limitOf } from "../time-limits.ts";
import type { MediaScenario, MediaSubject } from "./subject.ts";

export function exampleUpload(content: AsyncIterable<Uint8Array>, fields: Partial<MediaUpload> = {}): MediaUpload {
  return { credential: exampleCredential(), mimeType: "application/pdf", filename: "a.pdf", content, ...fields };
}

/** The outcome of an upload in a scenario. */
export async function upload(subject: MediaSubject, scenario: MediaScenario, content = pieces(3)) {
  await subject.arrange(scenario);
  return subject.media.upload(exampleUpload(content), limitOf(scenario, subject));
}

/** Each of another byte. */
export async function* pieces(count: number, size = 1000): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < count; number += 1) yield new Uint8Array(size).fill(number);
}
