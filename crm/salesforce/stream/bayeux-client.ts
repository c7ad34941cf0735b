import { CrmFailure } from '../../failures.ts';
import { BoundedTransport } from '../bounded-transport.ts';
import { classifyAnswer } from '../classify-failure.ts';
import type { Session } from '../session.ts';
import { CONNECT, DISCONNECT, HANDSHAKE, readReplies, SUBSCRIBE, type BayeuxReply } from './bayeux-message.ts';

/** What Salesforce advises: a connect waits so long for events. */
const ADVISED_TIMEOUT_MS = 110_000;
const GRACE_MS = 10_000;
/** Leaving is a courtesy: the org forgets who is silent after 40 seconds. */
const LEAVE_TIMEOUT_MS = 2_000;
const NEW_EVENTS = -1;

/**
 * One client of the Streaming API, over HTTP by long polling: it shakes hands, subscribes, and asks again and again. Each call is bounded, so that silence is a
 * failure; each carries the session as it is then, so that a renewed one is used at once; nothing is repeated here.
 * https://developer.salesforce.com/docs/atlas.en-us.api_streaming.meta/api_streaming/how_the_client_connects.htm
 */
export class BayeuxClient {
  readonly #session: Session;
  readonly #signal: AbortSignal;
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  #clientId: string | null = null;
  #lastId = 0;
  #waitMs: number;

  constructor(session: Session, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
    this.#url = `${session.instanceUrl}/cometd/${session.config.apiVersion}`;
    this.#waitMs = session.config.eventWait?.timeoutMs ?? ADVISED_TIMEOUT_MS;
  }

  async handshake(): Promise<BayeuxReply> {
    const [answer] = await this.#post([
      { channel: HANDSHAKE, version: '1.0', minimumVersion: '1.0', supportedConnectionTypes: ['long-polling'], ext: { replay: true } },
    ]);
    if (answer === undefined) throw new CrmFailure('CRM_UNAVAILABLE', 'The handshake for change events was not answered');
    this.#clientId = answer.successful === true ? (answer.clientId ?? null) : null;
    return answer;
  }

  /** Each channel with its own map of positions: a map that is shared would be sent with the ids of another channel. */
  async subscribe(positions: ReadonlyMap<string, string | null>): Promise<readonly BayeuxReply[]> {
    const messages = [...positions].map(([channel, position]) => ({
      channel: SUBSCRIBE,
      clientId: this.#clientId,
      subscription: channel,
      ext: { replay: { [channel]: position === null ? NEW_EVENTS : Number(position) } },
    }));
    return this.#post(messages);
  }

  /**
   * Events and the reply of the connect itself, as soon as there are some, or when the time for it is over. The first one of a client asks not to be kept waiting: its
   * reply tells that all is well, and what the server advises.
   */
  async connect(isFirst: boolean): Promise<readonly BayeuxReply[]> {
    const { eventWait } = this.#session.config;
    const timeout = isFirst ? 0 : eventWait?.timeoutMs;
    const message = {
      channel: CONNECT,
      clientId: this.#clientId,
      connectionType: 'long-polling',
      ...(timeout === undefined ? {} : { advice: { timeout } }),
    };
    const answers = await this.#post([message], this.#waitMs + (eventWait?.graceMs ?? GRACE_MS));
    const advised = answers.findLast(({ advice }) => advice?.timeout !== undefined)?.advice?.timeout;
    if (advised !== undefined && eventWait === undefined) this.#waitMs = Math.min(Math.max(advised, 1_000), 2 * ADVISED_TIMEOUT_MS);
    return answers;
  }

  /** Lets go of the client at the org. Never throws. */
  async leave(): Promise<void> {
    if (this.#clientId === null) return;
    const message = { channel: DISCONNECT, clientId: this.#clientId };
    this.#clientId = null;
    try {
      await this.#post([message], LEAVE_TIMEOUT_MS, false);
    } catch {
      // It is forgotten there by itself.
    }
  }

  async #post(
    messages: readonly object[],
    timeoutMs = this.#session.config.requestTimeoutMs,
    endsEarly = true,
  ): Promise<readonly BayeuxReply[]> {
    const { accessToken } = await this.#session.signedIn();
    const observe = (exchange: BoundedTransport['lastExchange'], durationMs: number): void =>
      this.#session.observe('events', exchange, durationMs);
    const transport = new BoundedTransport(timeoutMs, observe, endsEarly ? this.#signal : undefined);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    await transport.exchange({
      method: 'POST',
      url: this.#url,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        'content-type': 'application/json',
        ...(cookie === '' ? {} : { cookie }),
      },
      body: JSON.stringify(messages.map((message) => ({ id: String((this.#lastId += 1)), ...message }))),
    });
    const { lastExchange } = transport;
    if (lastExchange === null) throw new CrmFailure('CRM_UNAVAILABLE', 'The call for change events was not answered');
    this.#keepCookies(lastExchange.cookies ?? []);
    const replies = readReplies(lastExchange.body);
    if (replies !== null) return replies;
    if (lastExchange.status === 401)
      return messages.map(() => ({ channel: HANDSHAKE, successful: false, error: '401::Authentication invalid' }));
    throw failureOf(lastExchange.status, lastExchange.body, lastExchange.headers['retry-after']);
  }

  #keepCookies(headers: readonly string[]): void {
    for (const header of headers) {
      const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(header) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value.trim());
    }
  }
}

/** An org without the API, or a user who may not use it, answers before there is a Bayeux message to refuse. */
function failureOf(status: number, body: string, retryAfter: string | undefined): CrmFailure {
  const failure = classifyAnswer(status, body, retryAfter);
  if (failure.code === 'CRM_RATE_LIMITED' || failure.code === 'CRM_ALLOWANCE_EXHAUSTED') return failure;
  const isLasting = (status >= 400 && status < 500 && failure.code !== 'CRM_UNAVAILABLE') || status === 501;
  return new CrmFailure(isLasting ? 'CRM_EVENTS_UNAVAILABLE' : 'CRM_UNAVAILABLE', `Change events: ${failure.message}`);
}
