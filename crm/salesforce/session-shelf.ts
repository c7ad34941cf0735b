import { createSeal, type SessionSeal } from '../session-shelf.ts';
import type { RenewableAuth } from './sign-in.ts';

export type { SessionShelf } from '../session-shelf.ts';

/** The seal of an org's sessions; it also opens what was sealed before this was shared with other CRMs. */
export function sealOf(connection: string, instanceUrl: string, auth: RenewableAuth): SessionSeal {
  const context = [instanceUrl, auth.kind, auth.clientId, auth.kind === 'jwt' ? auth.username : ''];
  return createSeal({ connection, context, secret: secretOf(auth) });
}

function secretOf(auth: RenewableAuth): string {
  switch (auth.kind) {
    case 'client_credentials':
      return auth.clientSecret;
    case 'jwt':
      return auth.privateKeyPem;
    case 'refresh_token':
      return auth.refreshToken;
  }
}
