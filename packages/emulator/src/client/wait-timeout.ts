/** What a test waited for did not come within the time. The message says what came instead. */
export class WaitTimeout extends Error {
  override readonly name = "WaitTimeout";
}
