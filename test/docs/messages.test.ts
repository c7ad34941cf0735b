import { spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWebhookChannel } from '../../notify/webhook.ts';
import { CHANNELS } from '../../program/notification/channel.ts';
import { CHANNELS_OF, EVENTS, type EventAudience } from '../../program/notification/event-table.ts';
import { renderMessage } from '../../program/notification/render-message.ts';
import { webhookBody } from '../../program/notification/webhook-body.ts';
import { inheritedEnvironment } from '../../workers/config.ts';
import { findFreePort } from '../../workers/embedded/port.ts';
import { outgoing } from '../notify/outgoing.ts';
import { CLAIM_EVENTS, claimPayload } from '../program/notification/message-example.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { readDocument, sectionOf, tableIn } from './document.ts';

jest.setTimeout(60_000);

const document = readDocument('docs/messages.md');

/** Every event that the document has for this audience, as it stands there. */
function documented(heading: string): readonly (readonly [string | undefined, string | undefined, string | undefined])[] {
  return tableIn(sectionOf(document, heading)).map((row) => [row['event'], row['by'], row['told when']]);
}

function catalogue(audience: EventAudience): readonly (readonly [string, string, string])[] {
  const own = Object.entries(EVENTS).filter(([, event]) => event.audience === audience);
  return own.map(([type, { when }]) => [type, CHANNELS_OF[audience].join(', '), when]);
}

describe('docs/messages.md', () => {
  it('has exactly the events that are told, with their ways and occasions', () => {
    expect(documented('To partners')).toEqual(catalogue('partner'));
    expect(documented('To users')).toEqual(catalogue('user'));
  });

  it('names the fields that each event has in a webhook', () => {
    const fields = tableIn(sectionOf(document, 'To partners')).map((row) => [row['event'], row['its own fields']]);
    const real = CLAIM_EVENTS.map(({ type, ...own }) => [type, Object.keys(own).length === 0 ? 'none' : Object.keys(own).join(', ')]);
    expect(fields).toEqual(real);
  });

  it('shows a body as it is sent', () => {
    const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(document)?.[1] ?? '') as { data: object };
    const payload = claimPayload({
      type: 'registration.approved',
      lines: ['platform'],
      protectedUntil: '2027-02-14T15:00:00.000Z',
      reasons: [],
    });
    expect(shown).toEqual(webhookBody(payload, renderMessage(payload)));
  });

  it('says how long each channel tries', () => {
    expect(Object.fromEntries(Object.entries(CHANNELS).map(([name, { giveUpAfterMs }]) => [name, giveUpAfterMs / 86_400_000]))).toEqual({
      webhook: 3,
      email: 1,
    });
    expect(document).toContain('after one day (e-mail), after three days (webhooks)');
  });

  it('shows a receiver that verifies, and takes a repetition for one', async () => {
    const folder = makeTemporaryFolder('receiver');
    writeFileSync(join(folder.path, 'receiver.mjs'), /```js\n([\s\S]*?)```/.exec(document)?.[1] ?? '');
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'));
    const port = await findFreePort();
    const secret = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;
    const env = { ...inheritedEnvironment(), PORTAL_WEBHOOK_SECRET: secret, PORT: String(port) };
    const receiver = spawn(process.execPath, ['receiver.mjs'], { cwd: folder.path, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    receiver.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const url = `http://127.0.0.1:${port}/hooks`;
    const signedWith = (own: string) => createWebhookChannel({ url, secrets: [own], timeoutMs: 5_000 });
    const channel = signedWith(secret);
    await until('it listens', async () => (await channel.check()).kind === 'works');
    for (const id of ['message-1', 'message-1', 'message-2']) {
      expect(await channel.deliver(outgoing({ id }))).toMatchObject({ kind: 'delivered' });
    }
    const forged = signedWith(`whsec_${Buffer.from('another secret, thirty-two bytes').toString('base64')}`);
    expect(await forged.deliver(outgoing({ id: 'message-3' }))).toMatchObject({ kind: 'retry', code: 'WEBHOOK_REFUSED' });
    await until('it printed', async () => printed.split('\n').length > 2);
    expect(printed).toBe('registration.approved DR-1\nregistration.approved DR-1\n');
    receiver.kill();
    folder.remove();
  });
});
