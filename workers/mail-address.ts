import type { MailSender, MailServer } from '../notify/email.ts';

export const MAIL_URL_FORM = 'expected smtps://user:password@host:465 or smtp://user:password@host:587, percent-encoded';

const SWITCHES = ['requireTLS', 'ignoreTLS', 'rejectUnauthorized'] as const;

/**
 * The mail server that an address names; null for what is none. `smtps:` is TLS from the first byte (465), `smtp:` is STARTTLS where the server offers it (587). With a user
 * and password it has to, so that these never travel in the clear. Switches, by the names that nodemailer has for them: `?requireTLS=true`, `?ignoreTLS=true`,
 * `?rejectUnauthorized=false`.
 */
export function readMailServer(text: string): MailServer | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^smtps?:$/.test(url.protocol) || url.hostname === '' || !['', '/'].includes(url.pathname) || url.hash !== '') return null;
  const switches = readSwitches(url.searchParams);
  const auth = readAuth(url);
  if (switches === null || auth === 'unreadable') return null;
  const secure = url.protocol === 'smtps:';
  const ignoreTls = switches.get('ignoreTLS') ?? false;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    auth,
    requireTls: switches.get('requireTLS') ?? (!secure && !ignoreTls && auth !== null),
    ignoreTls,
    verifyCertificate: switches.get('rejectUnauthorized') ?? true,
  };
}

function readSwitches(parameters: URLSearchParams): ReadonlyMap<string, boolean> | null {
  const switches = new Map<string, boolean>();
  for (const [name, value] of parameters) {
    if (!(SWITCHES as readonly string[]).includes(name) || !['true', 'false'].includes(value) || switches.has(name)) return null;
    switches.set(name, value === 'true');
  }
  return switches;
}

function readAuth({ username, password }: URL): MailServer['auth'] | 'unreadable' {
  if (username === '' && password === '') return null;
  if (username === '' || password === '') return 'unreadable';
  try {
    return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  } catch {
    return 'unreadable';
  }
}

export const MAIL_FROM_FORM = 'expected an address such as partners@example.com, or a name before it: Acme Partners <partners@example.com>';

const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/;

/** Who mail is from: an address, with or without a name before it; null for what is neither. */
export function readMailSender(text: string): MailSender | null {
  if (/[\u0000-\u001f\u007f]/.test(text)) return null;
  const named = /^(.*?)\s*<([^<>]+)>$/.exec(text.trim());
  const address = (named === null ? text : (named[2] ?? '')).trim();
  const name = named?.[1]?.trim().replace(/^"(.*)"$/, '$1') ?? '';
  if (!ADDRESS.test(address) || /[<>]/.test(name)) return null;
  return { name: name === '' ? null : name, address };
}
