import type { Point } from "../point.ts";
import { fairness } from "./fairness.ts";
import { idleSchedule } from "./idle-schedule.ts";
import { interruptedBulk } from "./interrupted-bulk.ts";
import { killAndPause } from "./kill-and-pause.ts";
import { manyOutlets } from "./many-outlets.ts";
import { noNotify } from "./no-notify.ts";
import { numberRate } from "./number-rate.ts";
import { restartedPostgres } from "./restarted-postgres.ts";
import { sigterm } from "./sigterm.ts";

export const points = {
  "number-rate": numberRate(80),
  "fast-number-rate": numberRate(1000),
  "many-outlets": manyOutlets,
  "kill-and-pause": killAndPause,
  "restarted-postgres": restartedPostgres,
  fairness,
  "idle-schedule": idleSchedule,
  "no-notify": noNotify,
  sigterm,
  "interrupted-bulk": interruptedBulk,
} satisfies Record<string, Point>;
export type PointName = keyof typeof points;
export const pointNames = Object.keys(points) as readonly PointName[];
