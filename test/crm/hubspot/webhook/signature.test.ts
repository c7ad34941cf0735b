import { createHmac } from 'node:crypto';
import { judgeSignature, LONGEST_AGE_MS, MOST_AHEAD_MS, type SignedRequest } from '../../../../crm/hubspot/webhook/signature.ts';

const SECRET = 'a-client-secret';
const SIGNED_AT = Date.parse('2026-11-23T15:00:00.000Z');
const URL = 'https://deals.example.com/webhooks/hubspot/main';
const BODY = '[{"subscriptionType":"company.propertyChange","propertyValue":"Größe 100 m²"}]';

/** As HubSpot's documents describe it, from the parts that it signs; `signedUrl` is the address with its escapes undone. */
function sign(signedUrl: string, { secret = SECRET, body = BODY, timestamp = String(SIGNED_AT), method = 'POST' } = {}): string {
  return createHmac('sha256', secret).update(`${method}${signedUrl}${body}${timestamp}`, 'utf8').digest('base64');
}

function request(changes: Partial<SignedRequest> = {}): SignedRequest {
  return { method: 'POST', url: URL, body: Buffer.from(BODY), signature: sign(URL), timestamp: String(SIGNED_AT), ...changes };
}

describe('judgeSignature', () => {
  it('knows a signature that was computed elsewhere', () => {
    const body = Buffer.from('{"example_field":"example_value"}');
    const given = { method: 'POST', url: 'https://www.example.com/webhook_uri', body, timestamp: '1579287460555' };
    // From openssl: printf '%s' 'POST…' | openssl dgst -sha256 -hmac yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy -binary | base64
    const signature = 'BaeWzPUs+VofUv0ZGhNGQ6ZTjenqZvqbydnGVNXp3Nc=';
    expect(judgeSignature('yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy', { ...given, signature }, 1_579_287_460_555)).toBe('valid');
  });

  it.each([
    ['at once', 0, 'valid'],
    ['at the last instant', LONGEST_AGE_MS, 'valid'],
    ['a millisecond too late', LONGEST_AGE_MS + 1, 'stale'],
    ['from a clock that is as far ahead as it may be', -MOST_AHEAD_MS, 'valid'],
    ['from a clock that is a millisecond further ahead', -MOST_AHEAD_MS - 1, 'future'],
    ['from next year', -365 * 86_400_000, 'future'],
  ] as const)('takes time into account: %s', (_when, laterMs, verdict) => {
    expect(judgeSignature(SECRET, request(), SIGNED_AT + laterMs)).toBe(verdict);
  });

  it.each([
    ['no signature', { signature: undefined }, 'unsigned'],
    ['no time', { timestamp: undefined }, 'unsigned'],
    ['an empty signature', { signature: '' }, 'forged'],
    ['another secret', { signature: sign(URL, { secret: 'another' }) }, 'forged'],
    ['another method', { method: 'PUT' }, 'forged'],
    ['another address', { url: `${URL}2` }, 'forged'],
    ['another query', { url: `${URL}?a=1` }, 'forged'],
    ['a body of which the end is missing', { body: Buffer.from(BODY.slice(0, -1)) }, 'forged'],
    ['a body with something after it', { body: Buffer.from(`${BODY}\n`) }, 'forged'],
    ['no body', { body: Buffer.alloc(0) }, 'forged'],
    ['a signature of which the end is missing', { signature: sign(URL).slice(0, -2) }, 'forged'],
    ['a signature with something after it', { signature: `${sign(URL)}=` }, 'forged'],
    ['the bytes of the signature in another text', { signature: sign(URL).replace(/=$/, '') }, 'forged'],
    ['another time than the one that was signed', { timestamp: String(SIGNED_AT + 1) }, 'forged'],
    ['a time that is none', { timestamp: 'now', signature: sign(URL, { timestamp: 'now' }) }, 'forged'],
    ['a time before all times', { timestamp: '-1', signature: sign(URL, { timestamp: '-1' }) }, 'forged'],
    ['an old delivery with a new time', { timestamp: String(SIGNED_AT), signature: sign(URL, { timestamp: '1579287460555' }) }, 'forged'],
  ] as const)('refuses %s', (_what, changes, verdict) => {
    expect(judgeSignature(SECRET, request(changes), SIGNED_AT)).toBe(verdict);
  });

  it.each([
    ['a query', '?portal=1&on=2', '?portal=1&on=2'],
    ['escapes that HubSpot undoes', '?at=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B', "?at=:/?@!$'()*,;"],
    ['such escapes in lower case', '?at=a%2fb', '?at=a/b'],
    ['other escapes, which stay', '/caf%C3%A9?q=a%20b%26c%3Dd%25', '/caf%C3%A9?q=a%20b%26c%3Dd%25'],
    ['an escaped escape, which is undone once', '?q=%253A', '?q=%253A'],
    ['a percent sign that begins no escape', '?q=100%', '?q=100%'],
  ])('signs an address with %s', (_what, sent, signed) => {
    const given = request({ url: URL + sent, signature: sign(URL + signed) });
    expect(judgeSignature(SECRET, given, SIGNED_AT)).toBe('valid');
  });

  it('signs the bytes of a body, also where they are no text', () => {
    const body = Buffer.from([0xff, 0xfe, 0x00]);
    const signature = createHmac('sha256', SECRET)
      .update(Buffer.concat([Buffer.from(`POST${URL}`), body, Buffer.from(String(SIGNED_AT))]))
      .digest('base64');
    expect(judgeSignature(SECRET, request({ body, signature }), SIGNED_AT)).toBe('valid');
  });
});
