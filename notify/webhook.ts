import { Webhook } from 'standardwebhooks';
import { retryChannel, retryMessage, type Channel, type ChannelCheck, type DeliveryOutcome, type OutgoingMessage } from './port.ts';
import { retryAfterMs } from './retry-after.ts';

export interface WebhookConfiguration {
  /** http or https, without credentials. Which hosts may be called is the operator's to decide: no address is looked into. */
  readonly url: string;
  /** The one that signs, and, while it is replaced, the one before. As `whsec_` and base64. */
  readonly secrets: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

/** Standard Webhooks advises to stay below 20 kB; nothing of ours comes near this. */
const MOST_BODY_BYTES = 64 * 1024;
/** So much of an answer is read, so that its connection can be used again; nothing in it is kept. */
const MOST_ANSWER_BYTES = 16 * 1024;
const MOST_ANSWER_MS = 2_000;

/**
 * Webhooks to the partner portal, after https://www.standardwebhooks.com: signed with each secret, so that a secret can be replaced without a gap, and with the id of the
 * message as the key by which the portal knows a repetition.
 *
 * Taken is what is answered by 2xx. 410 says that the portal wants none any more. 429, 502, 503 and 504 say that it has too much to do, and hold the channel for as long as
 * `Retry-After` asks, within bounds. Redirects are not followed. Whatever else is answered is tried again until the message's time is over.
 */
export function createWebhookChannel({ url, secrets, timeoutMs }: WebhookConfiguration): Channel {
  const address = new URL(url);
  if (!/^https?:$/.test(address.protocol)) throw new RangeError('a webhook goes to an address of http or https');
  if (address.username !== '' || address.password !== '') throw new RangeError('the address of a webhook holds no credentials');
  const signers = secrets.map((secret) => new Webhook(secret));

  const deliver = async ({ id, body }: OutgoingMessage): Promise<DeliveryOutcome> => {
    if (body === null) return { kind: 'refused', code: 'MESSAGE_UNREADABLE' };
    const content = JSON.stringify(body);
    if (Buffer.byteLength(content) > MOST_BODY_BYTES) return { kind: 'refused', code: 'MESSAGE_TOO_LARGE' };
    const now = new Date();
    try {
      const answer = await fetch(address, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Dealkeeper',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': signers.map((signer) => signer.sign(id, now, content)).join(' '),
        },
        body: content,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await drain(answer);
      return outcomeOf(answer, now);
    } catch (error) {
      return retryChannel(isTimeout(error) ? 'WEBHOOK_TIMEOUT' : 'WEBHOOK_UNREACHABLE');
    }
  };

  return {
    name: 'webhook',
    needsAddress: false,
    deliver,
    /** Any answer shows that something listens there; what it is asked leaves nothing behind. */
    async check(): Promise<ChannelCheck> {
      const where = `${address.protocol}//${address.host}`;
      try {
        const answer = await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
        await drain(answer);
        return { kind: 'works', detail: `${where} answers ${answer.status}` };
      } catch (error) {
        const code = isTimeout(error) ? 'WEBHOOK_TIMEOUT' : 'WEBHOOK_UNREACHABLE';
        const remedy =
          'see that PORTAL_WEBHOOK_URL names the host and port on which the portal listens, that this machine reaches it, and that its certificate is valid.';
        return { kind: 'fails', code, detail: where, remedy };
      }
    },
    async close() {},
  };
}

function outcomeOf({ status, headers }: Response, now: Date): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', reference: String(status) };
  if (status === 410) return { kind: 'gone', code: 'WEBHOOK_GONE' };
  if (status === 429 || status === 502 || status === 503 || status === 504) {
    return retryChannel('WEBHOOK_BUSY', retryAfterMs(headers.get('retry-after'), now));
  }
  // `manual` shows the redirect itself: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
  if (status >= 300 && status < 400) return retryMessage('WEBHOOK_REDIRECTED');
  return retryMessage(status >= 500 ? 'WEBHOOK_FAILED' : 'WEBHOOK_REFUSED');
}

/** Reads the answer to its end where it is short, and cuts it off where it is not. The status is known by then: how the rest ends does not matter. */
async function drain({ body }: Response): Promise<void> {
  if (body === null) return;
  const reader = body.getReader();
  const cutOff = setTimeout(() => void reader.cancel().catch(() => undefined), MOST_ANSWER_MS);
  let read = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      read += value.byteLength;
      if (read > MOST_ANSWER_BYTES) break;
    }
    await reader.cancel();
  } catch {
    // The answer broke off, or its time was over.
  } finally {
    clearTimeout(cutOff);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
