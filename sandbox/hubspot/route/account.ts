/** The account itself. Source: HubSpot developer documentation, "Account information API" and, for fixed tokens, "Private apps". */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountPrefix, API_VERSIONS } from '../api-version.ts';
import { APP_ID } from '../portal-id.ts';
import type { Portal } from '../portal.ts';
import { isRefusal, NOT_AUTHENTICATED } from '../wire/api-error.ts';
import { answered, readBody, send } from './exchange.ts';

const tokenInfo = z.object({ tokenKey: z.string() });

export function registerAccountRoutes(app: FastifyInstance, portal: Portal): void {
  for (const version of API_VERSIONS) {
    app.get(`${accountPrefix(version)}/details`, async (request, reply) => send(request, reply, answered(200, detailsBody(portal))));
  }
  // The only call that tells about a token that is fixed; whoever has the token may ask.
  app.post('/oauth/v2/private-apps/get/access-token-info', async (request, reply) => {
    const body = readBody(request, tokenInfo);
    if (isRefusal(body)) return send(request, reply, body);
    const reading = portal.tokens.read(body.tokenKey);
    if (reading.kind !== 'caller') return send(request, reply, NOT_AUTHENTICATED);
    const { owner, scopes } = reading.caller;
    return send(request, reply, answered(200, { userId: owner.userId, hubId: portal.id, appId: APP_ID, scopes: [...scopes] }));
  });
}

function detailsBody({ clock, id, timeZone }: Portal): object {
  const utcOffsetMilliseconds = offsetOf(timeZone, clock.now());
  return {
    portalId: id,
    accountType: 'STANDARD',
    timeZone,
    companyCurrency: 'USD',
    additionalCurrencies: [],
    utcOffset: clockText(utcOffsetMilliseconds),
    utcOffsetMilliseconds,
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'na1',
  };
}

function offsetOf(timeZone: string, atMs: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(atMs);
  const [, sign = '+', hours = '0', minutes = '0'] =
    /GMT([+-])(\d{2}):(\d{2})/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function clockText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const digits = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${digits(minutes / 60)}:${digits(minutes % 60)}`;
}
