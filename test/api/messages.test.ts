import { randomUUID } from 'node:crypto';
import type { Channel } from '../../notify/port.ts';
import { listAudit } from '../../store/audit.ts';
import type { Database } from '../../store/database.ts';
import { disableChannel, holdChannel } from '../../store/message-channel.ts';
import { leaseDueMessages, markSent, markUndelivered } from '../../store/message-delivery.ts';
import { apiDependencies, NOW, PARTNER, startTestApi, type TestApi } from '../support/api.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(60_000);

interface Message {
  readonly id: string;
  readonly event: string;
  readonly channel: string;
}
interface Page {
  readonly items: readonly Message[];
  readonly nextCursor: string | null;
}

let postgres: TestPostgres | undefined;
let db: Database;
let api: TestApi;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  const channels = new Map([['webhook', { name: 'webhook', needsAddress: false } as Channel]]);
  stage = createDecisionStage(db, { now: () => NOW, channels });
  api = await startTestApi(apiDependencies(db));
}, 60_000);
afterEach(() => emptyStore(db));
afterAll(async () => {
  await api?.close();
  await postgres?.stop();
});

const read = async (path: string): Promise<Page> => (await api.call('GET', path)).body as Page;
/** A claim whose two messages wait, and what is known of them. */
async function toldClaim() {
  const partnerId = await stage.addPartner({ email: 'deals@aster.example' });
  const claim = await stage.receiveAndEvaluate({ partnerId });
  const path = `/v1/registrations/${claim.registrationId}/messages`;
  return { claim, partnerId, path, messages: (await read(path)).items };
}

describe('GET /v1/registrations/{id}/messages', () => {
  it('is the record of what was told, to whom, by which way, when, and what became of it', async () => {
    const { claim, partnerId, messages, path } = await toldClaim();
    expect(messages.map(({ event, channel }) => [event, channel])).toEqual([
      ['registration.received', 'webhook'],
      ['registration.received', 'email'],
      ['registration.approved', 'webhook'],
      ['registration.approved', 'email'],
    ]);
    const [leased] = await leaseDueMessages(db, 'webhook', 1, 60_000);
    await db.transaction().execute((trx) => markSent(trx, leased?.id ?? '', '204'));
    const { text, body } = await api.call('GET', path);
    const common = {
      subject: `registration/${claim.registrationId}`,
      recipient: { kind: 'partner', id: partnerId },
      createdAt: expect.any(String),
    };
    expect((body as Page).items.slice(0, 2)).toEqual([
      {
        ...common,
        id: messages[0]?.id,
        event: 'registration.received',
        channel: 'webhook',
        status: 'sent',
        sentAt: expect.any(String),
        attempts: 1,
        lastError: null,
      },
      {
        ...common,
        id: messages[1]?.id,
        event: 'registration.received',
        channel: 'email',
        status: 'skipped',
        sentAt: null,
        attempts: 0,
        lastError: 'CHANNEL_NOT_CONFIGURED',
      },
    ]);
    expect(text).not.toContain('deals@aster.example');
  });

  it('is read page by page', async () => {
    const { path, messages } = await toldClaim();
    const first = await read(`${path}?limit=3`);
    expect(first.items).toEqual(messages.slice(0, 3));
    const second = await read(`${path}?limit=3&cursor=${first.nextCursor}`);
    expect(second).toEqual({ items: messages.slice(3), nextCursor: null });
    expect((await api.call('GET', `${path}?cursor=broken`)).status).toBe(400);
    expect((await api.call('GET', `${path}?limit=0`)).status).toBe(400);
  });

  it.each(['registrations', 'cases'])('answers 404 for what is not among the %s', async (kind) => {
    for (const id of [randomUUID(), 'no-id']) expect((await api.call('GET', `/v1/${kind}/${id}/messages`)).status).toBe(404);
  });
});

describe('GET /v1/cases/{id}/messages', () => {
  it('has what all sides were told, and each registration what its own was', async () => {
    const holder = await stage.receiveAndEvaluate();
    const claimant = await stage.receiveAndEvaluate({ customer: { domain: null } });
    const ofCase = await read(`/v1/cases/${claimant.state.caseId}/messages`);
    expect(ofCase.items.map(({ event }) => event)).toEqual(['question.asked', 'case.opened', 'case.opened']);
    for (const { registrationId } of [holder, claimant]) {
      const own = (await read(`/v1/registrations/${registrationId}/messages`)).items.filter(({ event }) => event === 'case.opened');
      expect(own).toHaveLength(1);
      expect(ofCase.items).toContainEqual(own[0]);
    }
  });
});

describe('a message that failed', () => {
  async function failedMessage(): Promise<{ readonly id: string; readonly subject: string }> {
    const { claim } = await toldClaim();
    const [leased] = await leaseDueMessages(db, 'webhook', 1, 60_000);
    await db.transaction().execute((trx) => markUndelivered(trx, leased as never, 'failed', 'WEBHOOK_FAILED'));
    return { id: leased?.id ?? '', subject: `registration/${claim.registrationId}` };
  }

  it('is tried again on command, once', async () => {
    const { id, subject } = await failedMessage();
    const retried = await api.call('POST', `/v1/messages/${id}/retry`);
    expect([retried.status, retried.body]).toMatchObject([200, { id, status: 'queued', lastError: null }]);
    expect(await api.call('POST', `/v1/messages/${id}/retry`)).toMatchObject({ status: 409, body: { detail: 'The message is queued.' } });
    expect((await listAudit(db, subject, 1))[0]).toMatchObject({ kind: 'message retried', actor: 'api', details: { messageId: id } });
  });

  it('is set aside on command', async () => {
    const { id } = await failedMessage();
    expect((await api.call('POST', `/v1/messages/${id}/skip`)).body).toMatchObject({ status: 'skipped', lastError: 'WEBHOOK_FAILED' });
    expect((await api.call('POST', `/v1/messages/${id}/skip`)).status).toBe(409);
    expect((await api.call('POST', `/v1/messages/${id}/retry`)).status).toBe(200);
  });

  it('is not found under another id', async () => {
    expect((await api.call('POST', `/v1/messages/${randomUUID()}/retry`)).status).toBe(404);
    expect((await api.call('POST', '/v1/messages/status/retry')).status).toBe(404);
  });
});

describe('GET /v1/messages/status', () => {
  it('shows every channel, what waits in it, and why', async () => {
    await toldClaim();
    await holdChannel(db, 'webhook', 60_000, 'WEBHOOK_BUSY');
    expect((await api.call('GET', '/v1/messages/status')).body).toEqual({
      channels: [
        {
          name: 'webhook',
          state: 'held',
          code: 'WEBHOOK_BUSY',
          waiting: 2,
          oldestWaitingSince: expect.any(String),
          sent: 0,
          failed: 0,
          skipped: 0,
        },
        { name: 'email', state: 'open', code: null, waiting: 0, oldestWaitingSince: null, sent: 0, failed: 0, skipped: 2 },
      ],
    });
  });

  it('is the same in the metrics', async () => {
    await toldClaim();
    const { text } = await api.call('GET', '/metrics');
    expect(text).toMatch(/^dealkeeper_messages\{channel="webhook",status="queued"\} 2$/m);
    expect(text).toMatch(/^dealkeeper_messages\{channel="email",status="skipped"\} 2$/m);
    expect(text).toMatch(/^dealkeeper_messages_oldest_queued_seconds\{channel="webhook"\} [\d.e-]+$/m);
    expect(text).not.toMatch(/^dealkeeper_messages_oldest_queued_seconds\{channel="email"\}/m);
  });
});

describe('POST /v1/messages/channels/{channel}/resume', () => {
  it('opens a channel that is disabled, and says so in the audit', async () => {
    await db.transaction().execute((trx) => disableChannel(trx, 'webhook', 'WEBHOOK_GONE', NOW));
    expect((await api.call('POST', '/v1/messages/channels/webhook/resume')).body).toMatchObject({
      name: 'webhook',
      state: 'open',
      code: null,
    });
    expect(await listAudit(db, 'channel/webhook', 5)).toMatchObject([
      { kind: 'resumed', details: { from: 'disabled', code: 'WEBHOOK_GONE' } },
    ]);
    expect((await api.call('POST', '/v1/messages/channels/pigeon/resume')).status).toBe(404);
  });
});

describe('the address of a partner', () => {
  const path = '/v1/partners/P-MAIL';
  it('is kept, shown, changed, and taken off with what is left out', async () => {
    const put = (email?: unknown) => api.call('PUT', path, email === undefined ? PARTNER : { ...PARTNER, email });
    expect((await put(' Deals@Aster.example ')).body).toMatchObject({ email: 'Deals@Aster.example' });
    expect((await api.call('GET', path)).body).toMatchObject({ email: 'Deals@Aster.example' });
    expect((await put('other@aster.example')).body).toMatchObject({ email: 'other@aster.example' });
    expect((await put()).body).toMatchObject({ email: null });
    for (const wrong of [
      'nobody',
      'a@b@c.example',
      'Aster <a@aster.example>',
      'a@aster.example, b@aster.example',
      'a@aster.example\r\nBcc: x@y.example',
      7,
    ]) {
      expect(await put(wrong)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'email', message: 'expected an e-mail address' }] },
      });
    }
  });
});
