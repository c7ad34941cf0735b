import { CrmFailure } from '../failures.ts';
import { dateOf, type HttpExchange } from '../http-exchange.ts';
import { BoundedTransport } from './bounded-transport.ts';
import { classifyAnswer, readComplaint } from './classify-failure.ts';
import type { Session } from './session.ts';

export interface ApiCall {
  /** For the count of calls. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/services/data/vXX.X`, or from `/services/data/` as a locator gives it. */
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  /** Parsed JSON; text where the answer was something else. */
  readonly body: unknown;
  /** The CRM's clock at the answer, in epoch milliseconds. */
  readonly serverTimeMs: number;
}

/** What one attempt of a call came to. `refused`: the session was, and the call was not carried out. */
export type Attempt<Answer> =
  { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'refused'; readonly exchange: Pick<HttpExchange, 'body'> };

/** What another process had got may have ended since, so that it takes a second renewal to have a session of today. */
const MOST_RENEWALS = 2;

/**
 * Makes one call and returns the parsed answer. A session that is refused is renewed and the call repeated; one that is refused as soon as it was granted
 * is the end of it. The deadline is the connection's, for each attempt. Every failure is a `CrmFailure`.
 */
export async function callApi(session: Session, call: ApiCall): Promise<ApiAnswer> {
  return whileSignedIn(session, async () => {
    const transport = new BoundedTransport(session.config.requestTimeoutMs, (exchange, durationMs) =>
      session.observe(call.operation, exchange, durationMs),
    );
    try {
      return { kind: 'answered', answer: await send(session, call, transport) };
    } catch (error) {
      if (transport.lastExchange?.status !== 401) throw failureOf(error, transport);
      return { kind: 'refused', exchange: transport.lastExchange };
    }
  });
}

/** Repeats `attempt` with a renewed session where the one it used was refused, as `callApi` says. */
export async function whileSignedIn<Answer>(session: Session, attempt: (accessToken: string) => Promise<Attempt<Answer>>): Promise<Answer> {
  let held = await session.signedIn();
  for (let renewals = 0; ; renewals += 1) {
    const attempted = await attempt(held.accessToken);
    if (attempted.kind === 'answered') return attempted.answer;
    if (renewals === MOST_RENEWALS || (renewals > 0 && held.isFresh)) throw refusedForGood(attempted.exchange);
    held = await session.renew(held.accessToken);
  }
}

async function send(session: Session, call: ApiCall, transport: BoundedTransport): Promise<ApiAnswer> {
  const body: unknown = await session.connection.request(
    {
      method: call.method,
      url: call.path,
      headers: { ...call.headers, accept: 'application/json', ...(call.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    },
    { transport },
  );
  const { lastExchange } = transport;
  return { body, serverTimeMs: (lastExchange === null ? null : dateOf(lastExchange)) ?? Date.now() + session.clockOffsetMs };
}

function refusedForGood({ body }: Pick<HttpExchange, 'body'>): CrmFailure {
  return new CrmFailure('CRM_AUTH_FAILED', `A renewed session was refused: ${readComplaint(body)?.message ?? 'HTTP 401'}`);
}

function failureOf(error: unknown, { lastExchange }: BoundedTransport): CrmFailure {
  if (error instanceof CrmFailure) return error;
  if (lastExchange === null) return new CrmFailure('CRM_REQUEST_INVALID', 'The call was not made', { cause: error });
  return classifyAnswer(lastExchange.status, lastExchange.body, lastExchange.headers['retry-after']);
}
