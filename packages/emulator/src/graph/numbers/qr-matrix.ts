/**
 * The modules of a QR code of version 3 with error correction L and mask 0 (ISO/IEC 18004), row by row; true is dark. It has room
 * for 53 bytes, which is enough for a link to a chat.
 */
export function qrMatrix(text: string): readonly (readonly boolean[])[] {
  const modules = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const isFixed = modules.map((row) => [...row]);
  const set = (x: number, y: number, isDark: boolean) => {
    modules[y]![x] = isDark;
    isFixed[y]![x] = true;
  };
  drawPatterns(set);
  drawFormat(set);
  const bits = bitsOf(withCorrection(dataOf(text)));
  for (const [at, [x, y]] of path()
    .filter(([x, y]) => !isFixed[y]![x])
    .entries())
    modules[y]![x] = (bits[at] ?? false) !== ((x + y) % 2 === 0);
  return modules;
}

const size = 29;
const dataBytes = 55;
const correctionBytes = 15;
/** Level L and mask 0, with the correction of these bits. */
const format = 0b111011111000100;

type Set = (x: number, y: number, isDark: boolean) => void;

/** What scanners find the code by: three finders, an alignment pattern and the timing lines between them. */
function drawPatterns(set: Set): void {
  for (let at = 0; at < size; at += 1)
    for (const [x, y] of [[6, at] as const, [at, 6] as const]) set(x, y, at % 2 === 0);
  for (const [left, top] of [[3, 3] as const, [size - 4, 3] as const, [3, size - 4] as const])
    drawSquares(set, left, top, 4, (ring) => ring !== 2 && ring !== 4);
  drawSquares(set, 22, 22, 2, (ring) => ring !== 1);
}

function drawSquares(
  set: Set,
  middleX: number,
  middleY: number,
  radius: number,
  isDark: (ring: number) => boolean,
): void {
  for (let y = -radius; y <= radius; y += 1)
    for (let x = -radius; x <= radius; x += 1) {
      const [atX, atY] = [middleX + x, middleY + y];
      if (atX < 0 || atY < 0 || atX >= size || atY >= size) continue;
      set(atX, atY, isDark(Math.max(Math.abs(x), Math.abs(y))));
    }
}

/** Twice, so that one place may be unreadable. */
function drawFormat(set: Set): void {
  for (let bit = 0; bit < 15; bit += 1) {
    const isDark = ((format >> bit) & 1) === 1;
    if (bit < 6) set(8, bit, isDark);
    else if (bit < 8) set(8, bit + 1, isDark);
    else set(bit === 8 ? 7 : 14 - bit, 8, isDark);
    if (bit < 8) set(size - 1 - bit, 8, isDark);
    else set(8, size - 15 + bit, isDark);
  }
  set(8, size - 8, true);
}

/** Bytes after their kind and number, filled up. */
function dataOf(text: string): readonly number[] {
  const bytes = [...Buffer.from(text)];
  const bits = [0, 1, 0, 0, ...bitOf(bytes.length), ...bytes.flatMap(bitOf), 0, 0, 0, 0];
  const data = Array.from({ length: bits.length / 8 }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2));
  for (let filler = 0xec; data.length < dataBytes; filler ^= 0xec ^ 0x11) data.push(filler);
  return data;
}

function bitOf(byte: number): readonly number[] {
  return Array.from({ length: 8 }, (_, at) => (byte >> (7 - at)) & 1);
}

function bitsOf(bytes: readonly number[]): readonly boolean[] {
  return bytes.flatMap(bitOf).map((bit) => bit === 1);
}

/** Appends the remainder of the division by the generator polynomial, in GF(256). */
function withCorrection(data: readonly number[]): readonly number[] {
  let generator = [1];
  for (let root = 0, power = 1; root < correctionBytes; root += 1, power = product(power, 2))
    generator = [...generator, 0].map((each, at) => each ^ product(generator[at - 1] ?? 0, power));
  const rest = [...data, ...Array<number>(correctionBytes).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const factor = rest[at]!;
    for (const [offset, each] of generator.entries()) rest[at + offset]! ^= product(each, factor);
  }
  return [...data, ...rest.slice(data.length)];
}

function product(one: number, other: number): number {
  let result = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    result = (result << 1) ^ (result >> 7 === 1 ? 0x11d : 0);
    if ((other >> bit) & 1) result ^= one;
  }
  return result;
}

/** The modules in the order of their bits: in pairs of columns from the right, upwards and downwards in turn. */
function path(): readonly (readonly [x: number, y: number])[] {
  const rights = [28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 5, 3, 1];
  return rights.flatMap((right, turn) =>
    Array.from({ length: size }, (_, step) => (turn % 2 === 0 ? size - 1 - step : step)).flatMap((y) => [
      [right, y] as const,
      [right - 1, y] as const,
    ]),
  );
}
