import { Webhook } from 'standardwebhooks';
import { createNotifyActivities } from '../../../activities/notify/notify-activities.ts';
import type { DeliveryReport } from '../../../activities/contract.ts';
import { createEmailChannel } from '../../../notify/email.ts';
import type { Channel } from '../../../notify/port.ts';
import { createWebhookChannel } from '../../../notify/webhook.ts';
import { listAudit } from '../../../store/audit.ts';
import type { Database } from '../../../store/database.ts';
import { readChannelStanding, resumeChannel } from '../../../store/message-channel.ts';
import { findMessage } from '../../../store/message.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../../support/decision-stage.ts';
import { clientOf, refusal, startMailServer, type TestMailServer } from '../../support/mail-server.ts';
import { endPauses, makeOlder, messagesOfLane, newMessage, queue } from '../../support/message.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { startWebhookReceiver, type TestReceiver } from '../../support/webhook-receiver.ts';

jest.setTimeout(60_000);

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;
const DAY_MS = 86_400_000;
const ADDRESS = 'deals@aster.example';

describe('the delivery of messages', () => {
  let postgres: TestPostgres;
  let db: Database;
  let receiver: TestReceiver;
  let mail: TestMailServer;
  let channels: Map<string, Channel>;
  let stage: DecisionStage;
  /** What the mail server says to a recipient; null takes it. */
  let onRecipient: (address: string) => Error | null = () => null;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
  });
  beforeEach(async () => {
    onRecipient = () => null;
    [receiver, mail] = await Promise.all([startWebhookReceiver(), startMailServer({ onRecipient: (address) => onRecipient(address) })]);
    channels = openChannels();
    stage = createDecisionStage(db, { channels });
  });
  afterEach(async () => {
    for (const channel of channels.values()) await channel.close();
    await Promise.all([receiver.close(), mail.close()]);
    await emptyStore(db);
  });
  afterAll(() => postgres.stop());

  function openChannels(): Map<string, Channel> {
    const from = { name: null, address: 'partners@acme.example' };
    return new Map<string, Channel>([
      ['webhook', createWebhookChannel({ url: receiver.url, secrets: [SECRET], timeoutMs: 1_000 })],
      ['email', createEmailChannel({ server: clientOf(mail.port), from, timeoutMs: 2_000 })],
    ]);
  }

  const deliver = (channel: 'webhook' | 'email', by: DecisionStage = stage): Promise<DeliveryReport> =>
    createNotifyActivities(by.deps).deliverMessages(channel);
  /** As the flow of the channel does, with every pause skipped, until nothing is due. */
  async function deliverAll(channel: 'webhook' | 'email', rounds = 50): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      await endPauses(db);
      if ((await deliver(channel)).waiting === 0) return;
    }
  }
  const textsOf = (lane: string): readonly string[] =>
    receiver.taken().flatMap(({ body, headers }) => {
      const { data } = new Webhook(SECRET).verify(body, headers) as { data: { commentId?: string; text?: string } };
      return data.commentId?.startsWith(`${lane}/`) === true ? [data.text ?? ''] : [];
    });

  it('sends everything that is due, in the order of each claim, and keeps it on record', async () => {
    const lanes = ['registration/a', 'registration/b', 'registration/c'];
    const ids = await queue(db, ...lanes.flatMap((lane) => messagesOfLane(lane, 5)));
    expect(await deliver('webhook')).toEqual({
      state: 'open',
      code: null,
      needsAttention: false,
      sent: 15,
      failed: 0,
      waiting: 0,
      oldestWaitingSince: null,
      unresolved: 0,
      dueNow: 0,
    });
    for (const lane of lanes) expect(textsOf(lane)).toEqual(['0', '1', '2', '3', '4']);
    expect(new Set(receiver.received.map(({ id }) => id))).toEqual(new Set(ids));
    expect(await findMessage(db, ids[0] ?? '')).toMatchObject({ status: 'sent', attempts: 1 });
    const [entry] = await listAudit(db, 'registration/a', 1);
    expect(entry).toMatchObject({
      kind: 'message sent',
      actor: 'program',
      details: { messageId: ids[4], event: 'registration.won', recipientKind: 'partner', channel: 'webhook', code: null },
    });
  });

  it('keeps the order of each claim whatever is refused in between, and lets the others go on', async () => {
    let asked = 0;
    // Every third request fails, in four ways.
    receiver.answer = (request) => {
      asked += 1;
      if (asked % 3 !== 0) return 204;
      if (asked % 12 === 0) request.socket.destroy();
      return [500, 404, 503][asked % 4] ?? 500;
    };
    const lanes = Array.from({ length: 6 }, (_, at) => `registration/${at}`);
    await queue(db, ...lanes.flatMap((lane) => messagesOfLane(lane, 6)));
    await deliverAll('webhook');
    for (const lane of lanes) expect(textsOf(lane)).toEqual(['0', '1', '2', '3', '4', '5']);
    const ids = receiver.taken().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps the order with several deliverers at once, and sends nothing twice', async () => {
    const lanes = Array.from({ length: 12 }, (_, at) => `registration/${at}`);
    await queue(db, ...lanes.flatMap((lane) => messagesOfLane(lane, 8)));
    const others = [createDecisionStage(db, { channels }), createDecisionStage(db, { channels })];
    for (let round = 0; round < 30 && receiver.taken().length < 96; round += 1) {
      await Promise.all([stage, ...others].map((by) => deliver('webhook', by)));
    }
    for (const lane of lanes) expect(textsOf(lane)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(receiver.received).toHaveLength(96);
  });

  it('sends again, with the same id, what was sent before a crash could be recorded', async () => {
    const [id = ''] = await queue(db, ...messagesOfLane('registration/a', 1));
    // The database goes away between the answer of the portal and its record.
    const crashing = createNotifyActivities({ ...stage.deps, db: withoutTransactions(db) });
    await expect(crashing.deliverMessages('webhook')).rejects.toThrow('the connection to the database is gone');
    expect(receiver.taken()).toHaveLength(1);
    expect(await findMessage(db, id)).toMatchObject({ status: 'queued', attempts: 1 });
    expect(await deliver('webhook')).toMatchObject({ sent: 0, waiting: 1, dueNow: 0 });
    await endPauses(db);
    expect(await deliver('webhook')).toMatchObject({ sent: 1, waiting: 0 });
    expect(receiver.taken().map((hook) => hook.id)).toEqual([id, id]);
    expect(receiver.taken()[0]?.body).toBe(receiver.taken()[1]?.body);
  });

  /** A database that nothing can be recorded in: transactions fail, reading and taking messages work. */
  function withoutTransactions(real: Database): Database {
    return new Proxy(real, {
      get: (target, name) => {
        if (name === 'transaction') {
          return () => ({
            execute: async () => {
              throw new Error('the connection to the database is gone');
            },
          });
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
      },
    });
  }

  it('holds the whole channel while nobody answers, tries now and then, and goes on in order', async () => {
    await receiver.close();
    const lanes = Array.from({ length: 40 }, (_, at) => `registration/${at}`);
    await queue(db, ...lanes.flatMap((lane) => messagesOfLane(lane, 2)));
    const first = await deliver('webhook');
    expect(first).toMatchObject({ state: 'held', code: 'WEBHOOK_UNREACHABLE', sent: 0, waiting: 80, dueNow: 0, needsAttention: false });
    expect(first.nextInMs).toBeLessThanOrEqual(5_000);
    // Not tried at all while it is held.
    const attempts = async (): Promise<number> =>
      (await db.selectFrom('message').select('attempts').execute()).reduce((sum, row) => sum + row.attempts, 0);
    const before = await attempts();
    expect(before).toBeLessThanOrEqual(8);
    await deliver('webhook');
    expect(await attempts()).toBe(before);
    for (let round = 0; round < 4; round += 1) {
      await endPauses(db);
      await deliver('webhook');
    }
    expect(await deliver('webhook')).toMatchObject({ state: 'held', needsAttention: true });
    expect((await readChannelStanding(db, 'webhook')).heldForMs).toBeGreaterThan(30_000);
    receiver = await startWebhookReceiver(receiver.port);
    await deliverAll('webhook');
    for (const lane of lanes) expect(textsOf(lane)).toEqual(['0', '1']);
    expect(await deliver('webhook')).toMatchObject({ state: 'open', code: null, needsAttention: false, waiting: 0 });
  });

  it('waits as long as the portal asks', async () => {
    receiver.answer = (_request, response) => {
      response.writeHead(429, { 'retry-after': '90' });
      return 429;
    };
    await queue(db, ...messagesOfLane('registration/a', 1), ...messagesOfLane('registration/b', 1));
    const report = await deliver('webhook');
    expect(report).toMatchObject({ state: 'held', code: 'WEBHOOK_BUSY' });
    expect(report.nextInMs).toBeGreaterThan(85_000);
    expect(report.nextInMs).toBeLessThanOrEqual(90_000);
  });

  it('holds the channel when every message is refused, each for itself', async () => {
    receiver.answer = () => 401;
    await queue(db, ...Array.from({ length: 30 }, (_, at) => messagesOfLane(`registration/${at}`, 1)).flat());
    const report = await deliver('webhook');
    expect(report).toMatchObject({ state: 'held', code: 'WEBHOOK_REFUSED', needsAttention: true });
    expect(receiver.received.length).toBeLessThan(20);
  });

  it('tries a single message that is refused again, later and later, and shows why it waits', async () => {
    receiver.answer = (_request, _response, body) => (body.includes('"0"') ? 500 : 204);
    const [poison = ''] = await queue(
      db,
      ...messagesOfLane('registration/a', 2),
      ...messagesOfLane('registration/b', 1, { payload: newMessage().payload }),
    );
    expect(await deliver('webhook')).toMatchObject({
      state: 'open',
      sent: 1,
      waiting: 2,
      dueNow: 0,
      code: 'WEBHOOK_FAILED',
      needsAttention: false,
    });
    for (let round = 0; round < 3; round += 1) {
      await endPauses(db);
      await deliver('webhook');
    }
    const { nextInMs } = await deliver('webhook');
    expect(nextInMs).toBeGreaterThan(15_000);
    expect(await findMessage(db, poison)).toMatchObject({ attempts: 4, lastError: 'WEBHOOK_FAILED' });
  });

  it('gives up what was not taken in its time, lets the later ones go on, and calls for a person', async () => {
    receiver.answer = (_request, _response, body) => (body.includes('"0"') ? 500 : 204);
    const [poison = '', next = ''] = await queue(db, ...messagesOfLane('registration/a', 2));
    await makeOlder(db, [poison], 3 * DAY_MS);
    expect(await deliver('webhook')).toMatchObject({ sent: 1, failed: 1, waiting: 0, unresolved: 1, needsAttention: true });
    expect(await findMessage(db, poison)).toMatchObject({ status: 'failed', lastError: 'WEBHOOK_FAILED' });
    expect(await findMessage(db, next)).toMatchObject({ status: 'sent' });
    const kinds = (await listAudit(db, 'registration/a', 10)).map(({ kind, details }) => [
      kind,
      (details as { messageId: string }).messageId,
    ]);
    expect(kinds).toEqual([
      ['message failed', poison],
      ['message sent', next],
    ]);
  });

  it('gives up everything that is overdue while nobody listens, tried or not', async () => {
    await receiver.close();
    const ids = await queue(db, ...Array.from({ length: 30 }, (_, at) => messagesOfLane(`registration/${at}`, 1)).flat());
    await makeOlder(db, ids, 3 * DAY_MS);
    await deliver('webhook');
    await endPauses(db);
    const report = await deliver('webhook');
    expect(report).toMatchObject({ waiting: 0, unresolved: 30, needsAttention: true });
    expect(await listAudit(db, 'registration/29', 10)).toMatchObject([
      { kind: 'message failed', details: { code: 'WEBHOOK_UNREACHABLE' } },
    ]);
    receiver = await startWebhookReceiver(receiver.port);
  });

  it('sends nothing more once the portal wants nothing any more, until somebody resumes it', async () => {
    receiver.answer = () => 410;
    await queue(db, ...messagesOfLane('registration/a', 2));
    expect(await deliver('webhook')).toMatchObject({
      state: 'disabled',
      code: 'WEBHOOK_GONE',
      needsAttention: true,
      waiting: 2,
      dueNow: 0,
    });
    expect(await deliver('webhook')).toMatchObject({ state: 'disabled' });
    expect(receiver.received).toHaveLength(1);
    expect(await listAudit(db, 'channel/webhook', 5)).toMatchObject([{ kind: 'disabled', details: { code: 'WEBHOOK_GONE' } }]);
    receiver.answer = () => 204;
    await db.transaction().execute((trx) => resumeChannel(trx, 'webhook'));
    expect(await deliver('webhook')).toMatchObject({ state: 'open', sent: 2, waiting: 0 });
    expect(textsOf('registration/a')).toEqual(['0', '1']);
  });

  it('does nothing for a channel that this worker has not', async () => {
    await queue(db, newMessage());
    const without = createDecisionStage(db);
    expect(await deliver('webhook', without)).toMatchObject({ state: 'absent', code: 'CHANNEL_NOT_CONFIGURED', sent: 0 });
    expect(await findMessage(db, (await queue(db, newMessage()))[0] ?? '')).toMatchObject({ status: 'queued', attempts: 0 });
  });

  describe('by e-mail', () => {
    const toPartner = async (changes: Parameters<typeof newMessage>[0] = {}, email: string | null = ADDRESS): Promise<string> => {
      const partnerId = await stage.addPartner({ email });
      const [id = ''] = await queue(
        db,
        newMessage({ channel: 'email', recipient: { kind: 'partner', partnerId }, identity: partnerId, ...changes }),
      );
      return id;
    };

    it('writes to the address that the partner has when it is sent', async () => {
      const id = await toPartner();
      expect(await deliver('email')).toMatchObject({ sent: 1, waiting: 0 });
      expect(mail.mails.map(({ to, parsed }) => [to, parsed.messageId])).toEqual([[[ADDRESS], `<${id}@acme.example>`]]);
      expect(await findMessage(db, id)).toMatchObject({ status: 'sent', providerReference: `<${id}@acme.example>` });
      // Neither what is kept of the message nor the audit holds the address.
      const kept = JSON.stringify([await findMessage(db, id), await db.selectFrom('audit_entry').selectAll().execute()]);
      expect(kept).toContain(id);
      expect(kept).not.toContain(ADDRESS);
    });

    it('leaves out who has no address any more, and calls for nobody', async () => {
      const id = await toPartner({}, null);
      expect(await deliver('email')).toMatchObject({ sent: 0, failed: 1, waiting: 0, unresolved: 0, needsAttention: false });
      expect(await findMessage(db, id)).toMatchObject({ status: 'skipped', lastError: 'NO_ADDRESS' });
    });

    it('tries a greylisted one again', async () => {
      let asked = 0;
      onRecipient = () => ((asked += 1) === 1 ? refusal(451) : null);
      const id = await toPartner();
      expect(await deliver('email')).toMatchObject({ state: 'open', sent: 0, waiting: 1, code: 'MAIL_DEFERRED', needsAttention: false });
      await endPauses(db);
      expect(await deliver('email')).toMatchObject({ sent: 1, waiting: 0 });
      expect(await findMessage(db, id)).toMatchObject({ status: 'sent', attempts: 2 });
    });

    it('gives up a recipient that is refused, at once, and goes on with the others', async () => {
      onRecipient = (address) => (address.startsWith('gone') ? refusal(550) : null);
      const id = await toPartner({}, 'gone@aster.example');
      await toPartner();
      expect(await deliver('email')).toMatchObject({ state: 'open', sent: 1, failed: 1, unresolved: 1, needsAttention: true });
      expect(await findMessage(db, id)).toMatchObject({ status: 'failed', lastError: 'MAIL_RECIPIENT_REFUSED' });
    });

    it('holds the channel while the server is away, and sends each once it is back', async () => {
      await mail.close();
      for (let at = 0; at < 5; at += 1) await toPartner();
      expect(await deliver('email')).toMatchObject({ state: 'held', code: 'MAIL_UNREACHABLE', sent: 0, waiting: 5 });
      mail = await startMailServer({}, mail.port);
      await deliverAll('email');
      expect(mail.mails).toHaveLength(5);
      expect(new Set(mail.mails.map(({ parsed }) => parsed.messageId)).size).toBe(5);
    });
  });
});
