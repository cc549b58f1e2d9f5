/**
 * Frees the memory of a piece that has its buffer to itself; it must not be used afterwards. Left to the garbage collector, the
 * pieces of 100 MB that pass within a second would be in memory together.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
