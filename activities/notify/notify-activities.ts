import { isChannelName, type ChannelName } from '../../program/notification/channel.ts';
import { needsPerson } from '../../program/notification/message-failure.ts';
import { retryPauseMs } from '../../program/notification/retry-pause.ts';
import { recordAudit } from '../../store/audit.ts';
import { clearHold, disableChannel, holdChannel, readChannelStanding } from '../../store/message-channel.ts';
import { giveUpOverdue, readMessageBacklog } from '../../store/message-delivery.ts';
import type { DeliveryReport, NotifyActivities } from '../contract.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { deliverBatch, type BatchResult } from './deliver-batch.ts';
import { auditMessage } from './deliver-message.ts';

/** A channel that takes nothing is tried again after a growing pause, at most this. */
const LONGEST_HOLD_MS = 5 * 60_000;
/** So often in vain, and somebody should look: about half a minute. */
const TROUBLESOME_FAILURES = 4;
const GIVEN_UP_AT_ONCE = 500;

const NOTHING: BatchResult = { sent: 0, failed: 0, stop: null };
const ABSENT: DeliveryReport = {
  state: 'absent',
  code: 'CHANNEL_NOT_CONFIGURED',
  needsAttention: false,
  sent: 0,
  failed: 0,
  waiting: 0,
  oldestWaitingSince: null,
  unresolved: 0,
  dueNow: 0,
};

/** What the workflow of a channel asks for. */
export function createNotifyActivities(deps: ActivityDependencies): NotifyActivities {
  return {
    async deliverMessages(name) {
      const channel = deps.channels?.get(name);
      if (channel === undefined || !isChannelName(name)) return ABSENT;
      const before = await readChannelStanding(deps.db, name);
      const batch = before.state === 'open' ? await deliverBatch(deps, channel) : NOTHING;
      if (batch.sent > 0 && before.failures > 0) await clearHold(deps.db, name);
      if (batch.stop?.kind === 'gone') await disable(deps, name, batch.stop.code);
      if (batch.stop?.kind === 'held') {
        const failures = batch.sent > 0 ? 1 : before.failures + 1;
        const pauseMs = batch.stop.afterMs ?? Math.min(LONGEST_HOLD_MS, retryPauseMs(failures, Math.random()));
        await holdChannel(deps.db, name, pauseMs, batch.stop.code);
        deps.log.warn({ channel: name, code: batch.stop.code, pauseMs }, 'a channel takes no messages; they wait');
      }
      return report(deps, name, batch);
    },
  };
}

async function disable(deps: ActivityDependencies, channel: ChannelName, code: string): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await disableChannel(trx, channel, code, deps.now());
    await recordAudit(trx, { subject: `channel/${channel}`, kind: 'disabled', actor: 'program', details: { code }, at: deps.now() });
  });
  deps.log.error({ channel, code }, 'a channel is disabled until somebody resumes it');
}

async function report(deps: ActivityDependencies, channel: ChannelName, { sent, failed }: BatchResult): Promise<DeliveryReport> {
  const standing = await readChannelStanding(deps.db, channel);
  const isOpen = standing.state === 'open';
  const given = isOpen ? 0 : await giveUp(deps, channel, standing.code ?? '');
  const backlog = await readMessageBacklog(deps.db, channel);
  // Once nothing is left, it is of no matter that the channel took nothing when it was tried last.
  const isIdle = backlog.waiting === 0 && isOpen;
  const code = isIdle ? null : (standing.code ?? backlog.code);
  const nextInMs = standing.state === 'held' ? standing.heldForMs : isOpen ? backlog.nextInMs : undefined;
  return {
    state: standing.state,
    code,
    needsAttention:
      standing.state === 'disabled' ||
      (standing.failures >= TROUBLESOME_FAILURES && !isIdle) ||
      backlog.failed > 0 ||
      (code !== null && needsPerson(code)),
    sent,
    failed: failed + given,
    waiting: backlog.waiting,
    oldestWaitingSince: backlog.oldestWaitingSince,
    unresolved: backlog.failed,
    dueNow: isOpen ? backlog.dueNow : 0,
    ...(nextInMs === undefined ? {} : { nextInMs }),
  };
}

/** What a channel that is closed did not take in its time is not kept for it any longer. */
async function giveUp(deps: ActivityDependencies, channel: ChannelName, code: string): Promise<number> {
  return deps.db.transaction().execute(async (trx) => {
    const overdue = await giveUpOverdue(trx, channel, code, GIVEN_UP_AT_ONCE);
    for (const message of overdue) await auditMessage(trx, deps, message, 'message failed', code);
    return overdue.length;
  });
}
