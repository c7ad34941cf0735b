/** Codes of the authorization-code flow. Source: HubSpot developer documentation, "Working with OAuth". */

import { createHash } from 'node:crypto';

/** A code is good for minutes; HubSpot does not say how many. */
const LIFE_MS = 10 * 60 * 1000;

export interface Authorization {
  readonly alias: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the verifier, in base64url; null where the client asked without PKCE. */
  readonly challenge: string | null;
}

export interface AuthorizationCodes {
  readonly issue: (authorization: Authorization) => string;
  /** What was authorized; null when the code is unknown, was used before or is too old. Each is good once. */
  readonly use: (code: string) => Authorization | null;
  readonly clear: () => void;
}

/** Codes are kept in memory: they end before anybody restarts anything. */
export function createAuthorizationCodes(nextSerial: () => number, now: () => number): AuthorizationCodes {
  const codes = new Map<string, { readonly authorization: Authorization; readonly endsAt: number }>();
  return {
    issue: (authorization) => {
      for (const [code, { endsAt }] of codes) if (endsAt <= now()) codes.delete(code);
      const code = `sandbox-code-${authorization.alias}-${nextSerial().toString(36).padStart(8, '0')}`;
      codes.set(code, { authorization, endsAt: now() + LIFE_MS });
      return code;
    },
    use: (code) => {
      const found = codes.get(code);
      codes.delete(code);
      return found === undefined || found.endsAt <= now() ? null : found.authorization;
    },
    clear: () => codes.clear(),
  };
}

/** True when `verifier` is what the code was asked for with. */
export function fitsChallenge(verifier: string, challenge: string | null): boolean {
  return challenge === null || createHash('sha256').update(verifier).digest('base64url') === challenge.replace(/=+$/, '');
}
