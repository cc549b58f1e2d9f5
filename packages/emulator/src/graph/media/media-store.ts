import { createHash } from "node:crypto";

import type { Objects } from "../objects/objects.ts";
import type { ByteStore, StoredBytes } from "../../http/byte-store.ts";
import { bareType } from "./media-types.ts";

/** A file that WhatsApp keeps, without its bytes. */
export interface GraphMedia {
  readonly id: string;
  /** When it was uploaded, in milliseconds since the epoch, by the sandbox's clock. */
  readonly at: number;
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly filename: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/** A file with its bytes in base64. */
export type SavedMedia = GraphMedia & { readonly data: string };

/** A file to keep. */
interface NewMedia {
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly filename?: string;
  readonly bytes: StoredBytes;
  readonly sha256?: string;
}

export interface MediaStore {
  /** Keeps a file, and drops the oldest ones beyond a gigabyte. */
  add(file: NewMedia): GraphMedia;
  /** Keeps a file that a customer sent. */
  addBytes(file: { phoneNumberId: string; mimeType: string; filename?: string; bytes: Uint8Array }): GraphMedia;
  /** undefined: never uploaded, deleted, or older than 30 days. */
  find(id: string): (GraphMedia & { readonly bytes: StoredBytes }) | undefined;
  /** Whether the file was uploaded to this number within the last 30 days. */
  has(phoneNumberId: string, id: string): boolean;
  remove(id: string): void;
  /** The files with their bytes in base64. */
  save(): readonly SavedMedia[];
  restore(saved: readonly SavedMedia[]): void;
  all(): readonly GraphMedia[];
  clear(): void;
}

const lifetimeMs = 30 * 24 * 60 * 60 * 1_000;
const keptBytes = 1024 * 1024 * 1024;

interface MediaDeps {
  readonly keep: number;
  readonly now: () => number;
  readonly objects: Objects;
  readonly byteStore: ByteStore;
}

export function createMediaStore({ keep, now, objects, byteStore }: MediaDeps): MediaStore {
  const known = new Map<string, { readonly media: GraphMedia; readonly bytes: StoredBytes }>();
  let size = 0;

  function remove(id: string): void {
    const own = known.get(id);
    if (!own) return;
    size -= own.media.size;
    own.bytes.drop();
    known.delete(id);
    objects.remove(id);
  }

  function add({ phoneNumberId, mimeType, filename = "", bytes, sha256 = hashOf(bytes) }: NewMedia): GraphMedia {
    const id = objects.add("media", { kind: "number", id: phoneNumberId });
    const media = { id, at: now(), phoneNumberId, mimeType: bareType(mimeType), filename, size: bytes.size, sha256 };
    known.set(id, { media, bytes });
    size += media.size;
    for (const oldest of known.keys()) {
      if (known.size <= keep && (size <= keptBytes || oldest === id)) break;
      remove(oldest);
    }
    return media;
  }

  function find(id: string) {
    const own = known.get(id);
    return own && now() < own.media.at + lifetimeMs ? { ...own.media, bytes: own.bytes } : undefined;
  }

  return {
    add,
    addBytes: ({ bytes, ...file }) => add({ ...file, bytes: byteStore.of(bytes) }),
    find,
    save: () => [...known.values()].map(({ media, bytes }) => ({ ...media, data: bytes.read().toString("base64") })),
    restore(saved) {
      for (const { data, ...media } of saved) {
        objects.add("media", { kind: "number", id: media.phoneNumberId }, media.id);
        known.set(media.id, { media, bytes: byteStore.of(Buffer.from(data, "base64")) });
        size += media.size;
      }
    },
    has: (phoneNumberId, id) => find(id)?.phoneNumberId === phoneNumberId,
    remove,
    all: () => [...known.values()].map(({ media }) => media),
    clear() {
      for (const id of known.keys()) remove(id);
    },
  };
}

function hashOf(bytes: StoredBytes): string {
  return createHash("sha256").update(bytes.read()).digest("hex");
}
