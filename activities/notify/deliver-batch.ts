import type { Channel } from '../../notify/port.ts';
import { recipientId } from '../../program/notification/recipient.ts';
import { giveBackMessages, leaseDueMessages } from '../../store/message-delivery.ts';
import type { StoredMessage } from '../../store/message.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { deliverMessage, type Aftermath } from './deliver-message.ts';

const BATCH = 50;
const LANES_AT_ONCE = 8;
/** Whoever still holds a lease by then is gone. What a killed worker had taken is late by this at the most. */
const LEASE_MS = 60_000;
/** With less than the slowest attempt takes (`workers/compose/channels.ts`) no message is begun any more. */
const LEAST_LEASE_LEFT_MS = 35_000;
/** No further batch is begun after this: an activity stays short enough to end with its worker. */
const BUDGET_MS = 5_000;
/** So many messages in a row, and none that was taken, are no accident of theirs. */
const TELLING_FAILURES = 5;

export interface BatchResult {
  readonly sent: number;
  readonly failed: number;
  /** Why the channel takes no more; null when everything due was tried or the time was over. */
  readonly stop: Extract<Aftermath, { kind: 'held' | 'gone' }> | null;
}

/**
 * Sends what is due: side by side what goes to different places, one after another what belongs together. Stops at the first sign that the channel takes nothing, and hands
 * back what was not tried.
 */
export async function deliverBatch(deps: ActivityDependencies, channel: Channel): Promise<BatchResult> {
  const startedAt = performance.now();
  const tally = { sent: 0, failed: 0, postponed: 0 };
  let stop: BatchResult['stop'] = null;
  while (stop === null && performance.now() - startedAt < BUDGET_MS) {
    const leasedAt = performance.now();
    const leased = await leaseDueMessages(deps.db, channel.name, BATCH, LEASE_MS);
    if (leased.length === 0) break;
    const lanes = [...Map.groupBy(leased, (message) => `${message.lane} ${recipientId(message.recipient)}`).values()];
    const workOff = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) await deliverLane(lane);
    };
    const deliverLane = async (lane: readonly StoredMessage[]): Promise<void> => {
      for (const [at, message] of lane.entries()) {
        if (stop !== null || performance.now() - leasedAt > LEASE_MS - LEAST_LEASE_LEFT_MS) {
          await giveBackMessages(deps.db, lane.slice(at));
          return;
        }
        const aftermath = await deliverMessage(deps, channel, message);
        switch (aftermath.kind) {
          case 'sent':
          case 'failed':
          case 'postponed':
            tally[aftermath.kind] += 1;
            if (aftermath.kind === 'postponed' && tally.sent === 0 && tally.postponed >= TELLING_FAILURES) {
              stop = { kind: 'held', code: aftermath.code, afterMs: null };
            }
            break;
          case 'held':
          case 'gone':
            stop = aftermath;
            break;
        }
      }
    };
    await allSettled(Array.from({ length: Math.min(LANES_AT_ONCE, lanes.length) }, workOff));
  }
  return { sent: tally.sent, failed: tally.failed, stop };
}

/** Waits for all of them, so that nothing is under way any more when the first failure is thrown. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}
