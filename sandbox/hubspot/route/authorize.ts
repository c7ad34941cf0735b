/** Where a person lets an app into the portal. Source: HubSpot developer documentation, "Working with OAuth". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../oauth/app.ts';
import { OWNERS } from '../owner.ts';
import type { Portal } from '../portal.ts';
import { queryText } from './exchange.ts';

/** Addresses of these kinds would run in the page instead of leading somewhere. */
const NOWHERE = new Set(['javascript:', 'data:', 'vbscript:']);

export function registerAuthorizeRoute(app: FastifyInstance, portal: Portal): void {
  const authorize = async (request: FastifyRequest, reply: FastifyReply) => {
    const param = (name: string) => queryText(request, name) ?? '';
    const client = portal.apps.find(param('client_id'));
    if (client === null) return refuseOnPage(reply, 'The client ID is missing or unknown.');
    // Nobody is sent back to an address that is not the app's.
    const back = redirectOf(client, param('redirect_uri'));
    if (back === null) return refuseOnPage(reply, 'The redirect URL is missing, or is not one of the app’s.');
    const required = words(param('scope'));
    const optional = words(param('optional_scope'));
    const unfit = unfitScopes(client, required, optional);
    if (unfit !== null) return refuseOnPage(reply, unfit);
    const owner = OWNERS.find((each) => each.alias === param('as'));
    if (owner === undefined) {
      const denied = withAnswer(back, { error: 'access_denied', error_description: 'The user denied access' }, param('state'));
      return reply.type('text/html;charset=utf-8').send(choicePage(client, request.url, denied));
    }
    const code = portal.codes.issue({
      alias: owner.alias,
      clientId: client.clientId,
      redirectUri: param('redirect_uri'),
      scopes: [...new Set(['oauth', ...required, ...optional])],
      challenge: param('code_challenge') || null,
    });
    return reply
      .code(302)
      .header('location', withAnswer(back, { code }, param('state')))
      .send();
  };
  app.get('/oauth/authorize', authorize);
  app.get('/oauth/:portalId/authorize', authorize);
}

/** In HubSpot the scopes of the address and those of the app's settings have to be the same ones. */
function unfitScopes(client: App, required: readonly string[], optional: readonly string[]): string | null {
  if (required.length === 0) return 'The scopes are missing.';
  const missing = client.scopes.filter((scope) => scope !== 'oauth' && !required.includes(scope));
  if (missing.length > 0) return `The app requires scopes that the address does not ask for: ${missing.join(' ')}`;
  const known = client.optionalScopes === undefined ? null : ['oauth', ...client.scopes, ...client.optionalScopes];
  const foreign = [...required, ...optional].filter((scope) => known !== null && !known.includes(scope));
  return foreign.length > 0 ? `The address asks for scopes that are not the app's: ${foreign.join(' ')}` : null;
}

function words(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function redirectOf(client: App, address: string): URL | null {
  if (!URL.canParse(address) || NOWHERE.has(new URL(address).protocol)) return null;
  return client.redirectUrls === undefined || client.redirectUrls.includes(address) ? new URL(address) : null;
}

function withAnswer(back: URL, answer: Readonly<Record<string, string>>, state: string): string {
  const address = new URL(back);
  for (const [name, value] of Object.entries(answer)) address.searchParams.set(name, value);
  if (state !== '') address.searchParams.set('state', state);
  return address.href;
}

function refuseOnPage(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .code(400)
    .type('text/html;charset=utf-8')
    .send(`<!doctype html><html lang="en"><title>Authorization failed</title><h1>Authorization failed</h1><p>${escape(text)}</p></html>`);
}

/** Instead of a login: whoever opens it chooses who they are. */
function choicePage(client: App, url: string, denied: string): string {
  const items = OWNERS.map(({ alias, firstName, lastName }) => {
    const address = `${url}&as=${encodeURIComponent(alias)}`;
    return `<li><a href="${escape(address)}">${escape(`${firstName} ${lastName}`)} (${escape(alias)})</a></li>`;
  });
  return `<!doctype html><html lang="en"><title>Connect app</title><h1>Connect app</h1>
<p>The app ${escape(client.clientId)} asks for access to this portal. Allow it as:</p>
<ul>${items.join('')}</ul><p><a href="${escape(denied)}">Deny</a></p></html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
