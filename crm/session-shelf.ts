import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { isObject, textOrNull } from './answer-shape.ts';

/** What a CRM grants to whoever signs in. */
export interface GrantedSession {
  readonly accessToken: string;
  /** What renews it, where the flow has such a token: the successor where the CRM gave one, else the one that was used. */
  readonly refreshToken: string | null;
  /** When it ends, by the CRM's clock in epoch milliseconds; missing where the CRM does not say. */
  readonly endsAtMs?: number;
}

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

export interface SealSource {
  readonly connection: string;
  /** What the session is for, beside the connection: the address, the way to sign in, who does. */
  readonly context: readonly string[];
  /** The connection's own secret. For a refresh token the one of the configuration, which stays the same while its successors change. */
  readonly secret: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals sessions with a key that is derived from the connection's own secret: who reads the shelf (a backup, a replica) and has not that secret opens no
 * session with it, and no further secret has to be kept.
 */
export function createSeal({ connection, context, secret }: SealSource): SessionSeal {
  const salt = JSON.stringify([connection, ...context]);
  const derive = (purpose: string, bytes: number) => Buffer.from(hkdfSync('sha256', secret, salt, purpose, bytes));
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

function readSession(value: unknown): GrantedSession | null {
  if (!isObject(value)) return null;
  const accessToken = textOrNull(value['accessToken']);
  if (accessToken === null) return null;
  const endsAtMs = value['endsAtMs'];
  return {
    accessToken,
    refreshToken: textOrNull(value['refreshToken']),
    ...(typeof endsAtMs === 'number' ? { endsAtMs } : {}),
  };
}
