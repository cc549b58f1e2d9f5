import { serve } from "@hono/node-server";

import { readCells } from "./cells-file.ts";
import { createRouter } from "./router.ts";

const {
  CELLS_FILE = "cells.json",
  WHATSAPP_APP_SECRET: appSecret,
  HOST: hostname = "127.0.0.1",
  PORT = "8080",
} = process.env;
if (!appSecret) throw new Error("Set WHATSAPP_APP_SECRET, to the same value as in the cells.");

let cells = readCells(CELLS_FILE);
const server = serve(
  { fetch: createRouter({ cells: () => cells, appSecret }).fetch, hostname, port: Number(PORT) },
  ({ port }) => console.log(`listening on http://${hostname}:${port}`),
);

process.on("SIGHUP", () => {
  try {
    cells = readCells(CELLS_FILE);
    console.log(`${CELLS_FILE} is read anew`);
  } catch (error) {
    console.error(`${CELLS_FILE} cannot be used, and the cells stay as they were:`, error);
  }
});
process.once("SIGTERM", () => server.close());
