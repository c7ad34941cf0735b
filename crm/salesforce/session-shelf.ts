import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { isObject, textOrNull } from '../answer-shape.ts';
import type { GrantedSession, RenewableAuth } from './sign-in.ts';

/** Where the processes of one connection keep the session that they share. */
export interface SessionShelf {
  /**
   * Runs `work` while no other process does so in the same place, and hands it what is kept there. What `work` gave to `keep` last is kept when it has
   * ended well; the promise tells when it is.
   */
  alone<Result>(place: ShelfPlace, work: (kept: string | null, keep: (sealed: string) => void) => Promise<Result>): Promise<Result>;
}

export interface ShelfPlace {
  readonly connection: string;
  /** Tells one set of credentials from another, and nothing about them: with new ones, a connection begins anew. */
  readonly credentials: string;
}

export interface SessionSeal {
  readonly place: ShelfPlace;
  readonly seal: (session: GrantedSession) => string;
  /** Null for what this seal did not make. */
  readonly open: (sealed: string) => GrantedSession | null;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals sessions with a key that is derived from the connection's own secret: who reads the shelf (a backup, a replica) and has not that secret opens no
 * session with it, and no further secret has to be kept.
 */
export function createSeal(connection: string, instanceUrl: string, auth: RenewableAuth): SessionSeal {
  const context = JSON.stringify([connection, instanceUrl, auth.kind, auth.clientId, auth.kind === 'jwt' ? auth.username : '']);
  const derive = (purpose: string, bytes: number) => Buffer.from(hkdfSync('sha256', secretOf(auth), context, purpose, bytes));
  const key = derive('dealkeeper session', 32);
  return {
    place: { connection, credentials: derive('dealkeeper credentials', 16).toString('hex') },
    seal: (session) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce);
      const body = Buffer.concat([cipher.update(JSON.stringify(session), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open: (sealed) => {
      try {
        const bytes = Buffer.from(sealed, 'base64');
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const body = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
        return readSession(JSON.parse(body.toString('utf8')));
      } catch {
        return null;
      }
    },
  };
}

/** For a refresh token the one of the configuration, which stays the same while its successors change. */
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

function readSession(value: unknown): GrantedSession | null {
  if (!isObject(value)) return null;
  const accessToken = textOrNull(value['accessToken']);
  return accessToken === null ? null : { accessToken, refreshToken: textOrNull(value['refreshToken']) };
}
