/**
 * Frees the memory of a chunk that has its buffer to itself. The chunk must not be used afterwards. If this were left to the
 * garbage collector, all chunks of a 100 MB upload could be in memory at once.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
