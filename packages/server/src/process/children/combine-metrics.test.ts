import { expect, it } from "vitest";

import { combineMetrics } from "./combine-metrics.ts";

const first = `# HELP sends_total Sends, "all" of them.
# TYPE sends_total counter
sends_total{result="done"} 3
sends_total{result="a } b",b="{"} 1 1700000000000

# HELP memory_bytes Memory.
# TYPE memory_bytes gauge
memory_bytes 17
`;
const second = `# HELP memory_bytes Memory.
# TYPE memory_bytes gauge
memory_bytes NaN

# HELP latency How long.
# TYPE latency histogram
latency_bucket{le="+Inf"} 2
latency_sum{} 1.5
latency_count 2
`;

it("each sample has the process as a label, and each metric is described once", () => {
  expect(
    combineMetrics(
      new Map([
        [1, first],
        [2, second],
      ]),
    ),
  ).toBe(`# HELP sends_total Sends, "all" of them.
# TYPE sends_total counter
sends_total{process="1",result="done"} 3
sends_total{process="1",result="a } b",b="{"} 1 1700000000000

# HELP memory_bytes Memory.
# TYPE memory_bytes gauge
memory_bytes{process="1"} 17
memory_bytes{process="2"} NaN

# HELP latency How long.
# TYPE latency histogram
latency_bucket{process="2",le="+Inf"} 2
latency_sum{process="2"} 1.5
latency_count{process="2"} 2
`);
});

it("nothing is combined to nothing", () => {
  expect(combineMetrics(new Map())).toBe("");
  expect(combineMetrics(new Map([[1, "\n"]]))).toBe("");
});
