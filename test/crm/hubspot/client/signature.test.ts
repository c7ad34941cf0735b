import { createHmac } from 'node:crypto';
import { Signature } from '@hubspot/api-client';
import { judgeSignature } from '../../../../crm/hubspot/webhook/signature.ts';

const SECRET = 'a-client-secret';
const URL = 'https://deals.example.com/webhooks/hubspot/main';
const BODY = '[{"subscriptionType":"company.creation"}]';

function signed(signedUrl: string, timestampMs: number): string {
  return createHmac('sha256', SECRET).update(`POST${signedUrl}${BODY}${timestampMs}`).digest('base64');
}

function byTheClient(url: string, signature: string, timestamp: number): boolean {
  return Signature.isValid({ signatureVersion: 'v3', method: 'POST', clientSecret: SECRET, requestBody: BODY, url, signature, timestamp });
}

function byUs(url: string, signature: string, timestampMs: number, nowMs: number): string {
  const request = { method: 'POST', url, body: Buffer.from(BODY), signature, timestamp: String(timestampMs) };
  return judgeSignature(SECRET, request, nowMs);
}

/** The client reads the machine's clock, so the times are relative to that. */
describe('the signature of a webhook', () => {
  const nowMs = Date.now();

  it('is the same for the client and for us, where nothing is special', () => {
    expect([byTheClient(URL, signed(URL, nowMs), nowMs), byUs(URL, signed(URL, nowMs), nowMs, nowMs)]).toEqual([true, 'valid']);
    const forged = signed(`${URL}2`, nowMs);
    expect([byTheClient(URL, forged, nowMs), byUs(URL, forged, nowMs, nowMs)]).toEqual([false, 'forged']);
  });

  it('of an address with escapes is refused by the client, and known by us', () => {
    const [sent, decoded] = [`${URL}?from=a%2Fb%3A1`, `${URL}?from=a/b:1`];
    const signature = signed(decoded, nowMs);
    expect([byTheClient(sent, signature, nowMs), byUs(sent, signature, nowMs, nowMs)]).toEqual([false, 'valid']);
  });

  it('of next year is good for the client, and refused by us', () => {
    const nextYear = nowMs + 365 * 86_400_000;
    const signature = signed(URL, nextYear);
    expect([byTheClient(URL, signature, nextYear), byUs(URL, signature, nextYear, nowMs)]).toEqual([true, 'future']);
  });

  it('of an hour ago makes the client throw, and is refused by us', () => {
    const hourAgo = nowMs - 3_600_000;
    const signature = signed(URL, hourAgo);
    expect(() => byTheClient(URL, signature, hourAgo)).toThrow('Timestamp is invalid');
    expect(byUs(URL, signature, hourAgo, nowMs)).toBe('stale');
  });
});
