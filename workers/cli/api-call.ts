import { z } from 'zod';
import { CommandFailure } from './command-failure.ts';

/** One call of the HTTP API that answers its body, or throws a CommandFailure with the words of the problem document. */
export type ApiCall = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

/** The API said no, with this status. */
export class ApiRefusal extends CommandFailure {
  readonly status: number;

  constructor(status: number, message: string, remedy: string) {
    super(message, remedy);
    this.status = status;
  }
}

const TIMEOUT_MS = 30_000;

const problemDocument = z.looseObject({
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

/** Calls the API at `baseUrl` as the operator. */
export function callOverHttp(baseUrl: string, token: string): ApiCall {
  return async (method, path, body) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => {
      throw new CommandFailure(
        `The API at ${baseUrl} does not answer.`,
        'see that the system runs (its address/healthz answers), and try again.',
      );
    });
    return answerOf(response.status, await response.text());
  };
}

/** The body of a success; anything else ends the command with the reason and what to do. */
export function answerOf(status: number, text: string): unknown {
  const body = parseJson(text);
  if (status < 300) return body;
  const parsed = problemDocument.safeParse(body);
  const detail = parsed.success ? parsed.data.detail : `The API answered ${status}.`;
  const fields = parsed.success ? (parsed.data.errors ?? []).map(({ field, message }) => ` ${field}: ${message}.`) : [];
  throw new ApiRefusal(status, `${detail}${fields.join('')}`, remedyFor(status));
}

function remedyFor(status: number): string {
  if (status === 400) return 'correct what is named and run the command again; --help shows what is expected.';
  if (status === 401) return 'set API_TOKEN to the token of the running system, or unset it to take the one in its data folder.';
  if (status === 404) {
    return 'check the id or the alias: `sync issues` lists issues, `messages list` messages, `absence list` absences, GET /v1/registrations registrations, GET /v1/cases cases.';
  }
  if (status === 409) return 'look at it as it stands now; nothing was changed.';
  return 'try again in a moment; if it stays so, read the log of the API.';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
