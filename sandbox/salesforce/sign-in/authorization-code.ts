/** Codes of the web-server flow. Source: Salesforce Help, "OAuth 2.0 Web Server Flow for Web App Integration". */

import { createHash } from 'node:crypto';
import type { Caller } from '../session.ts';

/** Documented: a code expires after 15 minutes. */
const LIFE_MS = 15 * 60 * 1000;

export interface Authorization {
  readonly caller: Caller;
  readonly clientId: string;
  readonly redirectUri: string;
  /** SHA-256 of the verifier, in base64url; null where the client asked without PKCE. */
  readonly challenge: string | null;
}

export type CodeUse =
  | { readonly kind: 'authorization'; readonly authorization: Authorization }
  | { readonly kind: 'unknown' }
  /** It was used before, or not in time. */
  | { readonly kind: 'expired' };

export interface AuthorizationCodes {
  readonly issue: (authorization: Authorization) => string;
  /** Each code is good once. */
  readonly use: (code: string) => CodeUse;
}

/** Codes are kept in memory: they end before anybody restarts anything. */
export function createAuthorizationCodes(nextSerial: () => number, now: () => number): AuthorizationCodes {
  const codes = new Map<string, { readonly authorization: Authorization; readonly endsAt: number; isUsed: boolean }>();
  return {
    issue: (authorization) => {
      for (const [code, { endsAt }] of codes) if (endsAt + LIFE_MS < now()) codes.delete(code);
      const code = `aPrx.${authorization.caller.alias}.${nextSerial().toString(36).padStart(8, '0')}`;
      codes.set(code, { authorization, endsAt: now() + LIFE_MS, isUsed: false });
      return code;
    },
    use: (code) => {
      const found = codes.get(code);
      if (found === undefined) return { kind: 'unknown' };
      if (found.isUsed || found.endsAt <= now()) return { kind: 'expired' };
      found.isUsed = true;
      return { kind: 'authorization', authorization: found.authorization };
    },
  };
}

/** True when `verifier` is what the code was asked for with. */
export function fitsChallenge(verifier: string, challenge: string | null): boolean {
  return challenge === null || createHash('sha256').update(verifier).digest('base64url') === challenge.replace(/=+$/, '');
}
