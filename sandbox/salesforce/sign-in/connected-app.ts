/** The connected apps of the org: who may ask for a session, and how. Source: Salesforce Help, "Connected Apps", "External Client Apps". */

import { createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { RecordStore } from '../store/record-store.ts';

export const appDefinition = z.strictObject({
  clientId: z.string().min(1),
  /** Left out for a public client, which has none. */
  clientSecret: z.string().min(1).optional(),
  /** The certificate or public key, as PEM, that assertions are verified with; without it the JWT bearer flow is closed. */
  certificate: z
    .string()
    .refine((pem) => publicKeyOf(pem) !== null, { error: 'expected an RSA certificate or public key as PEM' })
    .optional(),
  /** Alias of the user as whom the app runs by client credentials; null closes that flow. */
  runAs: z.string().nullable().default('integration'),
  /** Usernames or aliases that an administrator approved; everybody where it is left out. */
  users: z.array(z.string()).optional(),
  /** Where people may be sent back to by the web-server flow; anywhere where it is left out. */
  callbackUrls: z.array(z.string()).optional(),
  scopes: z.array(z.string()).default(['api', 'id', 'refresh_token']),
  /** Each refresh token renews once and is replaced by the one in the answer. */
  refreshTokenRotation: z.boolean().default(true),
});

export type ConnectedApp = z.output<typeof appDefinition>;

export interface ConnectedApps {
  /** The app of a client id; null when no app has it. */
  readonly find: (clientId: string) => ConnectedApp | null;
  readonly all: () => readonly ConnectedApp[];
  readonly replace: (apps: readonly ConnectedApp[]) => void;
}

/** What an app is taken for while none is registered: every id and secret is, and nothing of it is checked. */
const ANY_APP = { runAs: 'integration', scopes: ['api', 'id', 'refresh_token'], refreshTokenRotation: false } as const;

const META_KEY = 'connectedApps';

/** Apps kept in `store`, until the org is reset. While there is none, any client id is that of an app. */
export function createConnectedApps(store: RecordStore): ConnectedApps {
  const all = () => z.array(appDefinition).parse(JSON.parse(store.readMeta(META_KEY) ?? '[]'));
  return {
    all,
    find: (clientId) => {
      const apps = all();
      if (clientId === '') return null;
      return apps.length === 0
        ? { clientId, ...ANY_APP, scopes: [...ANY_APP.scopes] }
        : (apps.find((app) => app.clientId === clientId) ?? null);
    },
    replace: (apps) => store.writeMeta(META_KEY, JSON.stringify(apps)),
  };
}

/** The RSA key in a PEM certificate or public key; null for anything else. */
export function publicKeyOf(pem: string): KeyObject | null {
  try {
    const key = pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : null;
  } catch {
    return null;
  }
}
