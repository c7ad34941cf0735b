import { CrmFailure } from '../failures.ts';
import { createSeal, type SessionSeal, type SessionShelf } from './session-shelf.ts';
import type { GrantedSession, RenewableAuth } from './sign-in.ts';

export interface RenewedSession {
  readonly accessToken: string;
  /** The org has just granted it; otherwise another process had, some time ago. */
  readonly isFresh: boolean;
}

export interface RenewalSource {
  readonly connection: string;
  readonly instanceUrl: string;
  readonly auth: RenewableAuth;
  /** Null: the session is this process's own. */
  readonly shelf: SessionShelf | null;
  /** Asks the org, once. */
  readonly ask: (auth: RenewableAuth) => Promise<GrantedSession>;
  readonly warn: (fields: object, message: string) => void;
}

/**
 * Renews the session of one connection, for this process and, by way of the shelf, for all of them: whoever comes first asks the org while the others wait,
 * and takes over what it got.
 */
export class Renewal {
  readonly #source: RenewalSource;
  readonly #seal: SessionSeal;
  /** Granted, but not yet on the shelf: its refresh token may be the only one that is still good. */
  #unkept: GrantedSession | null = null;

  constructor(source: RenewalSource) {
    this.#source = source;
    this.#seal = createSeal(source.connection, source.instanceUrl, source.auth);
  }

  /** A session other than `refused`. Every failure is a `CrmFailure`. */
  async renew(refused: string | null): Promise<RenewedSession> {
    const { shelf } = this.#source;
    if (shelf === null) return fresh(await this.#ask(null));
    const held = this.#unkept;
    const granted: { session: GrantedSession | null } = { session: null };
    try {
      const renewed = await shelf.alone(this.#seal.place, async (sealed, keep) => {
        // What could not be kept is younger than what is on the shelf.
        const last = held ?? (sealed === null ? null : this.#seal.open(sealed));
        if (last !== null && last.accessToken !== refused) {
          if (held !== null) keep(this.#seal.seal(held));
          return { accessToken: last.accessToken, isFresh: false };
        }
        granted.session = await this.#ask(last?.refreshToken ?? null);
        keep(this.#seal.seal(granted.session));
        return fresh(granted.session);
      });
      this.#unkept = null;
      return renewed;
    } catch (error) {
      if (granted.session !== null) {
        this.#unkept = granted.session;
        this.#warnOfShelf();
        return fresh(granted.session);
      }
      if (error instanceof CrmFailure) throw error;
      throw new CrmFailure('CRM_UNAVAILABLE', 'The store in which the processes share the session did not answer');
    }
  }

  /** Tries again to keep what could not be kept. Never throws. */
  async keepWhatIsHeld(): Promise<void> {
    const held = this.#unkept;
    const { shelf } = this.#source;
    if (held === null || shelf === null) return;
    try {
      await shelf.alone(this.#seal.place, async (_kept, keep) => keep(this.#seal.seal(held)));
      if (this.#unkept === held) this.#unkept = null;
    } catch {
      this.#warnOfShelf();
    }
  }

  #ask(refreshToken: string | null): Promise<GrantedSession> {
    const { auth, ask } = this.#source;
    return ask(auth.kind === 'refresh_token' && refreshToken !== null ? { ...auth, refreshToken } : auth);
  }

  #warnOfShelf(): void {
    this.#source.warn({}, 'a renewed session could not be stored for the other processes; it is tried again');
  }
}

function fresh({ accessToken }: GrantedSession): RenewedSession {
  return { accessToken, isFresh: true };
}
