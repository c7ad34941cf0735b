/** The apps that people let into the portal. Source: HubSpot developer documentation, "Working with OAuth". */

import { z } from 'zod';
import { APP_ID } from '../portal-id.ts';
import type { Database } from '../store/database.ts';

export const appDefinition = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** What the app's writes and webhooks carry. */
  appId: z.int().min(1).max(2_147_483_647),
  /** Where people may be sent back to; anywhere where it is left out. */
  redirectUrls: z.array(z.string()).optional(),
  /** Scopes that the app cannot do without; whoever asks for fewer is refused. */
  scopes: z.array(z.string()).default([]),
  /** Scopes beyond those; any where it is left out. */
  optionalScopes: z.array(z.string()).optional(),
  /** Each refresh token renews once and is replaced by the one in the answer. */
  refreshTokenRotation: z.boolean().default(false),
});
export type App = z.output<typeof appDefinition>;

export interface Apps {
  /** The app of a client id and secret, the reason why it is none, in HubSpot's words. */
  readonly authenticate: (clientId: string, clientSecret: string) => App | 'BAD_CLIENT_ID' | 'BAD_CLIENT_SECRET';
  readonly find: (clientId: string) => App | null;
  /** The secret with which what is sent to the app is signed. */
  readonly secretOf: (appId: number) => string;
  readonly replace: (apps: readonly App[]) => void;
}

/** The secret of every app while none is registered, when any client id and secret is taken. */
export const DEFAULT_CLIENT_SECRET = 'sandbox-client-secret';

const META_KEY = 'apps';

/** Apps kept in `db` until the portal is reset. While there is none, any client id is that of the app whose id `integration` writes with. */
export function createApps(db: Database): Apps {
  const all = () => z.array(appDefinition).parse(JSON.parse(db.readMeta(META_KEY) ?? '[]'));
  const find = (clientId: string): App | null => {
    const apps = all();
    if (clientId === '') return null;
    if (apps.length > 0) return apps.find((app) => app.clientId === clientId) ?? null;
    return { clientId, clientSecret: DEFAULT_CLIENT_SECRET, appId: APP_ID, scopes: [], refreshTokenRotation: false };
  };
  return {
    find,
    authenticate: (clientId, clientSecret) => {
      const app = find(clientId);
      if (app === null) return 'BAD_CLIENT_ID';
      const fits = all().length === 0 ? clientSecret !== '' : clientSecret === app.clientSecret;
      return fits ? app : 'BAD_CLIENT_SECRET';
    },
    secretOf: (appId) => all().find((app) => app.appId === appId)?.clientSecret ?? DEFAULT_CLIENT_SECRET,
    replace: (apps) => db.writeMeta(META_KEY, JSON.stringify(apps)),
  };
}
