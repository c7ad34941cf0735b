import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Webhook } from 'standardwebhooks';
import { createNotifyActivities } from '../../activities/notify/notify-activities.ts';
import type { Channel } from '../../notify/port.ts';
import { createWebhookChannel } from '../../notify/webhook.ts';
import { MESSAGES, notifyWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { readChannelStanding } from '../../store/message-channel.ts';
import { listMessages } from '../../store/message.ts';
import { ensureNotifyWorkflows } from '../../workers/notify-workflows.ts';
import { createDecisionStage, emptyStore, later, type ClaimWishes } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { openDevelopmentServer, openFlowStage, openTimeSkipping, type FlowStage } from '../support/flow-stage.ts';
import { endPauses } from '../support/message.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { openSeverableLink, type SeverableLink } from '../support/severed-link.ts';
import { until } from '../support/until.ts';
import { startWebhookReceiver, type TestReceiver } from '../support/webhook-receiver.ts';

jest.setTimeout(180_000);

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;
const HOUR_MS = 3_600_000;
const WEBHOOKS = notifyWorkflowId('webhook');

/** The flow of the webhooks, with a portal, over a database of its own way. */
interface NotifyFlow {
  readonly flow: FlowStage;
  readonly receiver: TestReceiver;
  /** The way by which messages are taken and recorded; decisions have another. */
  readonly link: SeverableLink;
  readonly db: Database;
  /** Closes and opens the portal on the same port. */
  closePortal(): Promise<void>;
  openPortal(): Promise<void>;
  /** Types of what the portal took of a claim, in order. */
  taken(registrationId: string): readonly string[];
  close(): Promise<void>;
}

async function openNotifyFlow(environment: TestWorkflowEnvironment, postgres: TestPostgres): Promise<NotifyFlow> {
  const { db, url } = await postgres.openEmpty();
  const link = await openSeverableLink(url);
  const linked = openDatabase(link.url, 4);
  let receiver = await startWebhookReceiver();
  const earlier: TestReceiver['received'] = [];
  const channel = createWebhookChannel({ url: receiver.url, secrets: [SECRET], timeoutMs: 2_000 });
  const channels: ReadonlyMap<string, Channel> = new Map([['webhook', channel]]);
  const { deps } = createDecisionStage(linked, { channels });
  const flow = await openFlowStage(environment, db, url, createNotifyActivities(deps), undefined, { channels });
  await ensureNotifyWorkflows(environment.client, ['webhook']);
  return {
    flow,
    get receiver() {
      return receiver;
    },
    link,
    db,
    async closePortal() {
      earlier.push(...receiver.received);
      await receiver.close();
    },
    async openPortal() {
      receiver = await startWebhookReceiver(receiver.port);
    },
    taken: (registrationId) =>
      [...new Set([...earlier, ...receiver.received])]
        .filter(({ answered }) => answered < 300)
        .flatMap(({ body, headers }) => {
          const { type, data } = new Webhook(SECRET).verify(body, headers) as { type: string; data: { registrationId: string } };
          return data.registrationId === registrationId ? [type] : [];
        }),
    async close() {
      await environment.client.workflow
        .getHandle(WEBHOOKS)
        .terminate('the test is over')
        .catch(() => undefined);
      await flow.close();
      await receiver.close();
      await linked.destroy();
      await link.close();
    },
  };
}

const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };

describeWith(findServers().timeSkipping, 'the flow of a channel', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let notify: NotifyFlow;

  beforeAll(async () => {
    [environment, postgres] = await Promise.all([openTimeSkipping(path), startTestPostgres()]);
    notify = await openNotifyFlow(environment, postgres);
  });
  afterEach(async () => {
    await until('nothing waits', async () => (await waiting()) === 0);
    await emptyStore(notify.db);
  });
  afterAll(async () => {
    await notify.close();
    await environment.teardown();
    await postgres.stop();
  });

  const waiting = async (): Promise<number> =>
    (await notify.db.selectFrom('message').select('id').where('status', '=', 'queued').execute()).length;
  const untilTaken = (): Promise<true> =>
    until('everything was taken', async () => {
      await endPauses(notify.db);
      await environment.client.workflow.getHandle(WEBHOOKS).signal(MESSAGES.nudge);
      return (await waiting()) === 0;
    });
  const details = async (): Promise<string> => {
    const metadata = await environment.client.workflow
      .getHandle(WEBHOOKS)
      .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    return metadata.currentDetails ?? '';
  };
  const claimOf = (name: string, wishes: ClaimWishes = {}): Promise<string> =>
    notify.flow.submit({ ...wishes, customer: { name: `${name} Works`, domain: `${name}.com` } });

  it('sends what was decided as soon as it hears of it, and leaves no event in the history of the claim', async () => {
    const id = await claimOf('zorbix');
    await until('both messages are there', async () => notify.taken(id).length === 2);
    expect(notify.taken(id)).toEqual(['registration.received', 'registration.approved']);
    await notify.flow.untilVisible(WEBHOOKS, { NeedsAttention: false });
    expect(await until('it says that nothing waits', async () => /nothing waits/.test(await details()))).toBe(true);
    const history = await environment.client.workflow.getHandle(registrationWorkflowId(id)).fetchHistory();
    const scheduled = (history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: one }) =>
      one == null ? [] : [one.activityType?.name],
    );
    expect(scheduled).toEqual(['evaluateRegistration']);
  });

  it('keeps everything while the portal is away for hours, shows since when, and sends each once and in order when it is back', async () => {
    await notify.closePortal();
    const ids: string[] = [];
    for (const name of ['jalmir', 'foghus', 'kulwem']) ids.push(await claimOf(name, FOR_MANAGER));
    const [first = ''] = ids;
    await notify.flow.send(first, { kind: 'decide', decision: 'approve', actor: 'manager' });
    // Queues keep the database's time, which is not skipped: what the portal would be tried at in minutes is brought about at once, and the hours are those of the flow.
    for (let failures = 1; failures <= 8; failures += 1) {
      await endPauses(notify.db);
      await environment.client.workflow.getHandle(WEBHOOKS).signal(MESSAGES.nudge, { pollSeconds: 600 });
      await until('it was tried again', async () => (await readChannelStanding(notify.db, 'webhook')).failures >= failures);
    }
    await notify.flow.skipTo(later(await notify.flow.now(), 3 * HOUR_MS));
    await notify.flow.untilVisible(WEBHOOKS, { NeedsAttention: true, FailureCode: 'WEBHOOK_UNREACHABLE' });
    expect(
      await until('it says what waits', async () => (/\d+ wait, the oldest since \d{4}-/.test(await details()) ? details() : null)),
    ).toContain('WEBHOOK_UNREACHABLE');
    await notify.openPortal();
    await untilTaken();
    for (const id of ids) {
      const told = (await listMessages(notify.db, { lane: registrationWorkflowId(id) }, { limit: 100 })).filter(
        ({ channel }) => channel === 'webhook',
      );
      expect(notify.taken(id)).toEqual(told.map(({ event }) => event));
      expect(told.every(({ status }) => status === 'sent')).toBe(true);
    }
    await notify.flow.untilVisible(WEBHOOKS, { NeedsAttention: false });
    const seen = notify.receiver.received.map(({ id }) => id);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('goes on when the store was away, and repeats at most what was under way, under the same id', async () => {
    const slow = new Set<string>();
    // The way to the store is cut between the portal's answer and the record of it.
    notify.receiver.answer = (request) => {
      const id = String(request.headers['webhook-id']);
      if (slow.size === 0) {
        slow.add(id);
        notify.link.cut();
      }
      return 204;
    };
    const id = await claimOf('tapdyn');
    await until('the store was lost', async () => slow.size === 1);
    await notify.flow.skipTo(later(await notify.flow.now(), HOUR_MS / 6));
    await notify.flow.untilVisible(WEBHOOKS, { NeedsAttention: true });
    notify.link.mend();
    await untilTaken();
    expect(notify.taken(id)).toEqual(['registration.received', 'registration.received', 'registration.approved']);
    const [once, again] = notify.receiver.received.filter(({ body }) => body.includes(id));
    expect(again).toMatchObject({ id: once?.id, body: once?.body });
    notify.receiver.answer = () => 204;
    await notify.flow.untilVisible(WEBHOOKS, { NeedsAttention: false });
  });
});

describeWith(findServers().temporal, 'the flow of a channel on a server that suggests to begin anew', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let notify: NotifyFlow;

  beforeAll(async () => {
    [environment, postgres] = await Promise.all([openDevelopmentServer(path, 40), startTestPostgres()]);
    notify = await openNotifyFlow(environment, postgres);
  });
  afterAll(async () => {
    await notify.close();
    await environment.teardown();
    await postgres.stop();
  });

  it('begins anew when it is long, and goes on sending', async () => {
    const handle = environment.client.workflow.getHandle(WEBHOOKS);
    const { runId } = await handle.describe();
    await until('another run', async () => {
      await handle.signal(MESSAGES.nudge, { pollSeconds: 1 });
      return (await handle.describe()).runId !== runId;
    });
    const id = await notify.flow.submit();
    await until('both messages are there', async () => notify.taken(id).length === 2);
    await ensureNotifyWorkflows(environment.client, ['webhook']);
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });

  it('comes back when somebody ended it, with what was queued meanwhile', async () => {
    const handle = environment.client.workflow.getHandle(WEBHOOKS);
    await handle.terminate('a mistake');
    const id = await notify.flow.submit({ customer: { name: 'Vexmor Works', domain: 'vexmor.com' } });
    expect(notify.taken(id)).toEqual([]);
    await ensureNotifyWorkflows(environment.client, ['webhook']);
    // It looks at the next poll, or at the next message.
    await environment.client.workflow.getHandle(WEBHOOKS).signal(MESSAGES.nudge);
    await until('both messages are there', async () => notify.taken(id).length === 2);
  });
});
