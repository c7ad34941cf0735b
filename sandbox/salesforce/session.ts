/** Who is calling: the org's users, the sessions they hold, and how a token leads to one of them. */

import type { RecordStore, StoredRow } from './store/record-store.ts';

/** The org's id without its suffix; every session token begins with it. */
export const ORG_ID_15 = '00D000000000001';

/** Salesforce's default: a session ends after two hours without a call (Help, "Modify Session Security Settings"). */
const SESSION_IDLE_MS = 2 * 60 * 60 * 1000;

export interface Caller {
  readonly userId: string;
  readonly alias: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
}

/** Which refresh token goes with a new session: the first of its family, the one that was used for it, or none. */
export type RefreshUse = { readonly kind: 'none' } | { readonly kind: 'first' } | { readonly kind: 'used'; readonly token: string };

export interface Sessions {
  /** The user behind an access token; null when the token is unknown, expired or revoked, or the user is inactive. */
  readonly callerOf: (token: string) => Caller | null;
  /** The active user of that alias or username. */
  readonly findUser: (aliasOrUsername: string) => Caller | null;
  readonly isInactive: (aliasOrUsername: string) => boolean;
  /** Opens a session. With `rotates`, the refresh token that was used is at its end and the answer has its successor. */
  readonly issue: (
    caller: Caller,
    clientId: string,
    refresh: RefreshUse,
    rotates: boolean,
  ) => { readonly accessToken: string; readonly refreshToken: string | null };
  /** The user behind a refresh token of that app; null when it is unknown, used up or revoked, or the user is inactive. */
  readonly refresherOf: (token: string, clientId: string) => Caller | null;
  /** Ends the session of an access token, or a refresh token with every session that was opened by it. False when nobody holds the token. */
  readonly revoke: (token: string) => boolean;
  /** Ends what was issued, of everybody or of one user; fixed tokens stay. Gives how many tokens were ended. */
  readonly end: (kind: 'access' | 'refresh' | 'all', userId: string | null) => number;
}

/**
 * Sessions kept in `store`. `00D000000000001!<alias>` is always a session of that user, until it is revoked;
 * tokens that were issued end when they are idle for two hours of the sandbox's time.
 */
export function createSessions(store: RecordStore, now: () => number): Sessions {
  const find = (where: string, value: string, isActive = 1) => {
    const row = store.select(`SELECT * FROM "User" WHERE ${where} AND "IsActive" = ? LIMIT 1`, value, isActive)[0];
    return row === undefined ? null : asCaller(row);
  };
  const nameColumn = (text: string) => (text.includes('@') ? '"Username" = ?' : '"Alias" = ?');
  const findUser = (text: string) => find(nameColumn(text), text);
  const held = (token: string, kind: string) => store.select('SELECT * FROM _session WHERE token = ? AND kind = ?', token, kind)[0] ?? null;
  const keep = (token: string, userId: string, kind: string, clientId: string, family: string) =>
    store.run(
      'INSERT INTO _session (token, user_id, kind, used_at, revoked, client_id, family) VALUES (?, ?, ?, ?, 0, ?, ?)',
      token,
      userId,
      kind,
      now(),
      clientId,
      family,
    );
  const fixedCaller = (token: string) => (token.startsWith(`${ORG_ID_15}!`) ? findUser(token.slice(ORG_ID_15.length + 1)) : null);
  const refreshToken = (caller: Caller) => `5Aep861.${caller.alias}.${serialText(store)}`;

  return {
    findUser,
    isInactive: (text) => find(nameColumn(text), text, 0) !== null,
    callerOf: (token) => {
      const session = held(token, 'access');
      if (session === null) return fixedCaller(token);
      const isIdle = now() - Number(session['used_at']) > SESSION_IDLE_MS;
      // A fixed token is kept only once it was revoked, so it cannot be idle.
      if (session['revoked'] === 1 || isIdle) return null;
      if (now() - Number(session['used_at']) > SESSION_IDLE_MS / 60)
        store.run('UPDATE _session SET used_at = ? WHERE token = ?', now(), token);
      return find('"Id" = ?', String(session['user_id']));
    },
    issue: (caller, clientId, refresh, rotates) => {
      const accessToken = `${ORG_ID_15}!${caller.alias}.${serialText(store)}`;
      const used = refresh.kind === 'used' ? held(refresh.token, 'refresh') : null;
      const next = refresh.kind === 'first' || (refresh.kind === 'used' && rotates) ? refreshToken(caller) : null;
      // A family is named after its first refresh token; a session without one is a family by itself.
      const family = String(used?.['family'] ?? next ?? accessToken);
      if (refresh.kind === 'used' && rotates) store.run('UPDATE _session SET revoked = 1 WHERE token = ?', refresh.token);
      if (next !== null) keep(next, caller.userId, 'refresh', clientId, family);
      keep(accessToken, caller.userId, 'access', clientId, family);
      return { accessToken, refreshToken: next };
    },
    refresherOf: (token, clientId) => {
      const session = held(token, 'refresh');
      if (session === null || session['revoked'] === 1 || session['client_id'] !== clientId) return null;
      return find('"Id" = ?', String(session['user_id']));
    },
    revoke: (token) => {
      const refresh = held(token, 'refresh');
      if (refresh !== null) {
        store.run('UPDATE _session SET revoked = 1 WHERE family = ?', String(refresh['family']));
        return true;
      }
      const fixed = held(token, 'access') === null ? fixedCaller(token) : null;
      if (fixed !== null) keep(token, fixed.userId, 'access', '', token);
      if (held(token, 'access') === null) return false;
      store.run('UPDATE _session SET revoked = 1 WHERE token = ?', token);
      return true;
    },
    end: (kind, userId) => {
      const chosen = `revoked = 0 AND (? = 'all' OR kind = ?) AND (? IS NULL OR user_id = ?)`;
      const values = [kind, kind, userId, userId] as const;
      const count = Number(store.select(`SELECT count(*) AS n FROM _session WHERE ${chosen}`, ...values)[0]?.['n'] ?? 0);
      store.run(`UPDATE _session SET revoked = 1 WHERE ${chosen}`, ...values);
      return count;
    },
  };
}

/** Tokens are told apart by a number: the sandbox guards nothing, and a run is to be repeatable. */
function serialText(store: RecordStore): string {
  return store.nextSerial('token').toString(36).padStart(8, '0');
}

function asCaller(row: StoredRow): Caller {
  const { Id, Alias, Username, Name, Email } = row;
  return { userId: String(Id), alias: String(Alias), username: String(Username), name: String(Name), email: String(Email) };
}
