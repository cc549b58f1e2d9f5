import { startFastGraph } from "./fast-graph.ts";
import { answerOf, raisePriority, type ToRecorder } from "./recorded.ts";

// A WhatsApp in a process of its own, which does nothing else, so that it sees when requests arrive.
raisePriority();
const graph = await startFastGraph(Number(process.argv[2]));
process.once("disconnect", () => process.exit());
process.on("message", (command: ToRecorder) => process.send?.(answerOf(graph, command)));
process.send?.({ url: graph.url });
