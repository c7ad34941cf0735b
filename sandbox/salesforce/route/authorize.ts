/** Where a person allows an app to act for them. Source: Salesforce Help, "OAuth 2.0 Web Server Flow for Web App Integration". */

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Org } from '../org.ts';
import type { ConnectedApp } from '../sign-in/connected-app.ts';
import { queryParam } from './exchange.ts';

/** Addresses of these kinds would run in the page instead of leading somewhere. */
const NOWHERE = new Set(['javascript:', 'data:', 'vbscript:']);

export function registerAuthorizeRoute(app: FastifyInstance, org: Org): void {
  app.get('/services/oauth2/authorize', async (request, reply) => {
    const param = (name: string) => queryParam(request, name) ?? '';
    const client = org.apps.find(param('client_id'));
    // Nobody is sent back to an address that is not the app's.
    if (client === null) return refuseOnPage(reply, 'invalid_client_id', 'client identifier invalid');
    const back = redirectOf(client, param('redirect_uri'));
    if (back === null) return refuseOnPage(reply, 'redirect_uri_mismatch', 'redirect_uri must match configuration');
    const sendBack = (answer: Record<string, string>) =>
      reply
        .code(302)
        .header('location', withAnswer(back, answer, param('state')))
        .send();
    if (param('response_type') !== 'code')
      return sendBack({ error: 'unsupported_response_type', error_description: 'response type not supported' });
    const caller = org.sessions.findUser(param('login_hint'));
    if (caller === null) {
      const denied = withAnswer(back, { error: 'access_denied', error_description: 'end-user denied authorization' }, param('state'));
      return reply.type('text/html;charset=utf-8').send(choicePage(org, client, request.url, denied));
    }
    const challenge = param('code_challenge');
    const authorization = { caller, clientId: client.clientId, redirectUri: param('redirect_uri'), challenge: challenge || null };
    return sendBack({ code: org.codes.issue(authorization) });
  });
}

function redirectOf(client: ConnectedApp, address: string): URL | null {
  if (!URL.canParse(address) || NOWHERE.has(new URL(address).protocol)) return null;
  return client.callbackUrls === undefined || client.callbackUrls.includes(address) ? new URL(address) : null;
}

function withAnswer(back: URL, answer: Readonly<Record<string, string>>, state: string): string {
  const address = new URL(back);
  for (const [name, value] of Object.entries(answer)) address.searchParams.set(name, value);
  if (state !== '') address.searchParams.set('state', state);
  return address.href;
}

function refuseOnPage(reply: FastifyReply, error: string, description: string): FastifyReply {
  const text = `error=${error}&error_description=${encodeURIComponent(description)}`;
  return reply
    .code(400)
    .type('text/html;charset=utf-8')
    .send(`<!doctype html><title>OAuth Error</title><p>${escape(text)}</p>`);
}

/** Instead of a login: whoever opens it chooses who they are. */
function choicePage(org: Org, client: ConnectedApp, url: string, denied: string): string {
  const users = org.store.select('SELECT "Username", "Name" FROM "User" WHERE "IsActive" = 1 ORDER BY "Name"');
  const items = users.map(({ Username, Name }) => {
    const address = `${url}&login_hint=${encodeURIComponent(String(Username))}`;
    return `<li><a href="${escape(address)}">${escape(String(Name))} (${escape(String(Username))})</a></li>`;
  });
  return `<!doctype html><html lang="en"><title>Allow access?</title><h1>Allow access?</h1>
<p>The app ${escape(client.clientId)} asks to act for you. Allow it as:</p>
<ul>${items.join('')}</ul><p><a href="${escape(denied)}">Deny</a></p></html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
