/** How long the store lets its callers wait. */
export interface StoreLoad {
  /**
   * For how many milliseconds the oldest accept or commit that has no answer has been waiting; 0 if none waits. Costs next to nothing:
   * it may be asked often.
   */
  oldestWaitMs(): number;
}
