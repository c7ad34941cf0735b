/** Partners, registrations and tasks for the page to show: a Monday morning at Acme, written through the API as the worker and the reps would. */

import { bearer, ORG_START, type OpenedOrg } from '../sandbox/salesforce/opened-org.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const REGISTRATION = '/sobjects/Deal_Registration__c';

/** Customers of the sample that have opportunities. */
const CUSTOMERS = [
  'Hazelfield Robotics Inc',
  'Rookford Optics LLC',
  'Coldmere Steel & Wire PLC',
  'Bexford Marine LLC',
  'Tamgate Software Ltd',
] as const;
type CustomerName = (typeof CUSTOMERS)[number];

export interface FurnishedDesk {
  /** Ids of users by alias, of partners and customers by name, of registrations by their number, of opportunities by name. */
  readonly users: ReadonlyMap<string, string>;
  readonly accounts: ReadonlyMap<string, string>;
  readonly registrations: ReadonlyMap<string, string>;
  readonly opportunities: ReadonlyMap<string, string>;
}

interface ClaimStory {
  readonly partner: string;
  readonly customer: CustomerName;
  readonly lines: string;
  readonly value: number;
  readonly submittedDaysAgo: number;
  /** What the worker wrote, one after the other. */
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

/** Distances are whole hours and a half: what the page rounds does not change while it is looked at. */
const HALF_HOUR_MS = HOUR_MS / 2;
const instant = (fromStartMs: number): string => new Date(ORG_START + fromStartMs - HALF_HOUR_MS).toISOString();
const day = (inDays: number): string => new Date(ORG_START + inDays * DAY_MS).toISOString().slice(0, 10);

/** Writes the morning into an org that has the sample, and leaves its clock where it was opened. */
export async function furnishDesk(org: OpenedOrg): Promise<FurnishedDesk> {
  const users = await idsBy(org, 'SELECT Id, Alias FROM User', 'Alias');
  const customers = await idsBy(
    org,
    `SELECT Id, Name FROM Account WHERE Name IN (${CUSTOMERS.map((name) => `'${name}'`).join(', ')})`,
    'Name',
  );
  const partners = new Map<string, string>();
  for (const [index, partner] of PARTNERS.entries())
    partners.set(partner.Name, await create(org, '/sobjects/Account', { ...partner, Partner_Id__c: `P-00${index + 1}` }));
  const accounts = new Map([...customers, ...partners]);
  const opportunities = await idsBy(
    org,
    `SELECT Id, Name FROM Opportunity WHERE AccountId IN (${[...customers.values()].map((id) => `'${id}'`).join(', ')})`,
    'Name',
  );
  const registrations = new Map<string, string>();
  for (const [index, claim] of claimsOf(users, opportunities).entries()) {
    registrations.set(`DR-${String(index + 1).padStart(6, '0')}`, await tell(org, claim, index, accounts));
  }
  await org.control('clock', { now: ORG_START });
  for (const { as, ...task } of tasksOf(users, accounts, registrations, opportunities)) await create(org, '/sobjects/Task', task, as);
  return { users, accounts, registrations, opportunities };
}

const PARTNERS = [
  partner('Northwind Integration LLC', 'reseller', 'gold'),
  partner('Brightpath Consulting Inc', 'si_consultant', 'silver'),
  partner('Harbor Cloud Ltd', 'reseller', 'platinum'),
] as const;

function partner(Name: string, type: string, tier: string) {
  const site = Name.toLowerCase()
    .replace(/ (llc|inc|ltd)$/, '')
    .replaceAll(' ', '');
  return {
    Name,
    Website: `https://www.${site}.example`,
    BillingCountry: 'US',
    Partner_Type__c: type,
    Partner_Track__c: 'solution',
    Partner_Tier__c: tier,
    Partner_Status__c: 'active',
  };
}

function claimsOf(users: ReadonlyMap<string, string>, opportunities: ReadonlyMap<string, string>): readonly ClaimStory[] {
  const review = (alias: string, step: string, dueMs: number) => ({
    Status__c: 'in_review',
    Review_Step__c: step,
    Approver__c: users.get(alias),
    Review_Due__c: instant(dueMs),
  });
  const decided = { Approver__c: null, Review_Step__c: null, Review_Due__c: null };
  const approved = (agoDays: number, protectedDays: number) => ({
    ...decided,
    Status__c: 'approved',
    Decided_At__c: instant(-agoDays * DAY_MS),
    Protected_Until__c: instant(protectedDays * DAY_MS + 2 * HALF_HOUR_MS),
  });
  return [
    {
      partner: 'Northwind Integration LLC',
      customer: 'Hazelfield Robotics Inc',
      lines: 'platform;analytics',
      value: 60_000,
      submittedDaysAgo: 1,
      steps: [
        {
          ...review('manager', 'Partner Manager', 31 * HOUR_MS),
          Conflict_Summary__c: 'A direct opportunity of the same customer is open: Hazelfield Robotics: platform.',
        },
      ],
    },
    {
      partner: 'Brightpath Consulting Inc',
      customer: 'Rookford Optics LLC',
      lines: 'automation',
      value: 38_500,
      submittedDaysAgo: 4,
      steps: [review('manager', 'Partner Manager', -20 * HOUR_MS)],
    },
    {
      partner: 'Harbor Cloud Ltd',
      customer: 'Coldmere Steel & Wire PLC',
      lines: 'platform',
      value: 24_000,
      submittedDaysAgo: 78,
      steps: [
        {
          ...approved(78, 12),
          Opportunity__c: opportunities.get('Coldmere Steel & Wire: analytics rollout'),
          Sync_Note__c: 'Approved: nothing stands against it.',
        },
      ],
    },
    {
      partner: 'Brightpath Consulting Inc',
      customer: 'Hazelfield Robotics Inc',
      lines: 'platform',
      value: 52_000,
      submittedDaysAgo: 2,
      steps: [
        {
          ...decided,
          Status__c: 'denied',
          Decided_At__c: instant(-2 * DAY_MS),
          Decision_Reason__c: 'An earlier registration covers this customer and product line.',
        },
      ],
    },
    {
      partner: 'Northwind Integration LLC',
      customer: 'Bexford Marine LLC',
      lines: 'analytics',
      value: 180_000,
      submittedDaysAgo: 6,
      steps: [review('director', 'Director', 5 * HOUR_MS)],
    },
    {
      partner: 'Harbor Cloud Ltd',
      customer: 'Tamgate Software Ltd',
      lines: 'platform;automation',
      value: 41_000,
      submittedDaysAgo: 9,
      steps: [review('manager', 'Partner Manager', -6 * DAY_MS), approved(7, 83)],
    },
    {
      partner: 'Northwind Integration LLC',
      customer: 'Rookford Optics LLC',
      lines: 'analytics',
      value: 12_000,
      submittedDaysAgo: 85,
      steps: [approved(85, 5)],
    },
  ];
}

/** One claim as the worker wrote it, from the day on which it came in. */
async function tell(org: OpenedOrg, claim: ClaimStory, index: number, accounts: ReadonlyMap<string, string>): Promise<string> {
  await org.control('clock', { now: ORG_START - claim.submittedDaysAgo * DAY_MS + index * 60_000 });
  const id = await create(org, REGISTRATION, {
    Registration_Id__c: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    Status__c: 'submitted',
    Partner__c: accounts.get(claim.partner),
    Customer__c: accounts.get(claim.customer),
    Customer_Name__c: claim.customer,
    Customer_Domain__c: `${claim.customer
      .toLowerCase()
      .replace(/ (inc|llc|plc|ltd)$/, '')
      .replace(/&/g, 'and')
      .replaceAll(' ', '')}.example`,
    Product_Lines__c: claim.lines,
    Estimated_Value__c: claim.value,
    Estimated_Currency__c: 'USD',
    Expected_Close_Date__c: day(60),
    Description__c: 'Two sites, first phase in spring.',
    Submitted_At__c: instant(-claim.submittedDaysAgo * DAY_MS),
  });
  for (const step of claim.steps) {
    await org.control('clock', { advanceMs: 40_000 });
    await change(org, `${REGISTRATION}/${id}`, step);
  }
  return id;
}

function tasksOf(
  users: ReadonlyMap<string, string>,
  accounts: ReadonlyMap<string, string>,
  registrations: ReadonlyMap<string, string>,
  opportunities: ReadonlyMap<string, string>,
) {
  return [
    {
      as: 'integration',
      Subject: 'Decide DR-000002: Rookford Optics LLC',
      OwnerId: users.get('manager'),
      WhatId: registrations.get('DR-000002'),
      ActivityDate: day(-1),
      Priority: 'High',
    },
    {
      as: 'integration',
      Subject: 'Decide DR-000001: Hazelfield Robotics Inc',
      OwnerId: users.get('manager'),
      WhatId: registrations.get('DR-000001'),
      ActivityDate: day(1),
    },
    { as: 'rep', Subject: 'Call about the analytics rollout', WhatId: accounts.get('Coldmere Steel & Wire PLC'), ActivityDate: day(0) },
    { as: 'rep', Subject: 'Send the offer', WhatId: opportunities.get('Rookford Optics: new business'), ActivityDate: day(-3) },
    { as: 'rep', Subject: 'Prepare the quarter', ActivityDate: day(9) },
  ];
}

async function create(org: OpenedOrg, path: string, body: object, as = 'integration'): Promise<string> {
  const answer = await org.call('POST', path, body, bearer(as));
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.id as string;
}

/** Changes a record as `as`. @throws Error with the refusal, where the change is refused. */
export async function change(org: OpenedOrg, path: string, body: object, as = 'integration'): Promise<void> {
  const answer = await org.call('PATCH', path, body, bearer(as));
  if (answer.status !== 204) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

async function idsBy(org: OpenedOrg, soql: string, name: string): Promise<Map<string, string>> {
  const records = await org.query(soql);
  return new Map(records.map((record) => [String(record[name]), String(record['Id'])]));
}
