import { Connection } from 'jsforce';
import type { CrmLog } from '../crm-log.ts';
import { CrmFailure } from '../failures.ts';
import type { CrmUsage } from '../port.ts';
import { dateOf, type HttpExchange } from '../http-exchange.ts';
import { parseLimitInfo } from './limit-info.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { Renewal, type RenewedSession } from '../session-renewal.ts';
import { narrowOffset } from '../server-clock.ts';
import type { GrantedSession, SessionShelf } from '../session-shelf.ts';
import { sealOf } from './session-shelf.ts';
import { requestSession, type RenewableAuth, type SalesforceAuth } from './sign-in.ts';

export interface SalesforceConfig {
  /** The name of the connection, as people and the log know it. */
  readonly connection: string;
  /** The org's My Domain address, such as `https://acme.my.salesforce.com`. */
  readonly instanceUrl: string;
  readonly auth: SalesforceAuth;
  /** Such as `66.0`; never left to jsforce, which would take 50.0. */
  readonly apiVersion: string;
  /** From the first byte sent to the last one read, sign-in included. */
  readonly requestTimeoutMs: number;
  /** How long a call for change events waits for some; Salesforce's own advice (110 seconds) where it is left out. */
  readonly eventWait?: EventWait;
}

export interface EventWait {
  /** Asked for with each call, in place of the advice. */
  readonly timeoutMs: number;
  /** So much longer the answer may take; then the org counts as silent. */
  readonly graceMs: number;
}

/** Clocks that differ by less do not make a good assertion bad. */
const CLOCK_TOLERANCE_MS = 30_000;

export type { CrmLog } from '../crm-log.ts';

/** One HTTP exchange with the org; `status` is null when no answer came. */
export interface SalesforceCall {
  readonly connection: string;
  readonly operation: string;
  readonly status: number | null;
  readonly durationMs: number;
}

/** A signed-in connection and what its answers told: one per configured org and process. */
export class Session {
  readonly config: SalesforceConfig;
  readonly instanceUrl: string;
  readonly connection: Connection;
  /** Definitions by object name, as describe gave them; the operations need a few facts of them and ask once. */
  readonly definitions = new Map<string, Promise<ObjectDefinition>>();
  /** The id of the user that the session belongs to; null before somebody asked. */
  userId: string | null = null;
  usage: CrmUsage | null = null;
  clockOffsetMs = 0;
  readonly #log: CrmLog | null;
  readonly #onCall: ((call: SalesforceCall) => void) | null;
  /** Null for a fixed token. */
  readonly #renewal: Renewal | null;
  #held: RenewedSession | null = null;
  #renewing: Promise<RenewedSession> | null = null;

  constructor(
    config: SalesforceConfig,
    log: CrmLog | null,
    onCall: ((call: SalesforceCall) => void) | null,
    shelf: SessionShelf | null = null,
  ) {
    const { auth, connection } = config;
    this.config = config;
    this.instanceUrl = new URL(config.instanceUrl).origin;
    this.#log = log;
    this.#onCall = onCall;
    // Without a function to renew with, jsforce renews nothing: on a session that is refused again it would go on for ever.
    this.connection = new Connection({ instanceUrl: this.instanceUrl, version: config.apiVersion });
    if (auth.kind === 'token') this.#hold({ accessToken: auth.accessToken, isFresh: true });
    this.#renewal =
      auth.kind === 'token'
        ? null
        : new Renewal({
            seal: sealOf(connection, this.instanceUrl, auth),
            shelf,
            ask: (last) => this.#ask(auth.kind === 'refresh_token' && last !== null ? { ...auth, refreshToken: last } : auth),
            warn: (fields, message) => log?.warn({ connection, ...fields }, message),
          });
  }

  /** The session to call with. Signs in before the first call, so that it is not spent on a 401. */
  async signedIn(): Promise<RenewedSession> {
    await this.#renewal?.keepWhatIsHeld();
    return this.#renewing ?? this.#held ?? this.renew(null);
  }

  /** A session in place of the one that was refused, asked for once for all who wait for it. */
  async renew(refused: string | null): Promise<RenewedSession> {
    if (this.#renewing === null) {
      if (this.#held !== null && this.#held.accessToken !== refused) return this.#held;
      this.#renewing = this.#renew(refused).finally(() => {
        this.#renewing = null;
      });
    }
    return this.#renewing;
  }

  /** Takes from an answer what every answer tells: the allowance used and the CRM's clock. */
  observe(operation: string, exchange: HttpExchange | null, durationMs: number): void {
    this.#onCall?.({ connection: this.config.connection, operation, status: exchange?.status ?? null, durationMs });
    if (exchange === null) return;
    this.usage = parseLimitInfo(exchange.headers['sforce-limit-info']) ?? this.usage;
    const dateMs = dateOf(exchange);
    if (dateMs !== null) this.clockOffsetMs = narrowOffset(this.clockOffsetMs, { ...exchange, dateMs });
  }

  async #renew(refused: string | null): Promise<RenewedSession> {
    const { connection } = this.config;
    try {
      if (this.#renewal === null)
        throw new CrmFailure('CRM_AUTH_FAILED', 'The access token was refused, and a fixed token cannot be renewed');
      const renewed = await this.#renewal.renew(refused);
      this.#hold(renewed);
      this.#log?.info({ connection }, renewed.isFresh ? 'signed in to Salesforce' : 'took over the session of another process');
      return renewed;
    } catch (error) {
      const failure = error instanceof CrmFailure ? error : new CrmFailure('CRM_AUTH_FAILED', 'The sign-in failed', { cause: error });
      this.#log?.warn({ connection, code: failure.code, reason: failure.message }, 'sign-in to Salesforce failed');
      throw failure;
    }
  }

  /** An assertion bears a time: where the refusal shows that the org has another one than we thought, it is signed anew, once. */
  async #ask(auth: RenewableAuth): Promise<GrantedSession> {
    const offsetMs = this.clockOffsetMs;
    try {
      return await this.#request(auth);
    } catch (error) {
      const learntMs = Math.abs(this.clockOffsetMs - offsetMs);
      if (auth.kind !== 'jwt' || learntMs < CLOCK_TOLERANCE_MS || !(error instanceof CrmFailure) || error.code !== 'CRM_AUTH_FAILED')
        throw error;
      this.#log?.warn(
        { connection: this.config.connection, aheadMs: -this.clockOffsetMs },
        'the clock of this machine differs from that of Salesforce; the assertion is signed anew by theirs',
      );
      return this.#request(auth);
    }
  }

  #request(auth: RenewableAuth): Promise<GrantedSession> {
    return requestSession(auth, {
      instanceUrl: this.instanceUrl,
      timeoutMs: this.config.requestTimeoutMs,
      nowMs: Date.now() + this.clockOffsetMs,
      onExchange: (exchange, durationMs) => this.observe('sign_in', exchange, durationMs),
    });
  }

  #hold(session: RenewedSession): void {
    this.#held = session;
    this.connection.accessToken = session.accessToken;
  }
}
