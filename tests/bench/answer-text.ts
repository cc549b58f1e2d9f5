import type { Dispatcher, Pool } from "undici";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A request with the least work that undici allows. */
export function answerText(pool: Pool, options: Dispatcher.DispatchOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let text = "";
    pool.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData(_controller, piece) {
        text += String(piece);
      },
      onResponseEnd: () => resolve({ status, text }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}
