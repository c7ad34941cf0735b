import { CrmFailure } from '../failures.ts';
import { BoundedTransport } from './bounded-transport.ts';
import { classifyAnswer } from './classify-failure.ts';
import { dateOf, type Session } from './session.ts';

export interface ApiCall {
  /** For the count of calls. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/services/data/vXX.X`, or from `/services/data/` as a locator gives it. */
  readonly path: string;
  readonly body?: object;
}

export interface ApiAnswer {
  /** Parsed JSON; text where the answer was something else. */
  readonly body: unknown;
  /** The CRM's clock at the answer, in epoch milliseconds. */
  readonly serverTimeMs: number;
}

/**
 * Makes one call and returns the parsed answer. jsforce signs it and renews the session at most once; the deadline is the connection's.
 * Every failure is a `CrmFailure`.
 */
export async function callApi(session: Session, call: ApiCall): Promise<ApiAnswer> {
  await session.ensureSignedIn();
  const transport = new BoundedTransport(session.config.requestTimeoutMs, (exchange, durationMs) =>
    session.observe(call.operation, exchange, durationMs),
  );
  try {
    const body: unknown = await session.connection.request(
      {
        method: call.method,
        url: call.path,
        headers: { accept: 'application/json', ...(call.body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      },
      { transport },
    );
    const { lastExchange } = transport;
    return { body, serverTimeMs: (lastExchange === null ? null : dateOf(lastExchange)) ?? Date.now() + session.clockOffsetMs };
  } catch (error) {
    throw failureOf(error, transport, session);
  }
}

function failureOf(error: unknown, transport: BoundedTransport, session: Session): CrmFailure {
  const { lastExchange } = transport;
  // The session was refused and could not be renewed: the reason is in the renewal. That holds for a second refusal, too: jsforce takes a
  // renewal that another call just failed at for a success, and repeats this call with the old session.
  if (lastExchange?.status === 401 && session.renewalFailure !== null) return session.renewalFailure;
  if (error instanceof CrmFailure) return error;
  if (lastExchange === null) return new CrmFailure('CRM_REQUEST_INVALID', 'The call was not made', { cause: error });
  return classifyAnswer(lastExchange.status, lastExchange.body, lastExchange.headers['retry-after']);
}
