import { setTimeout as sleep } from 'node:timers/promises';
import { CrmFailure } from '../failures.ts';
import { dateOf, type HttpExchange } from '../http-exchange.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import { BoundedHttp } from './bounded-http.ts';
import { classifyAnswer } from './classify-failure.ts';
import { pauseBefore } from './repeat-policy.ts';
import type { Session } from './session.ts';
import { untilMidnight } from './usage.ts';

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

/**
 * Makes one call through HubSpot's client and returns the answer. Every status of the 200s is a success, whatever the client expected: to take one for a failure
 * would have a record made twice. Waits for its turn, and repeats by the policy; every failure is a `CrmFailure`.
 */
export async function callApi(session: Session, call: ApiCall): Promise<ApiAnswer> {
  for (let repeated = 0; ; repeated += 1) {
    await session.pace.turn(call.isSearch === true);
    const { exchange, failure } = await attempt(session, call);
    if (failure === null) return { body: parse(exchange), serverTimeMs: dateOf(exchange) ?? session.nowMs() };
    const pauseMs = pauseBefore(failure, exchange, call.isRepeatable, repeated, session.patience);
    if (pauseMs === null) throw failure;
    await sleep(pauseMs);
  }
}

type Attempt =
  { readonly exchange: HttpExchange; readonly failure: null } | { readonly exchange: HttpExchange | null; readonly failure: CrmFailure };

async function attempt(session: Session, call: ApiCall): Promise<Attempt> {
  const http = new BoundedHttp(session.config.requestTimeoutMs, (exchange, durationMs) => {
    session.observe(call.operation, exchange, durationMs);
  });
  const { baseUrl, apiVersion, accessToken } = session.config;
  let thrown: unknown = null;
  try {
    await call.send(apiClient({ baseUrl, version: apiVersion, accessToken }, http));
  } catch (error) {
    thrown = error;
  }
  const exchange = http.lastExchange;
  if (thrown instanceof CrmFailure) return { exchange, failure: thrown };
  // The client's own error would carry the whole answer, headers included, in its message.
  if (exchange === null) return { exchange, failure: new CrmFailure('CRM_REQUEST_INVALID', `The call ${call.operation} was not made`) };
  if (exchange.status < 200 || exchange.status > 299) return { exchange, failure: withMidnight(session, classifyAnswer(exchange)) };
  if (isReadable(exchange)) return { exchange, failure: null };
  return { exchange, failure: new CrmFailure('CRM_UNAVAILABLE', `The answer to ${call.operation} is not readable as JSON`) };
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

/** The day's allowance comes back at the portal's midnight. */
function withMidnight(session: Session, failure: CrmFailure): CrmFailure {
  const { timeZone } = session.config;
  if (failure.code !== 'CRM_ALLOWANCE_EXHAUSTED' || timeZone === undefined) return failure;
  return new CrmFailure(failure.code, failure.message, { retryAfterMs: untilMidnight(session.nowMs(), timeZone) });
}
