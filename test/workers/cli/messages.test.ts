import { randomUUID } from 'node:crypto';
import type { Channel } from '../../../notify/port.ts';
import type { Database } from '../../../store/database.ts';
import { disableChannel } from '../../../store/message-channel.ts';
import { leaseDueMessages, markUndelivered } from '../../../store/message-delivery.ts';
import { findMessage } from '../../../store/message.ts';
import { openSalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../../support/decision-stage.ts';
import { refusal, startMailServer } from '../../support/mail-server.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { startWebhookReceiver } from '../../support/webhook-receiver.ts';
import { runCommand, widthOf, type CommandRun } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

let postgres: TestPostgres;
let db: Database;
let environment: Readonly<Record<string, string>>;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const opened = await postgres.openEmpty();
  db = opened.db;
  environment = { DATABASE_URL: opened.url };
  stage = createDecisionStage(db, { channels: new Map([['webhook', { name: 'webhook', needsAddress: false } as Channel]]) });
}, 60_000);
afterEach(() => emptyStore(db));
afterAll(() => postgres.stop());

async function succeeding(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(args, environment);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(widthOf(stdout)).toBeLessThanOrEqual(100);
  return stdout;
}

async function json(...args: readonly string[]): Promise<unknown> {
  return JSON.parse((await runCommand([...args, '--json'], environment)).stdout);
}

async function failing(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<CommandRun> {
  const ended = await runCommand(args, { ...environment, ...more });
  expect(ended.exitCode).toBe(1);
  return ended;
}

describe('messages', () => {
  it('lists what was told of a registration and of a case, by any way of naming it', async () => {
    const partnerId = await stage.addPartner({ email: 'deals@aster.example' });
    const holder = await stage.receiveAndEvaluate({ partnerId });
    const claimant = await stage.receiveAndEvaluate({ customer: { domain: null } });
    const { registrationId } = holder;
    const { caseId } = claimant.state;
    const page = (await json('messages', 'list', registrationId)) as { items: readonly { event: string }[]; nextCursor: string | null };
    expect(page.items.map(({ event }) => event)).toEqual([
      'registration.received',
      'registration.received',
      'registration.approved',
      'registration.approved',
      'case.opened',
      'case.opened',
    ]);
    expect(await json('messages', 'list', `registration/${registrationId}`)).toEqual(page);
    const ofCase = await json('messages', 'list', caseId ?? '');
    expect(await json('messages', 'list', `case/${caseId}`)).toEqual(ofCase);
    expect((ofCase as { items: readonly unknown[] }).items).toHaveLength(4);
    const printed = await succeeding('messages', 'list', registrationId, '--limit', '2');
    expect(printed).toContain(`skipped: channel not configured, not tried`);
    expect(printed).toMatch(new RegExp(`event: {2}registration\\.received of registration/${registrationId}`));
    expect(printed).toMatch(/There are more: add --cursor \S+/);
    expect(printed).not.toContain('deals@aster.example');
    for (const unknown of [randomUUID(), `case/${randomUUID()}`, 'nothing']) {
      expect((await failing(['messages', 'list', unknown])).stderr).toMatch(/There is no (registration|case).*\nRemedy: /s);
    }
  });

  it('shows how the channels stand, tries a message again, sets it aside, and resumes a channel', async () => {
    await stage.receiveAndEvaluate();
    const [leased] = await leaseDueMessages(db, 'webhook', 1, 60_000);
    const id = leased?.id ?? '';
    await db.transaction().execute(async (trx) => {
      await markUndelivered(trx, leased as never, 'failed', 'WEBHOOK_REFUSED');
      await disableChannel(trx, 'webhook', 'WEBHOOK_GONE', '2026-11-16T15:00:00.000Z');
    });
    const status = await succeeding('messages', 'status');
    expect(status).toMatch(
      /^webhook: {2}disabled \(webhook gone\); 1 wait, the oldest since \S+\n {2}so far: {2}0 sent, 0 skipped, 1 failed$/m,
    );
    expect(status).toMatch(/^email: {2}open; nothing waits$/m);
    expect(await succeeding('messages', 'retry', id)).toContain(`${id}:  queued, tried once`);
    expect((await failing(['messages', 'retry', id])).stderr).toContain('The message is queued.');
    expect(await succeeding('messages', 'skip', id)).toContain(`${id}:  skipped`);
    expect(await findMessage(db, id)).toMatchObject({ status: 'skipped' });
    expect(await succeeding('messages', 'resume', 'webhook')).toContain('webhook:  open');
    expect((await failing(['messages', 'resume', 'pigeon'])).stderr).toContain('There is no channel "pigeon".');
    expect(await succeeding('audit', 'list', 'channel/webhook')).toMatch(/resumed +api/);
  });
});

describe('connections check', () => {
  it('proves the mail server and the portal, and says what to do where one does not answer', async () => {
    const sandbox = await openSalesforceSandbox({
      port: 0,
      dataFile: ':memory:',
      metadataRoot: 'crm/salesforce/force-app',
      sampleFile: null,
      seed: 1,
    });
    const receiver = await startWebhookReceiver();
    const mail = await startMailServer({
      options: {
        disabledCommands: ['STARTTLS'],
        allowInsecureAuth: true,
        onAuth: (auth, _session, callback) =>
          auth.password === 'right' ? callback(null, { user: 'us' }) : callback(refusal(535, 'no such password')),
      },
    });
    const configured = (password: string) => ({
      SALESFORCE_INSTANCE_URL: sandbox.url,
      SALESFORCE_ACCESS_TOKEN: '00D000000000001!integration',
      PORTAL_WEBHOOK_URL: receiver.url,
      PORTAL_WEBHOOK_SECRET: `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`,
      SMTP_URL: `smtp://us:${password}@127.0.0.1:${mail.port}?requireTLS=false&ignoreTLS=true`,
      MAIL_FROM: 'partners@acme.example',
    });
    const good = await runCommand(['connections', 'check', '--json'], { ...environment, ...configured('right') });
    expect([good.exitCode, good.stderr]).toEqual([0, '']);
    expect(JSON.parse(good.stdout)).toMatchObject({
      connections: [{ name: 'salesforce' }],
      channels: [
        { name: 'webhook', check: { kind: 'works' } },
        { name: 'email', check: { kind: 'works' } },
      ],
    });
    expect([receiver.received, mail.mails]).toEqual([[], []]);
    const wrong = await failing(['connections', 'check'], configured('hunter2'));
    expect(wrong.stderr).toMatch(
      /Messages cannot be delivered: MAIL_AUTH_FAILED at 127\.0\.0\.1:\d+\.\nRemedy: correct the user and password in SMTP_URL/,
    );
    expect(wrong.stdout + wrong.stderr).not.toContain('hunter2');
    await receiver.close();
    const away = await failing(['connections', 'check'], configured('right'));
    expect(away.stderr).toMatch(/WEBHOOK_UNREACHABLE at http:\/\/127\.0\.0\.1:\d+\.\nRemedy: see that PORTAL_WEBHOOK_URL/);
    await Promise.all([mail.close(), sandbox.close()]);
  });
});
