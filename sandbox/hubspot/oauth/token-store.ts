/** Tokens: those that stand for a person or the app for ever, and those that OAuth issues. */

import { z } from 'zod';
import { OWNERS, sourceOf } from '../owner.ts';
import type { Owner } from '../owner.ts';
import type { Database, StoredRow } from '../store/database.ts';
import type { TokenReading } from './caller.ts';
import { ALL_SCOPES } from './scope.ts';

/** Half an hour, as HubSpot has it since 2024; clients are to read `expires_in`. */
export const ACCESS_LIFE_MS = 30 * 60 * 1000;

export type TokenKind = 'access' | 'refresh' | 'client_credentials';

export interface IssuedToken {
  readonly token: string;
  readonly kind: TokenKind;
  readonly owner: Owner;
  readonly clientId: string;
  readonly appId: number;
  readonly scopes: readonly string[];
  /** Epoch milliseconds; null for a refresh token. */
  readonly endsAt: number | null;
  readonly isLive: boolean;
}

export interface NewTokens {
  readonly alias: string;
  readonly clientId: string;
  readonly appId: number;
  readonly scopes: readonly string[];
}

export interface TokenStore {
  /** The caller behind `pat-sandbox-<alias>` or an access token. */
  readonly read: (token: string) => TokenReading;
  /** A token that was issued, whatever became of it. */
  readonly find: (token: string) => IssuedToken | null;
  readonly issueAccess: (tokens: NewTokens, kind: 'access' | 'client_credentials', refreshToken: string) => IssuedToken;
  readonly issueRefresh: (tokens: NewTokens) => IssuedToken;
  /** Ends one token; a refresh token with every access token that it renewed. */
  readonly revoke: (token: string) => void;
  /** Ends what was issued, of everybody or of one person. Gives how many tokens were ended. */
  readonly end: (kind: 'access' | 'refresh' | 'all', alias: string | null) => number;
  /** Takes scopes from a token and, of a refresh token, from those that it renews later. False when nobody holds the token. */
  readonly withhold: (token: string, scopes: readonly string[]) => boolean;
}

const FIXED = /^pat-sandbox-([a-z0-9]+)$/i;
const texts = z.array(z.string());

export function createTokenStore(db: Database, now: () => number): TokenStore {
  const rowOf = (token: string) => db.select('SELECT * FROM token WHERE token = ?', token)[0];
  const insert = (token: string, kind: string, given: NewTokens, family: string, endsAt: number | null, withheld = '[]') =>
    db.run(
      'INSERT INTO token (token, kind, alias, client_id, app_id, family, scopes, withheld, ends_at, revoked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)',
      token,
      kind,
      given.alias,
      given.clientId,
      given.appId,
      family,
      JSON.stringify(given.scopes),
      withheld,
      endsAt,
    );
  const fixedOwner = (token: string) => {
    const alias = FIXED.exec(token)?.[1];
    return alias === undefined ? null : (OWNERS.find((owner) => owner.alias === alias) ?? null);
  };
  /** A fixed token has a row only once something was taken from it. */
  const heldRow = (token: string) => {
    const row = rowOf(token);
    const owner = row === undefined ? fixedOwner(token) : null;
    if (owner === null) return row;
    insert(token, 'fixed', { alias: owner.alias, clientId: '', appId: 0, scopes: ALL_SCOPES }, token, null);
    return rowOf(token);
  };
  const serial = () => db.nextSerial('token').toString(36).padStart(8, '0');
  const issuedOf = (row: StoredRow): IssuedToken | null => {
    const owner = OWNERS.find((each) => each.alias === row['alias']);
    if (owner === undefined || row['kind'] === 'fixed') return null;
    const endsAt = row['ends_at'] === null ? null : Number(row['ends_at']);
    return {
      token: String(row['token']),
      kind: row['kind'] as TokenKind,
      owner,
      clientId: String(row['client_id']),
      appId: Number(row['app_id']),
      scopes: grantedScopes(row),
      endsAt,
      isLive: row['revoked'] === 0 && (endsAt === null || endsAt > now()),
    };
  };
  const issue = (token: string, kind: TokenKind, given: NewTokens, family: string, endsAt: number | null, withheld: string) => {
    insert(token, kind, given, family, endsAt, withheld);
    return issuedOf(rowOf(token) as StoredRow) as IssuedToken;
  };
  return {
    find: (token) => {
      const row = rowOf(token);
      return row === undefined ? null : issuedOf(row);
    },
    read: (token) => {
      const row = rowOf(token);
      const owner = row === undefined ? fixedOwner(token) : (OWNERS.find((each) => each.alias === row['alias']) ?? null);
      if (owner === null || row?.['revoked'] === 1 || row?.['kind'] === 'refresh') return { kind: 'unknown' };
      const scopes = new Set(row === undefined ? ALL_SCOPES : grantedScopes(row));
      if (row === undefined || row['kind'] === 'fixed')
        return { kind: 'caller', caller: { owner, app: `private/${owner.alias}`, source: sourceOf(owner), scopes, isByOauth: false } };
      const endsAt = Number(row['ends_at']);
      if (endsAt <= now()) return { kind: 'expired', endedAt: endsAt };
      // Whoever let the app in, its writes are the app's.
      const appId = String(row['app_id']);
      const source = { source: 'INTEGRATION', sourceId: appId, userId: null } as const;
      return { kind: 'caller', caller: { owner, app: `public/${appId}`, source, scopes, isByOauth: true } };
    },
    issueRefresh: (given) => {
      const token = `sandbox-refresh-${given.alias}-${serial()}`;
      return issue(token, 'refresh', given, token, null, '[]');
    },
    issueAccess: (given, kind, refreshToken) => {
      const withheld = String(rowOf(refreshToken)?.['withheld'] ?? '[]');
      return issue(`sandbox-access-${given.alias}-${serial()}`, kind, given, refreshToken, now() + ACCESS_LIFE_MS, withheld);
    },
    revoke: (token) => {
      const row = heldRow(token);
      if (row === undefined) return;
      const column = row['kind'] === 'refresh' ? 'family' : 'token';
      db.run(`UPDATE token SET revoked = 1 WHERE ${column} = ?`, token);
    },
    end: (kind, alias) => {
      const chosen = `revoked = 0 AND kind <> 'fixed' AND (? = 'all' OR (kind = 'refresh') = (? = 'refresh')) AND (? IS NULL OR alias = ?)`;
      const values = [kind, kind, alias, alias] as const;
      const count = Number(db.select(`SELECT count(*) AS n FROM token WHERE ${chosen}`, ...values)[0]?.['n'] ?? 0);
      db.run(`UPDATE token SET revoked = 1 WHERE ${chosen}`, ...values);
      return count;
    },
    withhold: (token, scopes) => {
      if (heldRow(token) === undefined) return false;
      db.run('UPDATE token SET withheld = ? WHERE token = ?', JSON.stringify(scopes), token);
      return true;
    },
  };
}

function grantedScopes(row: StoredRow): readonly string[] {
  const withheld = texts.parse(JSON.parse(String(row['withheld'])));
  return texts.parse(JSON.parse(String(row['scopes']))).filter((scope) => !withheld.includes(scope));
}
