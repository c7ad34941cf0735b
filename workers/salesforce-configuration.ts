import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { DEFAULT_CALL_SHARES, type CallShares } from '../activities/sync/call-share.ts';
import { DEFAULT_BULK_FROM } from '../activities/sync/lane.ts';
import { isWebAddress, optionalText, percent, webAddressSuchAs } from './configured-value.ts';
import { REGISTRATION_OBJECTS, type RegistrationObject } from '../mappings/salesforce/registration-object.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Each may stand in a file instead, which `NAME_FILE` names. */
export const SALESFORCE_SECRETS = [
  'SALESFORCE_CLIENT_SECRET',
  'SALESFORCE_PRIVATE_KEY',
  'SALESFORCE_REFRESH_TOKEN',
  'SALESFORCE_ACCESS_TOKEN',
] as const;

/** Where the org keeps its deal registrations. */
export const registrationObject = z
  .enum(REGISTRATION_OBJECTS, { error: `expected ${REGISTRATION_OBJECTS.join(', ')}` })
  .default('Deal_Registration__c');

const webAddress = webAddressSuchAs('https://example.my.salesforce.com');

/** The Salesforce org. A connection exists where its address is set; without it, nothing is synced with one. */
export const salesforceShape = {
  SALESFORCE_INSTANCE_URL: webAddress.optional(),
  SALESFORCE_CLIENT_ID: optionalText,
  SALESFORCE_CLIENT_SECRET: optionalText,
  SALESFORCE_CLIENT_SECRET_FILE: optionalText,
  SALESFORCE_USERNAME: z
    .string()
    .trim()
    .regex(/^[^\s@]+@[^\s@]+$/, { error: 'expected a username of the org, such as integration@acme.example' })
    .optional(),
  SALESFORCE_PRIVATE_KEY: z
    .string()
    .transform(asPem)
    .refine(isSigningKey, {
      error: 'expected an RSA key of 2048 bits or more as PEM, without a passphrase; `openssl genrsa 2048` makes one',
    })
    .optional(),
  SALESFORCE_PRIVATE_KEY_FILE: optionalText,
  SALESFORCE_AUDIENCE: z
    .string()
    .trim()
    .transform((value) => value.replace(/\/+$/, ''))
    .refine(isWebAddress, { error: 'expected https://login.salesforce.com, or https://test.salesforce.com for a sandbox org' })
    .default('https://login.salesforce.com'),
  SALESFORCE_REFRESH_TOKEN: optionalText,
  SALESFORCE_REFRESH_TOKEN_FILE: optionalText,
  SALESFORCE_ACCESS_TOKEN: optionalText,
  SALESFORCE_ACCESS_TOKEN_FILE: optionalText,
  SALESFORCE_API_VERSION: z
    .string()
    .trim()
    .regex(/^\d{2,3}\.0$/, { error: 'expected a version such as 66.0' })
    .default('66.0'),
  SALESFORCE_CHANGE_EVENTS: z
    .string()
    .trim()
    .toLowerCase()
    .refine((value) => ['true', 'false', '1', '0'].includes(value), { error: 'expected true or false (true where unset)' })
    .transform((value) => value === 'true' || value === '1')
    .default(true),
  SALESFORCE_REGISTRATION_OBJECT: registrationObject,
  SALESFORCE_SOFT_SHARE: percent.default(DEFAULT_CALL_SHARES.soft),
  SALESFORCE_HARD_SHARE: percent.default(DEFAULT_CALL_SHARES.hard),
  SALESFORCE_BULK_FROM: z.coerce
    .number({ error: 'expected a whole number of records, 200–1000000' })
    .int('expected a whole number of records, 200–1000000')
    .min(200, 'expected 200–1000000 records')
    .max(1_000_000, 'expected 200–1000000 records')
    .default(DEFAULT_BULK_FROM),
};

export type SalesforceAuthentication =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'client_credentials'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: 'jwt';
      readonly clientId: string;
      readonly username: string;
      readonly audience: string;
      readonly privateKeyPem: string;
    }
  | { readonly kind: 'refresh_token'; readonly clientId: string; readonly clientSecret: string | null; readonly refreshToken: string };

export interface SalesforceConnection {
  readonly connection: 'salesforce';
  readonly instanceUrl: string;
  readonly auth: SalesforceAuthentication;
  readonly apiVersion: string;
  readonly registrationObject: RegistrationObject;
  readonly shares: CallShares;
  /** Whether the org is asked to tell of changes; they are polled in any case. */
  readonly isListenedTo: boolean;
  /** From so many records on a job of Bulk API 2.0 carries them. */
  readonly bulkFrom: number;
}

const WAYS =
  'SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET, or SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY, or SALESFORCE_CLIENT_ID and SALESFORCE_REFRESH_TOKEN, or SALESFORCE_ACCESS_TOKEN';

/** What must be set together. A secret whose file could not be read counts as set: its problem is told already. */
export function problemsOfSalesforce(given: Environment): readonly string[] {
  const has = (name: string) => given[`SALESFORCE_${name}`] !== undefined;
  const hasSecret = (name: string) => has(name) || has(`${name}_FILE`);
  const problems: string[] = [];
  if (hasSecret('PRIVATE_KEY') !== has('USERNAME'))
    problems.push('SALESFORCE_PRIVATE_KEY and SALESFORCE_USERNAME belong together: set both or neither');
  if (hasSecret('PRIVATE_KEY') && hasSecret('REFRESH_TOKEN'))
    problems.push('SALESFORCE_PRIVATE_KEY and SALESFORCE_REFRESH_TOKEN are two ways to sign in: set one of them');
  const ofClient = ['CLIENT_SECRET', 'PRIVATE_KEY', 'REFRESH_TOKEN'].filter(hasSecret);
  if (!has('CLIENT_ID') && ofClient.length > 0)
    problems.push(
      `SALESFORCE_CLIENT_ID is not set, but SALESFORCE_${ofClient[0] ?? ''} is; expected the consumer key of the connected app`,
    );
  if (has('CLIENT_ID') && ofClient.length === 0)
    problems.push(
      'SALESFORCE_CLIENT_ID is set without a secret: set SALESFORCE_CLIENT_SECRET, SALESFORCE_PRIVATE_KEY or SALESFORCE_REFRESH_TOKEN',
    );
  const hasWay = (has('CLIENT_ID') && ofClient.length > 0) || hasSecret('ACCESS_TOKEN');
  if (has('INSTANCE_URL') && !hasWay) problems.push(`SALESFORCE_INSTANCE_URL is set without credentials: set ${WAYS}`);
  if (!has('INSTANCE_URL') && hasWay)
    problems.push('SALESFORCE_INSTANCE_URL is not set, but there are credentials; expected the address of the org');
  return problems;
}

/** The connection that the variables describe; null where they name no org, or no way to sign in. */
export function salesforceOf(env: {
  readonly SALESFORCE_INSTANCE_URL?: string | undefined;
  readonly SALESFORCE_CLIENT_ID?: string | undefined;
  readonly SALESFORCE_CLIENT_SECRET?: string | undefined;
  readonly SALESFORCE_USERNAME?: string | undefined;
  readonly SALESFORCE_PRIVATE_KEY?: string | undefined;
  readonly SALESFORCE_AUDIENCE: string;
  readonly SALESFORCE_REFRESH_TOKEN?: string | undefined;
  readonly SALESFORCE_ACCESS_TOKEN?: string | undefined;
  readonly SALESFORCE_API_VERSION: string;
  readonly SALESFORCE_CHANGE_EVENTS: boolean;
  readonly SALESFORCE_REGISTRATION_OBJECT: RegistrationObject;
  readonly SALESFORCE_SOFT_SHARE: number;
  readonly SALESFORCE_HARD_SHARE: number;
  readonly SALESFORCE_BULK_FROM: number;
}): SalesforceConnection | null {
  const { SALESFORCE_INSTANCE_URL: instanceUrl } = env;
  const auth = authenticationOf(env);
  if (instanceUrl === undefined || auth === null) return null;
  const shares = { soft: env.SALESFORCE_SOFT_SHARE, hard: env.SALESFORCE_HARD_SHARE };
  return {
    connection: 'salesforce',
    instanceUrl: instanceUrl.replace(/\/+$/, ''),
    apiVersion: env.SALESFORCE_API_VERSION,
    auth,
    registrationObject: env.SALESFORCE_REGISTRATION_OBJECT,
    shares,
    isListenedTo: env.SALESFORCE_CHANGE_EVENTS,
    bulkFrom: env.SALESFORCE_BULK_FROM,
  };
}

/** A key comes first, then a refresh token, of which the client's secret may be a part; a bare token, which is not renewed, is the last choice. */
function authenticationOf(env: Parameters<typeof salesforceOf>[0]): SalesforceAuthentication | null {
  const { SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret, SALESFORCE_USERNAME: username } = env;
  const { SALESFORCE_PRIVATE_KEY: privateKeyPem, SALESFORCE_REFRESH_TOKEN: refreshToken, SALESFORCE_ACCESS_TOKEN: accessToken } = env;
  if (clientId !== undefined && privateKeyPem !== undefined && username !== undefined)
    return { kind: 'jwt', clientId, username, audience: env.SALESFORCE_AUDIENCE, privateKeyPem };
  if (clientId !== undefined && refreshToken !== undefined)
    return { kind: 'refresh_token', clientId, clientSecret: clientSecret ?? null, refreshToken };
  if (clientId !== undefined && clientSecret !== undefined) return { kind: 'client_credentials', clientId, clientSecret };
  return accessToken === undefined ? null : { kind: 'token', accessToken };
}

/** A variable of one line has `\n` for its line breaks. */
function asPem(text: string): string {
  return `${text.replaceAll('\\n', '\n').trim()}\n`;
}

function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  } catch {
    return false;
  }
}
