import type { SavedState, Snapshots } from "../control/snapshots.ts";
import type { Graph } from "../graph/graph.ts";
import type { Stage } from "../samples/play-samples.ts";
import type { Tenants } from "../tenant-service/tenants.ts";
import type { ServicesOptions } from "./sandbox-options.ts";

/** What options and the clock have no part in. */
const parts = ["ids", "graph", "templates", "media", "wamids", "messages", "receipts", "webhooks"];

type App = Graph["app"];

interface Services {
  readonly graph: { readonly app: App };
  readonly control: App;
  readonly snapshots: Snapshots;
  readonly tenants: () => Tenants;
}

interface LoadDeps {
  /** Makes services of which nobody else knows. */
  readonly open: (options: ServicesOptions) => Services;
  readonly snapshots: Snapshots;
  readonly tenants: () => Tenants;
  readonly now: () => number;
}

/** Plays the samples on services of their own and takes over what they then know, without logs and webhooks. */
export async function loadSamples({ open, snapshots, tenants, now }: LoadDeps): Promise<void> {
  const [{ playSamples }, { sampleOutlets }] = await Promise.all([
    import("../samples/play-samples.ts"),
    import("../samples/sample-tenants.ts"),
  ]);
  let time = 0;
  const numbers = Object.fromEntries(
    sampleOutlets.map(({ credentials, name: verifiedName, displayNumber }) => {
      return [credentials.phone_number_id, { verifiedName, displayNumber }];
    }),
  );
  const services = open({ now: () => time, numbers, templateReview: "wait" });
  const addOutlets = (known: Tenants) => {
    for (const { tenantId, outletId, credentials } of sampleOutlets) {
      known.setCredentials(tenantId, outletId, credentials);
    }
  };
  // What people are called depends on the account of the number.
  addOutlets(services.tenants());
  await playSamples(
    stageOf(services, (at) => (time = at)),
    now(),
  );
  const made = services.snapshots.save();
  const taken = JSON.stringify(Object.fromEntries(parts.map((name) => [name, made[name]])));
  snapshots.load(JSON.parse(taken) as SavedState);
  addOutlets(tenants());
}

function stageOf({ graph, control }: Services, setTime: (at: number) => void): Stage {
  async function call(app: App, method: string, path: string, body: object) {
    const isForm = body instanceof FormData;
    const headers = { authorization: "Bearer EAAsample", ...(!isForm && { "content-type": "application/json" }) };
    const response = await app.request(path, { method, headers, body: isForm ? body : JSON.stringify(body) }, {});
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${answer}`);
    return (answer === "" ? {} : JSON.parse(answer)) as Readonly<Record<string, unknown>>;
  }

  return {
    setTime,
    graph: (method, path, body) => call(graph.app, method, `/v25.0/${path}`, body),
    control: (method, path, body) => call(control, method, `/__emulator${path}`, body),
  };
}
