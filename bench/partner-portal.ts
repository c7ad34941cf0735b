import { z } from 'zod';
import { openCompanyNames } from './sample/company-name.ts';
import { drawCustomers, legalName } from './sample/customer.ts';
import { openRandom } from './sample/random.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PARTNERS = 8;
/** Draws other customers than the sample's, so that its opportunities do not decide what is measured. */
const SEED = 4711;

const answer = z.looseObject({ id: z.string(), status: z.string(), estimatedValue: z.looseObject({ amount: z.string() }) });
const list = z.looseObject({ items: z.array(z.unknown()) });

export type Claim = Readonly<Record<string, unknown>>;
export type Registered = z.output<typeof answer>;

/** What partners do, over HTTP. */
export interface PartnerPortal {
  /** Claims on customers of their own, each of which the program approves by itself. No claim is drawn twice. */
  drawClaims(count: number): readonly Claim[];
  register(claim: Claim): Promise<Registered>;
  read(id: string): Promise<Registered>;
  amend(id: string, fields: Claim): Promise<void>;
  /** Whether no registration waits for its verdict. */
  allDecided(): Promise<boolean>;
  /** The smallest answer that the API gives to a POST with a body: it is refused without being looked at. */
  postNothing(claim: Claim): Promise<void>;
}

/** Registers some partners and opens their portal. */
export async function openPartnerPortal(apiUrl: string, apiToken: string): Promise<PartnerPortal> {
  const names = openCompanyNames(openRandom(SEED, 'bench-names'));
  const random = openRandom(SEED, 'bench');
  let drawn = 0;
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response.json();
    throw new Error(`${method} ${path} answered ${response.status}: ${(await response.text()).slice(0, 400)}`);
  };
  const partner = { country: 'US', type: 'reseller', track: 'solution', tier: 'gold', status: 'active' };
  for (let number = 1; number <= PARTNERS; number++)
    await send('PUT', `/v1/partners/BENCH-${number}`, {
      ...partner,
      name: `Bench Partner ${number}`,
      domain: `bench-partner-${number}.example`,
    });

  return {
    drawClaims(count) {
      const expectedCloseDate = new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10);
      return drawCustomers(random, names, 'B', count).map((customer) => {
        drawn++;
        const { domain, companyNumber, market } = customer;
        return {
          externalId: `BENCH-${drawn}`,
          partnerId: `BENCH-${(drawn % PARTNERS) + 1}`,
          customer: { name: legalName(customer), domain, country: market.country, companyNumber },
          contact: { name: 'Dana Reed', email: `dana.reed@${domain}` },
          productLines: ['platform'],
          estimatedValue: { amount: '12000.00', currency: 'USD' },
          expectedCloseDate,
          description: 'Two sites, first phase in spring.',
        };
      });
    },
    register: async (claim) => answer.parse(await send('POST', '/v1/registrations', claim)),
    read: async (id) => answer.parse(await send('GET', `/v1/registrations/${id}`)),
    async amend(id, fields) {
      await send('POST', `/v1/registrations/${id}/amend`, fields);
    },
    async allDecided() {
      return list.parse(await send('GET', '/v1/registrations?status=submitted&limit=1')).items.length === 0;
    },
    async postNothing(claim) {
      const response = await fetch(`${apiUrl}/healthz`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(claim),
      });
      await response.arrayBuffer();
    },
  };
}
