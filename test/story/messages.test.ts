import { Webhook } from 'standardwebhooks';
import { createSystem, type EmbeddedSystem } from '../support/embedded-system.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { startMailServer, type TestMailServer } from '../support/mail-server.ts';
import { inParallel, until } from '../support/until.ts';
import { startWebhookReceiver, type TestReceiver } from '../support/webhook-receiver.ts';
import { claimOn, openPortal, usd, type Portal } from './portal.ts';

const START_MS = 150_000;
const STORY_MS = 240_000;
const CLAIMS = 40;
const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;

interface MessagePage {
  readonly items: readonly {
    readonly id: string;
    readonly event: string;
    readonly channel: string;
    readonly status: string;
    readonly lastError: string | null;
  }[];
}

describeWith(findServers().temporal, 'What was decided is told to its partner, although SIGKILL hits the worker', () => {
  let system: EmbeddedSystem;
  let portal: Portal;
  let receiver: TestReceiver;
  let mail: TestMailServer;

  beforeAll(async () => {
    [receiver, mail, system] = await Promise.all([startWebhookReceiver(), startMailServer(), createSystem('messages')]);
    await system.start({
      PORTAL_WEBHOOK_URL: receiver.url,
      PORTAL_WEBHOOK_SECRET: SECRET,
      SMTP_URL: `smtp://127.0.0.1:${mail.port}?ignoreTLS=true`,
      MAIL_FROM: 'Acme Partners <partners@acme.example>',
    });
    portal = openPortal(system.apiUrl, system.apiToken);
    const partner = {
      name: 'Aster Consulting',
      domain: 'aster.example',
      country: 'US',
      type: 'reseller',
      track: 'solution',
      tier: 'gold',
      status: 'active',
    };
    const answer = await portal.call('PUT', '/v1/partners/P-1', { ...partner, email: 'deals@aster.example' });
    if (answer.status >= 300) throw new Error(`the partner was not taken: ${JSON.stringify(answer.body)}`);
  }, START_MS);
  afterAll(async () => {
    await system?.close();
    await Promise.all([receiver?.close(), mail?.close()]);
  }, START_MS);

  const messagesOf = async (id: string): Promise<MessagePage['items']> =>
    (await portal.call<MessagePage>('GET', `/v1/registrations/${id}/messages`)).body.items;
  /** What the portal took of a claim, a repetition left out by its id, as a portal does. */
  function takenOf(id: string): readonly string[] {
    const seen = new Set<string>();
    return receiver.taken().flatMap((hook) => {
      const { type, data } = new Webhook(SECRET).verify(hook.body, hook.headers) as { type: string; data: { registrationId: string } };
      if (data.registrationId !== id || seen.has(hook.id)) return [];
      seen.add(hook.id);
      return [type];
    });
  }

  it(
    'once and in order by webhook, and by mails of one conversation',
    async () => {
      const words = Array.from({ length: CLAIMS }, (_, at) => `zelkor${at}`);
      const ids = await inParallel(words, 4, async (word) => (await portal.register(claimOn(word))).id);
      await until('some were taken', async () => receiver.taken().length > 10);
      const worker = system.parts().find(({ name }) => name === 'The worker');
      if (worker === undefined) throw new Error('the worker does not run');
      process.kill(worker.pid, 'SIGKILL');
      for (const id of ids) await portal.whenStatus(id, 'approved');
      // What the killed worker had taken is due again when its lease is over.
      await until(
        'everything was sent',
        async () => (await Promise.all(ids.map(messagesOf))).flat().every(({ status }) => status === 'sent'),
        150_000,
      );
      for (const id of ids) {
        expect(takenOf(id)).toEqual(['registration.received', 'registration.approved']);
        const known = await messagesOf(id);
        expect(known.map(({ event, channel }) => [event, channel])).toEqual([
          ['registration.received', 'webhook'],
          ['registration.received', 'email'],
          ['registration.approved', 'webhook'],
          ['registration.approved', 'email'],
        ]);
        const mails = mail.mails.filter(({ parsed }) => parsed.inReplyTo === `<registration.${id}@acme.example>`);
        const mailIds = new Set(mails.map(({ parsed }) => parsed.messageId));
        expect(mailIds).toEqual(new Set(known.filter(({ channel }) => channel === 'email').map((one) => `<${one.id}@acme.example>`)));
        expect(mails.every(({ to }) => to.join() === 'deals@aster.example')).toBe(true);
      }
    },
    STORY_MS,
  );

  it(
    'and of a claim that people decide, what they said',
    async () => {
      const { id } = await portal.register(claimOn('vantrix', usd('60000.00')));
      await portal.whenStatus(id, 'in_review');
      const path = `/v1/registrations/${id}/decisions`;
      await portal.call('POST', path, { decision: 'return', comment: 'Please name the second site.', actor: 'manager' });
      await until('it was told', async () => takenOf(id).includes('registration.returned'));
      const [returned] = await until('the mail is there', async () => {
        const found = mail.mails.filter(
          ({ parsed }) => parsed.subject?.includes('DR-vantrix') === true && parsed.subject.includes('returned'),
        );
        return found.length > 0 ? found : null;
      });
      expect(returned?.parsed.text).toContain('Please name the second site.');
      expect(returned?.parsed.text).not.toContain('manager');
    },
    STORY_MS,
  );

  it(
    'and is kept on record where no channel is configured, with nothing sent',
    async () => {
      await system.stop('SIGTERM');
      const before = [receiver.received.length, mail.mails.length];
      await system.start();
      const { id } = await portal.register(claimOn('quorbel'));
      await portal.whenStatus(id, 'approved');
      const kept = await messagesOf(id);
      expect(kept).toHaveLength(4);
      for (const one of kept) expect(one).toMatchObject({ status: 'skipped', lastError: 'CHANNEL_NOT_CONFIGURED' });
      expect([receiver.received.length, mail.mails.length]).toEqual(before);
    },
    STORY_MS,
  );
});
