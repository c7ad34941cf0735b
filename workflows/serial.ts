import { condition } from '@temporalio/workflow';

/**
 * Runs one piece of work at a time, in the order in which it was asked for: handlers and the main flow share one registration.
 * Only for workflow code: waiting is by `condition`, so it replays.
 */
export class Serial {
  private next = 0;
  private serving = 0;

  get idle(): boolean {
    return this.next === this.serving;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const ticket = this.next++;
    await condition(() => this.serving === ticket);
    try {
      return await work();
    } finally {
      this.serving++;
    }
  }
}
