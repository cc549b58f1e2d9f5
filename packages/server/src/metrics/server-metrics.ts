import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";
import { perValue } from "./labels.ts";

const batchSizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const batchBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const methods = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/** The store, the HTTP API and the background work. */
export function createServerMetrics({
  counter,
  gauge,
  histogram,
}: Instruments): Handlers<"StoreBatchEnded" | "RequestAnswered" | "OverloadChanged" | "BackgroundFault"> {
  const batches = counter({
    name: "store_batches_total",
    help: "Transactions of the store that changed something or failed, each with a batch of calls, by result. PostgreSQL: those that write messages.",
    labels: ["result"],
  });
  const sizes = histogram({
    name: "store_batch_calls",
    help: "Calls in one of these transactions.",
    buckets: batchSizes,
  });
  const commits = histogram({
    name: "store_batch_duration_seconds",
    help: "How long one of these transactions takes, its commit included.",
    buckets: batchBuckets,
  });
  const requests = counter({
    name: "http_requests_total",
    help: "Requests to the HTTP API, by the pattern of the route; none where no route matched.",
    labels: ["method", "route", "status"],
  });
  const durations = histogram({
    name: "http_request_duration_seconds",
    help: "How long the HTTP API takes to answer.",
    labels: ["method", "route"],
    buckets: requestBuckets,
  });
  const overload = gauge({
    name: "overload_level",
    help: "How overloaded the process is. 0: not at all. It refuses with 503: 1 batches and queued messages, 2 sends too, 3 reads too, 4 webhooks too.",
  });
  overload.set(0);
  const faults = counter({
    name: "background_faults_total",
    help: "Rounds of background work that failed. They are repeated.",
    labels: ["where"],
  });
  const committed = batches.labels("committed");
  const failed = batches.labels("failed");
  const requestsOf = perValue((method) =>
    perValue((route) => ({
      answered: statusCounts((status) => requests.labels(method, route, status)),
      duration: durations.labels(method, route),
    })),
  );
  const faultsOf = perValue((where) => faults.labels(where));

  return {
    StoreBatchEnded(event) {
      (event.failed ? failed : committed).inc();
      sizes.observe(event.size);
      commits.observe(event.durationMs / 1000);
    },
    RequestAnswered({ method, route, status, durationMs }) {
      const { answered, duration } = requestsOf(methods.has(method) ? method : "other")(route);
      answered(status).inc();
      duration.observe(durationMs / 1000);
    },
    OverloadChanged: ({ level }) => overload.set(level),
    BackgroundFault: ({ where }) => faultsOf(where).inc(),
  };
}

/** One for each status. HTTP has few of them. */
function statusCounts<T>(create: (status: string) => T): (status: number) => T {
  const created = new Map<number, T>();
  return (status) => {
    const known = created.get(status);
    if (known) return known;
    const fresh = create(String(status));
    created.set(status, fresh);
    return fresh;
  };
}
