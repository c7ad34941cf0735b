import { Readable } from 'node:stream';
import { CrmFailure } from '../../failures.ts';
import { describeNetworkError, type HttpExchange } from '../../http-exchange.ts';
import { whileSignedIn, type Attempt } from '../call.ts';
import { classifyAnswer } from '../classify-failure.ts';
import type { Session } from '../session.ts';

export interface StreamCall {
  /** For the count of calls. */
  readonly operation: string;
  /** Below `/services/data/vXX.X`. */
  readonly path: string;
  /** Makes the data that is sent, each time from its beginning; without it something is fetched. */
  readonly data?: () => AsyncIterable<Uint8Array>;
}

export interface StreamAnswer {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be read or destroyed. An answer that breaks off ends in a `CrmFailure`. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * As `callApi`, for data of any size in CSV, of which a piece at a time is in memory. Here the connection's deadline is for each piece: an exchange ends when
 * nothing moves for that long, and not because it is large.
 */
export function callStreaming(session: Session, call: StreamCall): Promise<StreamAnswer> {
  return whileSignedIn(session, (accessToken) => exchange(session, call, accessToken));
}

async function exchange(session: Session, call: StreamCall, accessToken: string): Promise<Attempt<StreamAnswer>> {
  const { apiVersion, requestTimeoutMs } = session.config;
  const patience = openPatience(requestTimeoutMs);
  const sentAtMs = Date.now();
  let told: HttpExchange | null = null;
  try {
    const response = await fetch(`${session.instanceUrl}/services/data/v${apiVersion}${call.path}`, {
      method: call.data === undefined ? 'GET' : 'PUT',
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(call.data === undefined ? { accept: 'text/csv' } : { 'content-type': 'text/csv; charset=UTF-8' }),
      },
      redirect: 'manual',
      signal: patience.signal,
      ...(call.data === undefined ? {} : { body: Readable.toWeb(Readable.from(watched(call.data(), patience))), duplex: 'half' }),
    } as RequestInit);
    patience.renew();
    const headers = Object.fromEntries(response.headers);
    const body = response.ok ? '' : await response.text();
    told = { status: response.status, headers, body, sentAtMs, receivedAtMs: Date.now() };
    if (response.status === 401) return { kind: 'refused', exchange: told };
    if (!response.ok) throw classifyAnswer(response.status, body, headers['retry-after']);
    return { kind: 'answered', answer: { headers, body: received(response.body, patience) } };
  } catch (error) {
    patience.end();
    if (error instanceof CrmFailure) throw error;
    // What the rows themselves failed with is the reason, wherever in the exchange it comes up.
    if (patience.cause !== null) throw patience.cause;
    throw new CrmFailure('CRM_UNAVAILABLE', describeNetworkError(error, requestTimeoutMs), { cause: error });
  } finally {
    session.observe(call.operation, told, Date.now() - sentAtMs);
    if (told !== null && (told.status < 200 || told.status > 299)) patience.end();
  }
}

interface Patience {
  readonly signal: AbortSignal;
  cause: Error | null;
  renew(): void;
  end(): void;
}

/** Aborts when it was not renewed for `timeoutMs`. */
function openPatience(timeoutMs: number): Patience {
  const controller = new AbortController();
  const expire = (): void => controller.abort(new DOMException('nothing moved', 'TimeoutError'));
  const timer = setTimeout(expire, timeoutMs).unref();
  return {
    signal: controller.signal,
    cause: null,
    renew: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  };
}

async function* watched(data: AsyncIterable<Uint8Array>, patience: Patience): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of data) {
      patience.renew();
      yield piece;
    }
  } catch (error) {
    patience.cause = error instanceof Error ? error : new Error('The rows could not be read', { cause: error });
    throw error;
  }
}

async function* received(body: ReadableStream<Uint8Array> | null, patience: Patience): AsyncGenerator<Uint8Array> {
  try {
    if (body === null) return;
    for await (const piece of body) {
      patience.renew();
      yield piece;
    }
  } catch (error) {
    throw new CrmFailure('CRM_UNAVAILABLE', 'The answer broke off', { cause: error });
  } finally {
    patience.end();
  }
}
