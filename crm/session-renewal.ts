import { CrmFailure } from './failures.ts';
import type { GrantedSession, SessionSeal, SessionShelf } from './session-shelf.ts';

export interface RenewedSession {
  readonly accessToken: string;
  /** The CRM has just granted it; otherwise another process had, some time ago. */
  readonly isFresh: boolean;
  /** As in `GrantedSession`. */
  readonly endsAtMs?: number;
}

export interface RenewalSource {
  readonly seal: SessionSeal;
  /** Null: the session is this process's own. */
  readonly shelf: SessionShelf | null;
  /** Asks the CRM, once. `refreshToken` is the one that was given last; null where none was yet. */
  readonly ask: (refreshToken: string | null) => Promise<GrantedSession>;
  /** False for a session that ends before it is of use; all are taken where it is left out. */
  readonly lasts?: (session: GrantedSession) => boolean;
  readonly warn: (fields: object, message: string) => void;
}

/**
 * Renews the session of one connection, for this process and, by way of the shelf, for all of them: whoever comes first asks the CRM while the others wait,
 * and takes over what it got.
 */
export class Renewal {
  readonly #source: RenewalSource;
  /** Granted, but not yet on the shelf: its refresh token may be the only one that is still good. */
  #unkept: GrantedSession | null = null;

  constructor(source: RenewalSource) {
    this.#source = source;
  }

  /** A session other than `refused`. Every failure is a `CrmFailure`. */
  async renew(refused: string | null): Promise<RenewedSession> {
    const { ask, lasts = () => true, seal, shelf } = this.#source;
    if (shelf === null) return asRenewed(await ask(null), true);
    const held = this.#unkept;
    const granted: { session: GrantedSession | null } = { session: null };
    try {
      const renewed = await shelf.alone(seal.place, async (sealed, keep) => {
        // What could not be kept is younger than what is on the shelf.
        const last = held ?? (sealed === null ? null : seal.open(sealed));
        if (last !== null && last.accessToken !== refused && lasts(last)) {
          if (held !== null) keep(seal.seal(held));
          return asRenewed(last, false);
        }
        granted.session = await ask(last?.refreshToken ?? null);
        keep(seal.seal(granted.session));
        return asRenewed(granted.session, true);
      });
      this.#unkept = null;
      return renewed;
    } catch (error) {
      if (granted.session !== null) {
        this.#unkept = granted.session;
        this.#warnOfShelf();
        return asRenewed(granted.session, true);
      }
      if (error instanceof CrmFailure) throw error;
      throw new CrmFailure('CRM_UNAVAILABLE', 'The store in which the processes share the session did not answer');
    }
  }

  /** Tries again to keep what could not be kept. Never throws. */
  async keepWhatIsHeld(): Promise<void> {
    const held = this.#unkept;
    const { seal, shelf } = this.#source;
    if (held === null || shelf === null) return;
    try {
      await shelf.alone(seal.place, async (_kept, keep) => keep(seal.seal(held)));
      if (this.#unkept === held) this.#unkept = null;
    } catch {
      this.#warnOfShelf();
    }
  }

  #warnOfShelf(): void {
    this.#source.warn({}, 'a renewed session could not be stored for the other processes; it is tried again');
  }
}

function asRenewed({ accessToken, endsAtMs }: GrantedSession, isFresh: boolean): RenewedSession {
  return { accessToken, isFresh, ...(endsAtMs === undefined ? {} : { endsAtMs }) };
}
