import type { CrmLog } from '../crm-log.ts';
import { CrmFailure } from '../failures.ts';
import { Renewal, type RenewedSession } from '../session-renewal.ts';
import { createSeal, type SessionShelf } from '../session-shelf.ts';
import { requestToken, type HubspotAuth, type OauthRequest } from './sign-in.ts';

export interface TokenSourceOptions {
  readonly connection: string;
  readonly baseUrl: string;
  readonly auth: HubspotAuth;
  readonly log: CrmLog | null;
  /** Where the processes share what a refresh token got; a fixed token needs none. */
  readonly shelf: SessionShelf | null;
  readonly request: () => OauthRequest;
}

/** So long before its end a token is renewed, so that no call begins with one that ends on its way. HubSpot's last half an hour. */
const RENEW_BEFORE_MS = 2 * 60_000;

/** The access token of one connection: fixed, or renewed before it ends, one renewal at a time across all processes with the same shelf. */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  /** Null for a fixed token. */
  readonly #renewal: Renewal | null;
  #held: RenewedSession | null = null;
  #renewing: Promise<RenewedSession> | null = null;

  constructor(options: TokenSourceOptions) {
    const { auth, connection, baseUrl, shelf, log, request } = options;
    this.#options = options;
    if (auth.kind === 'token') {
      this.#held = { accessToken: auth.accessToken, isFresh: true };
      this.#renewal = null;
      return;
    }
    this.#renewal = new Renewal({
      seal: createSeal({ connection, context: [baseUrl, auth.kind, auth.clientId], secret: auth.refreshToken }),
      shelf,
      ask: (last) => requestToken(last === null ? auth : { ...auth, refreshToken: last }, request()),
      lasts: (session) => this.#msLeft(session) > RENEW_BEFORE_MS,
      warn: (fields, message) => log?.warn({ connection, ...fields }, message),
    });
  }

  get isRenewable(): boolean {
    return this.#renewal !== null;
  }

  /**
   * The token to call with. One that is about to end is renewed first; where HubSpot's token endpoint is away meanwhile, it is used to its end.
   * Every failure is a `CrmFailure`.
   */
  async current(): Promise<RenewedSession> {
    await this.#renewal?.keepWhatIsHeld();
    if (this.#renewing === null && this.#held !== null && this.#msLeft(this.#held) > RENEW_BEFORE_MS) return this.#held;
    const held = this.#held;
    try {
      return await this.renew(held?.accessToken ?? null);
    } catch (error) {
      if (held !== null && this.#msLeft(held) > 0 && error instanceof CrmFailure && error.code !== 'CRM_AUTH_FAILED') return held;
      throw error;
    }
  }

  /** A token in place of the one that was refused or is about to end, asked for once for all who wait for it. */
  async renew(refused: string | null): Promise<RenewedSession> {
    if (this.#renewing === null) {
      if (this.#held !== null && this.#held.accessToken !== refused) return this.#held;
      this.#renewing = this.#renew(refused).finally(() => {
        this.#renewing = null;
      });
    }
    return this.#renewing;
  }

  async #renew(refused: string | null): Promise<RenewedSession> {
    const { connection, log } = this.#options;
    try {
      if (this.#renewal === null)
        throw new CrmFailure('CRM_AUTH_FAILED', 'The access token was refused, and a fixed token cannot be renewed');
      const renewed = await this.#renewal.renew(refused);
      this.#held = renewed;
      log?.info({ connection }, renewed.isFresh ? 'got an access token from HubSpot' : 'took over the access token of another process');
      return renewed;
    } catch (error) {
      const failure = error instanceof CrmFailure ? error : new CrmFailure('CRM_AUTH_FAILED', 'The sign-in failed', { cause: error });
      log?.warn({ connection, code: failure.code, reason: failure.message }, 'no access token from HubSpot');
      throw failure;
    }
  }

  /** Until the token ends; one of which no end was told lasts until it is refused. */
  #msLeft({ endsAtMs }: Pick<RenewedSession, 'endsAtMs'>): number {
    return endsAtMs === undefined ? Infinity : endsAtMs - this.#options.request().nowMs;
  }
}
