import { inflateSync } from "node:zlib";

import { expect, it, onTestFinished } from "vitest";

import { startSandbox } from "../../sandbox/sandbox.ts";
import { qrImage } from "./qr-image.ts";
import { qrMatrix } from "./qr-matrix.ts";

const link = "https://wa.me/message/ABCDEFGH234567";
/** As scanners read it: `zbarimg` of zbar 0.23 says the link. */
const readable = [
  "#######..#..###.#.#...#######",
  "#.....#...###.####.##.#.....#",
  "#.###.#.###.####...#..#.###.#",
  "#.###.#..###.######...#.###.#",
  "#.###.#...#...###.###.#.###.#",
  "#.....#..#...#.#...##.#.....#",
  "#######.#.#.#.#.#.#.#.#######",
  "........###.###.##.##........",
  "###.#####.##..#.....###...#..",
  "..##...#..##..#..#..###..#..#",
  "##.####.##...#...##..####.###",
  "...###.....#...####.#...#..#.",
  "..###.#.....#.......#.#..#.##",
  "##.##...##.###...#..###..#..#",
  "#.#..###.#.##.#.#....#...#.##",
  "##..##..#...######.#..#.##.#.",
  ".##.#.##..##..#.....###..#.##",
  ".#.#...#..##..#..#..####.##.#",
  "#.....####...#.......#.##..##",
  ".#.#.#...###.....##....#.#.#.",
  "#.#..##.###.#.......#####....",
  "........######...#..#...#.###",
  "#######.#..##.#.##.##.#.##.##",
  "#.....#.#...###..#..#...##.#.",
  "#.###.#.####..#.....#####..##",
  "#.###.#...##..#..#..#..##.###",
  "#.###.#.##...#..##..#..###..#",
  "#.....#.####...#.##.#...#..#.",
  "#######.#.#.#..##..#######.##",
];

const drawn = (rows: readonly (readonly boolean[])[]) =>
  rows.map((row) => row.map((isDark) => (isDark ? "#" : ".")).join(""));

it("draws a code that scanners read", () => {
  expect(drawn(qrMatrix(link))).toEqual(readable);
});

it("draws the same as a PNG, each module eight pixels wide, with four light ones around", () => {
  const png = Buffer.from(qrImage(link, "png"));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  const width = png.readUInt32BE(16);
  expect(width).toBe((29 + 8) * 8);
  const length = png.readUInt32BE(33);
  expect(png.subarray(37, 41).toString()).toBe("IDAT");
  const pixels = inflateSync(png.subarray(41, 41 + length));
  const lineBytes = 1 + width / 8;
  const rows = Array.from({ length: 29 }, (_, y) =>
    Array.from({ length: 29 }, (_, x) => pixels[(y + 4) * 8 * lineBytes + 1 + x + 4] === 0),
  );
  expect(drawn(rows)).toEqual(readable);
});

it("serves the picture at the address that Graph gives, to anybody, until the code is deleted", async () => {
  const sandbox = await startSandbox({ webhooks: { statuses: [] } });
  onTestFinished(() => sandbox.close());
  const call = async (method: string, path: string) => {
    const headers = { authorization: "Bearer any-token" };
    const answer = await fetch(`${sandbox.graphUrl}/v25.0/106540352242922/message_qrdls${path}`, { method, headers });
    return (await answer.json()) as { code: string; qr_image_url: string };
  };
  for (const [format, type] of [
    ["SVG", "image/svg+xml"],
    ["PNG", "image/png"],
  ] as const) {
    const made = await call("POST", `?prefilled_message=Hi&generate_qr_image=${format}`);
    const picture = await fetch(made.qr_image_url);
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, type]);
    const expected = qrImage(`https://wa.me/message/${made.code}`, format === "SVG" ? "svg" : "png");
    expect(Buffer.from(await picture.arrayBuffer()).equals(expected)).toBe(true);
    await call("DELETE", `/${made.code}`);
    expect((await fetch(made.qr_image_url)).status).toBe(404);
  }
});
