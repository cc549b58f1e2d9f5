import type { Point } from "../point.ts";
import { manyOutlets } from "./many-outlets.ts";

export const points = {
  "many-outlets": manyOutlets,
} satisfies Record<string, Point>;
export type PointName = keyof typeof points;
export const pointNames = Object.keys(points) as readonly PointName[];
