import { ApplicationFailure } from '@temporalio/activity';
import { backfillWorkflowId, eventsWorkflowId, MESSAGES, notifyWorkflowId, syncWorkflowId, TASK_QUEUE } from '../../program/messages.ts';
import type { DeliveryReport, EventActivities, ListeningEnd, NotifyActivities, SyncActivities } from '../../activities/contract.ts';
import { CrmFailure } from '../../crm/failures.ts';
import { later } from '../support/decision-stage.ts';
import type { FlowStage } from '../support/flow-stage.ts';
import { until } from '../support/until.ts';
import type { Recording } from './scenario.ts';

const QUIET = { state: 'running', reason: null, rows: 0, drained: true, pendingOut: 0 } as const;
const WRITTEN = { written: 2, unchanged: 0, refused: 0, postponed: 0, dueNow: 0 };

/** A CRM that has news in two pages, then rows to be written, then wants other credentials, then is paused, then is quiet. */
export function createPlayedSync(): SyncActivities {
  const pages = [
    { ...QUIET, rows: 500, drained: false },
    { ...QUIET, rows: 20, pendingOut: 4 },
    { ...QUIET, pendingOut: 1 },
    new CrmFailure('CRM_AUTH_FAILED', 'the session has expired'),
    { ...QUIET, state: 'paused', reason: 'by an operator' } as const,
  ];
  let batches = 0;
  return {
    async pullPage() {
      const page = pages.shift() ?? QUIET;
      if (page instanceof CrmFailure) throw page;
      return page;
    },
    async pushBatch() {
      batches += 1;
      return batches === 1 ? { ...WRITTEN, refused: 1, dueNow: 2 } : WRITTEN;
    },
    parkConnection: async () => undefined,
    ...createPlayedBackfill(),
  };
}

/** Several cycles, some begun by a nudge and some by the poll. */
export async function playSync(flow: FlowStage): Promise<readonly Recording[]> {
  const workflowId = syncWorkflowId('salesforce', 'registration');
  const { client } = flow.environment;
  const handle = await client.workflow.start('syncObject', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ connection: 'salesforce', objectType: 'registration', pollSeconds: 60 }],
  });
  for (let cycle = 0; cycle < 6; cycle += 1) {
    const before = await flow.historyLength(workflowId);
    if (cycle % 2 === 1) await handle.signal(MESSAGES.nudge, { pollSeconds: 30 });
    else await flow.skipTo(later(await flow.now(), 61_000));
    await until('a cycle', async () => (await flow.historyLength(workflowId)) > before + 5);
  }
  return [{ name: 'sync-object-cycles', workflowId }];
}

const READING = { objectType: 'registration', done: 0, total: 1_000, reason: null, nextInMs: 0 } as const;

/** A backfill that waits for a job, reads, is held, meets a CRM that refuses a field, and ends. */
function createPlayedBackfill(): Pick<SyncActivities, 'backfillStep'> {
  const steps = [
    { ...READING, objectType: 'partner', done: 20, total: 20 } as const,
    { ...READING, nextInMs: 2_000 },
    { ...READING, done: 600 },
    { ...READING, done: 600, reason: 'waits for calls: 81 of 100 used today', nextInMs: 30_000 },
    new CrmFailure('CRM_FIELD_UNKNOWN', 'No such column'),
    { ...READING, done: 1_000 },
  ];
  return {
    async backfillStep() {
      const step = steps.shift() ?? { ...READING, objectType: null };
      if (step instanceof CrmFailure) throw step;
      return step;
    },
  };
}

/** A backfill from its beginning to its end. */
export async function playBackfill(flow: FlowStage): Promise<readonly Recording[]> {
  const workflowId = backfillWorkflowId('salesforce');
  await flow.environment.client.workflow.start('backfill', { workflowId, taskQueue: TASK_QUEUE, args: [{ connection: 'salesforce' }] });
  // Beyond the job, the held calls and the minute after the failure.
  for (let pauses = 0; pauses < 3; pauses += 1) await flow.skipTo(later(await flow.now(), 61_000));
  await flow.ended(workflowId);
  return [{ name: 'backfill', workflowId }];
}

const IDLE: DeliveryReport = {
  state: 'open',
  code: null,
  needsAttention: false,
  sent: 0,
  failed: 0,
  waiting: 0,
  oldestWaitingSince: null,
  unresolved: 0,
  dueNow: 0,
};
const WAITING = { ...IDLE, waiting: 3, oldestWaitingSince: '2026-11-16T15:00:00.000Z' } as const;

/** A channel that sends two batches, is held, cannot reach the store once and then not at all, gives one message up, is resumed, and is idle until no worker has it any more. */
export function createPlayedDelivery(): NotifyActivities {
  const reports: (DeliveryReport | Error)[] = [
    { ...WAITING, sent: 50, dueNow: 3 },
    { ...IDLE, sent: 3 },
    { ...WAITING, state: 'held', code: 'WEBHOOK_UNREACHABLE', nextInMs: 5_000 },
    new Error('the database does not answer'),
    ApplicationFailure.create({ type: 'RECORD_UNREADABLE', nonRetryable: true }),
    { ...IDLE, sent: 2, failed: 1, unresolved: 1, needsAttention: true },
    { ...IDLE, sent: 1 },
  ];
  let idle = 2;
  return {
    async deliverMessages() {
      const report = reports.shift();
      if (report instanceof Error) throw report;
      if (report !== undefined) return report;
      idle -= 1;
      return idle >= 0 ? IDLE : { ...IDLE, state: 'absent', code: 'CHANNEL_NOT_CONFIGURED' };
    },
  };
}

/** Several cycles of a channel, some begun by a nudge and some by the poll, until its worker is gone. */
export async function playNotify(flow: FlowStage): Promise<readonly Recording[]> {
  const workflowId = notifyWorkflowId('webhook');
  const { client } = flow.environment;
  const handle = await client.workflow.start('notifyChannel', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ channel: 'webhook', pollSeconds: 60 }],
  });
  let looks = 0;
  await until('no worker has it any more', async () => {
    if ((await handle.describe()).status.name === 'COMPLETED') return true;
    looks += 1;
    if (looks % 2 === 1) await handle.signal(MESSAGES.nudge, { pollSeconds: 30 });
    else await flow.skipTo(later(await flow.now(), 61_000));
    return false;
  });
  return [{ name: 'notify-channel-cycles', workflowId }];
}

/** A listener whose turn ends, that cannot go on and is begun anew, that another one takes over from, and that no worker has at last. */
export function createPlayedListening(): EventActivities {
  const ends: (ListeningEnd | Error)[] = [
    'stopped',
    ApplicationFailure.create({ type: 'RECORD_UNREADABLE', nonRetryable: true }),
    'superseded',
    'stopped',
    ApplicationFailure.create({ type: 'RECORD_UNREADABLE', nonRetryable: true }),
  ];
  return {
    async listenForChanges() {
      const end = ends.shift() ?? 'absent';
      if (end instanceof Error) throw end;
      return end;
    },
  };
}

/** Turns of listening, with what the listener reports and what somebody types by hand in between, until no worker listens any more. */
export async function playEvents(flow: FlowStage): Promise<readonly Recording[]> {
  const workflowId = eventsWorkflowId('salesforce');
  const { client } = flow.environment;
  const handle = await client.workflow.start('changeEvents', { workflowId, taskQueue: TASK_QUEUE, args: [{ connection: 'salesforce' }] });
  await flow.untilVisible(workflowId, { FailureCode: 'RECORD_UNREADABLE' });
  const channel = '/data/Dealkeeper__chn';
  await handle.signal(MESSAGES.reportStream, { details: `**listening** to ${channel}`, code: null, needsAttention: false });
  await handle.signal(MESSAGES.reportStream, 'typed by hand');
  await flow.untilVisible(workflowId, { NeedsAttention: false });
  await handle.signal(MESSAGES.nudge);
  const away = { details: '**away** (CRM_EVENTS_UNAVAILABLE)', code: 'CRM_EVENTS_UNAVAILABLE', needsAttention: true };
  await handle.signal(MESSAGES.reportStream, away);
  await until('no worker listens any more', async () => {
    if ((await handle.describe()).status.name === 'COMPLETED') return true;
    await flow.skipTo(later(await flow.now(), 11_000));
    return false;
  });
  return [{ name: 'change-events-turns', workflowId }];
}
