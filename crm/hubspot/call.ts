import { setTimeout as sleep } from 'node:timers/promises';
import { CrmFailure } from '../failures.ts';
import { dateOf, type HttpExchange } from '../http-exchange.ts';
import type { RenewedSession } from '../session-renewal.ts';
import { ACCOUNT_DETAILS, rememberAccount } from './account-details.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import { BoundedHttp } from './bounded-http.ts';
import { classifyAnswer } from './classify-failure.ts';
import { pauseBefore } from './repeat-policy.ts';
import type { Session } from './session.ts';

export interface ApiCall {
  /** For the count of calls. */
  readonly operation: string;
  /** Searches have an allowance of their own. */
  readonly isSearch?: true;
  /** Carried out twice it ends in the same state: everything but a plain creation. */
  readonly isRepeatable: boolean;
  readonly send: (client: ApiClient) => Promise<unknown>;
}

export interface ApiAnswer {
  /** Parsed JSON, as it came and not as the client's models have it; null where the answer was empty. */
  readonly body: unknown;
  /** The portal's clock at the answer, in epoch milliseconds. */
  readonly serverTimeMs: number;
}

/** What another process had got may have ended since, so that it takes a second renewal to have a token of today. */
const MOST_RENEWALS = 2;

/**
 * Makes one call through HubSpot's client and returns the answer. Every status of the 200s is a success, whatever the client expected: to take one for a failure
 * would have a record made twice. Waits for its turn, and repeats by the policy; a token that is refused is renewed and the call repeated, one that is refused as soon
 * as it was granted is the end of it. Every failure is a `CrmFailure`.
 */
export async function callApi(session: Session, call: ApiCall): Promise<ApiAnswer> {
  let renewals = 0;
  let repeated = 0;
  for (;;) {
    const { exchange, failure, token } = await attempt(session, call);
    if (session.wantsTimeZone()) await askTimeZone(session);
    if (failure === null) return { body: parse(exchange), serverTimeMs: dateOf(exchange) ?? session.nowMs() };
    if (exchange?.status === 401 && session.tokens.isRenewable) {
      if (renewals === MOST_RENEWALS || (renewals > 0 && token.isFresh)) throw refusedForGood(failure);
      await session.tokens.renew(token.accessToken);
      renewals += 1;
      continue;
    }
    const pauseMs = pauseBefore(failure, exchange, call.isRepeatable, repeated, session.patience);
    if (pauseMs === null) throw withMidnight(session, failure);
    repeated += 1;
    await sleep(pauseMs);
  }
}

type Attempt = { readonly token: RenewedSession } & (
  { readonly exchange: HttpExchange; readonly failure: null } | { readonly exchange: HttpExchange | null; readonly failure: CrmFailure }
);

/** One exchange, when it is its turn. Throws what keeps a token from being had. */
async function attempt(session: Session, call: Omit<ApiCall, 'isRepeatable'>): Promise<Attempt> {
  await session.pace.turn(call.isSearch === true);
  const token = await session.tokens.current();
  const http = new BoundedHttp(session.config.requestTimeoutMs, (exchange, durationMs) => {
    session.observe(call.operation, exchange, durationMs);
  });
  const { baseUrl, apiVersion } = session.config;
  let thrown: unknown = null;
  try {
    await call.send(apiClient({ baseUrl, version: apiVersion, accessToken: token.accessToken }, http));
  } catch (error) {
    thrown = error;
  }
  const exchange = http.lastExchange;
  if (thrown instanceof CrmFailure) return { token, exchange, failure: thrown };
  // The client's own error would carry the whole answer, headers included, in its message.
  if (exchange === null)
    return { token, exchange, failure: new CrmFailure('CRM_REQUEST_INVALID', `The call ${call.operation} was not made`) };
  if (exchange.status < 200 || exchange.status > 299) return { token, exchange, failure: classifyAnswer(exchange) };
  if (isReadable(exchange)) return { token, exchange, failure: null };
  return { token, exchange, failure: new CrmFailure('CRM_UNAVAILABLE', `The answer to ${call.operation} is not readable as JSON`) };
}

/** Once, and whatever becomes of it: without the time zone, somebody looks again now and then whether the day is over. */
async function askTimeZone(session: Session): Promise<void> {
  try {
    const { exchange, failure } = await attempt(session, ACCOUNT_DETAILS);
    if (failure === null) rememberAccount(session, parse(exchange));
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
  }
}

function refusedForGood({ message }: CrmFailure): CrmFailure {
  return new CrmFailure('CRM_AUTH_FAILED', `A new access token was refused: ${message}`);
}

function isReadable({ body }: HttpExchange): boolean {
  if (body === '') return true;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

function parse({ body }: HttpExchange): unknown {
  return body === '' ? null : JSON.parse(body);
}

/**
 * The day's allowance comes back at the portal's midnight. That is said and not told as a time to wait for: whoever made the call is not to sleep for hours over it, but
 * to say that all calls wait (`CrmUsage.resetsAt`).
 */
function withMidnight({ dayEndsAtMs }: Session, failure: CrmFailure): CrmFailure {
  if (failure.code !== 'CRM_ALLOWANCE_EXHAUSTED' || dayEndsAtMs === null) return failure;
  return new CrmFailure(
    failure.code,
    `${failure.message}; the portal's day begins anew at ${new Date(dayEndsAtMs).toISOString()} of its clock`,
  );
}
