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

export interface Sessions {
  /** The user behind an access token; null when the token is unknown, expired or revoked, or the user is inactive. */
  readonly callerOf: (token: string) => Caller | null;
  readonly findUser: (aliasOrUsername: string) => Caller | null;
  readonly issueAccess: (caller: Caller) => string;
  readonly issueRefresh: (caller: Caller) => string;
  /** The user behind a refresh token; null when it is unknown or revoked. */
  readonly refresherOf: (token: string) => Caller | null;
  /** False when nobody holds the token. */
  readonly revoke: (token: string) => boolean;
}

/**
 * Sessions kept in `store`. `00D000000000001!<alias>` is always a session of that user, until it is revoked;
 * tokens that were issued end when they are idle for two hours of the sandbox's time.
 */
export function createSessions(store: RecordStore, now: () => number): Sessions {
  const find = (where: string, value: string) => {
    const row = store.select(`SELECT * FROM "User" WHERE ${where} AND "IsActive" = 1 LIMIT 1`, value)[0];
    return row === undefined ? null : asCaller(row);
  };
  const findUser = (text: string) => find(text.includes('@') ? '"Username" = ?' : '"Alias" = ?', text);
  const held = (token: string, kind: string) => store.select('SELECT * FROM _session WHERE token = ? AND kind = ?', token, kind)[0] ?? null;
  const keep = (token: string, userId: string, kind: string, revoked: number) =>
    store.run(
      'INSERT INTO _session (token, user_id, kind, used_at, revoked) VALUES (?, ?, ?, ?, ?) ON CONFLICT (token) DO UPDATE SET revoked = excluded.revoked',
      token,
      userId,
      kind,
      now(),
      revoked,
    );
  const issue = (caller: Caller, kind: string, token: string) => {
    keep(token, caller.userId, kind, 0);
    return token;
  };
  const fixedCaller = (token: string) => (token.startsWith(`${ORG_ID_15}!`) ? findUser(token.slice(ORG_ID_15.length + 1)) : null);

  return {
    findUser,
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
    issueAccess: (caller) => issue(caller, 'access', `${ORG_ID_15}!${caller.alias}.${serialText(store)}`),
    issueRefresh: (caller) => issue(caller, 'refresh', `5Aep861.${caller.alias}.${serialText(store)}`),
    refresherOf: (token) => {
      const session = held(token, 'refresh');
      return session === null || session['revoked'] === 1 ? null : find('"Id" = ?', String(session['user_id']));
    },
    revoke: (token) => {
      const session = held(token, 'access') ?? held(token, 'refresh');
      const fixed = session === null ? fixedCaller(token) : null;
      if (session !== null) keep(token, String(session['user_id']), String(session['kind']), 1);
      else if (fixed !== null) keep(token, fixed.userId, 'access', 1);
      return session !== null || fixed !== null;
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
