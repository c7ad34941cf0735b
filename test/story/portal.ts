import { until } from '../support/until.ts';

export interface PortalAnswer<Body> {
  readonly status: number;
  readonly type: string;
  readonly body: Body;
}

export interface RegistrationAnswer {
  readonly id: string;
  readonly externalId: string;
  readonly partnerId: string;
  readonly status: string;
  readonly customer: { readonly name: string; readonly domain: string | null };
  readonly productLines: readonly string[];
  readonly estimatedValue: { readonly amount: string; readonly currency: string };
  readonly expectedCloseDate: string;
  readonly description: string;
  readonly submittedAt: string;
  readonly decidedAt: string | null;
  readonly protection: { readonly from: string; readonly until: string } | null;
  readonly review: { readonly step: string; readonly approver: string | null; readonly dueAt: string } | null;
  readonly decision: { readonly outcome: string; readonly reasons: readonly { readonly rule: string; readonly message: string }[] } | null;
  readonly conflicts: readonly { readonly caseId: string; readonly rule: string }[];
  readonly links: readonly { readonly connection: string; readonly remoteId: string }[];
  readonly updatedAt: string;
}

export interface ProblemAnswer {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

type Method = 'GET' | 'POST' | 'PUT';

/** The HTTP API as a partner's portal calls it. */
export interface Portal {
  /** Calls it with the operator's token; what is answered is whatever the test says. */
  call<Body = unknown>(method: Method, path: string, body?: object): Promise<PortalAnswer<Body>>;
  /** As `call`, with the body as it is and with headers of the test's own. */
  send<Body = unknown>(method: Method, path: string, body: string, headers: Readonly<Record<string, string>>): Promise<PortalAnswer<Body>>;
  /** Registers a deal and requires 201. */
  register(claim: object): Promise<RegistrationAnswer>;
  read(id: string): Promise<RegistrationAnswer>;
  /** All registrations, in the order of receipt. */
  list(query?: string): Promise<readonly RegistrationAnswer[]>;
  /** Waits until the registration has one of these statuses. */
  whenStatus(id: string, ...statuses: readonly string[]): Promise<RegistrationAnswer>;
  /** Waits until nobody and nothing has to say more: neither `submitted` nor waiting for another claim. */
  whenDecided(id: string): Promise<RegistrationAnswer>;
}

export function openPortal(url: string, token: string): Portal {
  async function send<Body>(
    method: Method,
    path: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<PortalAnswer<Body>> {
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, type, body: (type.includes('json') ? await answer.json() : await answer.text()) as Body };
  }
  function call<Body>(method: Method, path: string, body?: object): Promise<PortalAnswer<Body>> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return send(method, path, body === undefined ? undefined : JSON.stringify(body), { authorization: `Bearer ${token}`, ...type });
  }
  async function requireStatus<Body>(status: number, asked: Promise<PortalAnswer<Body>>): Promise<Body> {
    const answer = await asked;
    if (answer.status !== status) throw new Error(`expected ${status}, was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const read = (id: string) => requireStatus(200, call<RegistrationAnswer>('GET', `/v1/registrations/${id}`));
  const whenStatus = (id: string, ...statuses: readonly string[]) =>
    until(`registration ${id} is ${statuses.join(' or ')}`, async () => {
      const registration = await read(id);
      if (statuses.includes(registration.status)) return registration;
      throw new Error(`it is ${registration.status}`);
    });

  return {
    call,
    send,
    register: (claim) => requireStatus(201, call<RegistrationAnswer>('POST', '/v1/registrations', claim)),
    read,
    async list(query = '') {
      const items: RegistrationAnswer[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: { items: readonly RegistrationAnswer[]; nextCursor: string | null } = await requireStatus(
          200,
          call('GET', `/v1/registrations?limit=200${query}${cursor === '' ? '' : `&cursor=${cursor}`}`),
        );
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    },
    whenStatus,
    whenDecided: (id) => whenStatus(id, 'approved', 'denied'),
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A date in the future, as a claim carries it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** A customer that is like no other: `word` is a word of small letters and digits. */
export function customerCalled(word: string): { readonly name: string; readonly domain: string; readonly country: string } {
  return { name: `${word.charAt(0).toUpperCase()}${word.slice(1)} Industries Inc`, domain: `${word}.example`, country: 'US' };
}

/** A registration of the partner `P-1`, of a value that the program approves by itself. */
export function claimOn(word: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    externalId: `DR-${word}`,
    partnerId: 'P-1',
    customer: customerCalled(word),
    contact: { name: 'Dana Reed', email: `dana.reed@${word}.example` },
    productLines: ['platform'],
    estimatedValue: { amount: '18000.00', currency: 'USD' },
    expectedCloseDate: inDays(60),
    description: 'Two sites, first phase in spring.',
    ...changes,
  };
}

export const usd = (amount: string) => ({ estimatedValue: { amount, currency: 'USD' } });
