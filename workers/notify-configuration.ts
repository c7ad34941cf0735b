import { z } from 'zod';
import { MAIL_FROM_FORM, MAIL_URL_FORM, readMailSender, readMailServer } from './mail-address.ts';
import { REFUSED_PORTS } from './refused-port.ts';

/** `whsec_` and base64 of 24 to 64 bytes: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const webhookSecret = z.string().trim().refine(isWebhookSecret, { error: 'expected whsec_ and 24 to 64 bytes in base64' });

/** The ways out for messages. A channel exists where its address is set; what a missing one would have sent is kept on record as skipped. */
export const notifyPart = z
  .object({
    PORTAL_WEBHOOK_URL: z
      .string()
      .trim()
      .refine(isPlainWebAddress, { error: 'expected an address such as https://portal.example.com/hooks, without user and password' })
      .optional(),
    PORTAL_WEBHOOK_SECRET: webhookSecret.optional(),
    PORTAL_WEBHOOK_PREVIOUS_SECRET: webhookSecret.optional(),
    SMTP_URL: z
      .string()
      .trim()
      .refine((value) => readMailServer(value) !== null, { error: MAIL_URL_FORM })
      .optional(),
    MAIL_FROM: z
      .string()
      .trim()
      .refine((value) => readMailSender(value) !== null, { error: MAIL_FROM_FORM })
      .optional(),
  })
  .transform((env) => ({ webhook: webhookOf(env), email: emailOf(env) }));

/** What must be set together. */
export function problemsOfNotify(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [
    ...((given.PORTAL_WEBHOOK_URL === undefined) === (given.PORTAL_WEBHOOK_SECRET === undefined)
      ? []
      : ['PORTAL_WEBHOOK_URL and PORTAL_WEBHOOK_SECRET belong together: set both or neither']),
    ...(given.PORTAL_WEBHOOK_PREVIOUS_SECRET !== undefined && given.PORTAL_WEBHOOK_SECRET === undefined
      ? ['PORTAL_WEBHOOK_PREVIOUS_SECRET is set, but PORTAL_WEBHOOK_SECRET, which replaces it, is not']
      : []),
    ...((given.SMTP_URL === undefined) === (given.MAIL_FROM === undefined)
      ? []
      : ['SMTP_URL and MAIL_FROM belong together: set both or neither']),
  ];
}

/** One that fetch would call, and that tells nobody a password. */
function isPlainWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, port } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '' && !REFUSED_PORTS.has(Number(port));
}

function isWebhookSecret(value: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1];
  const { length } = Buffer.from(encoded ?? '', 'base64');
  return encoded !== undefined && encoded.length % 4 === 0 && length >= 24 && length <= 64;
}

function webhookOf(env: {
  readonly PORTAL_WEBHOOK_URL?: string | undefined;
  readonly PORTAL_WEBHOOK_SECRET?: string | undefined;
  readonly PORTAL_WEBHOOK_PREVIOUS_SECRET?: string | undefined;
}): { readonly url: string; readonly secrets: readonly [string, ...string[]] } | null {
  const { PORTAL_WEBHOOK_URL: url, PORTAL_WEBHOOK_SECRET: secret, PORTAL_WEBHOOK_PREVIOUS_SECRET: previous } = env;
  if (url === undefined || secret === undefined) return null;
  return { url, secrets: previous === undefined ? [secret] : [secret, previous] };
}

function emailOf(env: { readonly SMTP_URL?: string | undefined; readonly MAIL_FROM?: string | undefined }) {
  const server = env.SMTP_URL === undefined ? null : readMailServer(env.SMTP_URL);
  const from = env.MAIL_FROM === undefined ? null : readMailSender(env.MAIL_FROM);
  return server === null || from === null ? null : { server, from };
}
