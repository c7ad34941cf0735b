import { openRandom, type Random } from '../../bench/sample/random.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { readCursor } from '../../store/sync-cursor.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { openHubspotWire, type HubspotWire } from '../support/hubspot-wire.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { inParallel, until } from '../support/until.ts';
import { readYielded } from '../support/yielded-edit.ts';
import { claimOn, inDays, usd } from './portal.ts';
import { startStory, type Story } from './story.ts';

const START_MS = 200_000;
const STORY_MS = 900_000;
const DEALS = 10;
/** So many times each deal is edited: a hundred rounds in all. */
const SWEEPS = 10;
const SEED = 20_261_128;
/** The sandbox's search knows of a write after this long. */
const HUBSPOT_INDEX_MS = 1_000;

/** What a deal says of itself on one side. */
interface Side {
  readonly value: number;
  readonly closeDate: string;
  readonly description: string;
  readonly customerName: string;
}
type Edited = keyof Side;
interface Deal {
  readonly id: string;
  readonly salesforceId: string;
  readonly hubspotId: string;
}
/** One round of one deal: who edits what, in this order; `together`: at the same time. */
interface Round {
  readonly edits: readonly { readonly by: 'Salesforce' | 'HubSpot' | 'the partner'; readonly change: Partial<Side> }[];
  readonly together: boolean;
}

const SALESFORCE: Readonly<Record<Edited, string>> = {
  value: 'Estimated_Value__c',
  closeDate: 'Expected_Close_Date__c',
  description: 'Description__c',
  customerName: 'Customer_Name__c',
};
const HUBSPOT: Readonly<Record<Edited, string>> = {
  value: 'estimated_value',
  closeDate: 'expected_close_date',
  description: 'description',
  customerName: 'customer_name',
};
/** As the log of decisions names them. */
const FIELD: Readonly<Record<Edited, string>> = {
  value: 'estimatedValue',
  closeDate: 'expectedCloseDate',
  description: 'description',
  customerName: 'customerName',
};
/** What a rep may change; the others are ours, and are written back. */
const NEWEST: ReadonlySet<Edited> = new Set(['value', 'closeDate']);

describeWith(findServers().temporal, 'A rep in Salesforce and a rep in HubSpot on the same deals, with the partner beside them', () => {
  let postgres: TestPostgres;
  let db: Database;
  let story: Story;
  let portal: HubspotWire;
  beforeAll(async () => {
    postgres = await startTestPostgres();
    const { url } = await postgres.openEmpty();
    db = openDatabase(url, 2);
    story = await startStory('two-crms', undefined, { CONNECTIONS: 'salesforce,hubspot', DATABASE_URL: url });
    portal = openHubspotWire(story.system.hubspotUrl);
  }, START_MS);
  afterAll(async () => {
    await story?.system.close();
    await db?.destroy();
    await postgres?.stop();
  }, START_MS);

  const inHubspot = (id: string) =>
    portal.find('deal_registration', 'registration_id', id, [...Object.values(HUBSPOT), 'registration_status']);

  /** By calls that no fault hits. */
  async function sidesOf({ id, salesforceId }: Deal): Promise<readonly Side[]> {
    const row = await story.crm.read('Deal_Registration__c', salesforceId);
    const [ours, record] = await Promise.all([story.portal.read(id), inHubspot(id)]);
    const from = (read: (field: Edited) => unknown): Side => ({
      value: Number(read('value')),
      closeDate: String(read('closeDate')),
      description: String(read('description')),
      customerName: String(read('customerName')),
    });
    const { estimatedValue, expectedCloseDate, description, customer } = ours;
    return [
      { value: Number(estimatedValue.amount), closeDate: expectedCloseDate, description, customerName: customer.name },
      from((field) => row[SALESFORCE[field]]),
      from((field) => record?.properties[HUBSPOT[field]]),
    ];
  }

  /** Waits until each CRM's registrations were read to the end in `polls` cycles that began after the search index knew of what was written before the call. */
  async function readToTheEnd(polls: number): Promise<void> {
    const indexedAt = Date.now() + HUBSPOT_INDEX_MS;
    for (const connection of ['salesforce', 'hubspot']) {
      const pulledAt = async () => Date.parse((await readCursor(db, connection, 'registration')).pulledAt ?? '');
      // A cycle that was under way at the time may have read what was there before.
      let last = await until(
        `a poll of ${connection} after the index knows`,
        async () => (await pulledAt()) > indexedAt && pulledAt(),
        120_000,
      );
      for (let poll = 1; poll <= polls; poll += 1)
        last = await until(`poll ${poll} of ${connection}`, async () => (await pulledAt()) > last && pulledAt(), 120_000);
    }
  }

  /**
   * Waits until both CRMs were read to the end twice, nothing is left to write and nothing was written meanwhile: equal sides alone may be on their way to a later
   * edit. Calls are no proof of a poll: one lane may wait for its turn after a fault while the others go on asking.
   */
  async function quiet(): Promise<void> {
    const writes = async () => (await story.crm.calls()).writes + (await portal.calls()).writes;
    await until(
      'both CRMs quiet',
      async () => {
        const before = await writes();
        await readToTheEnd(2);
        return (await writes()) === before && (await story.pendingOut()) === 0;
      },
      300_000,
    );
  }

  async function make({ by, change }: Round['edits'][number], deal: Deal): Promise<void> {
    const named = (names: Readonly<Record<Edited, string>>) =>
      Object.fromEntries(Object.entries(change).map(([field, value]) => [names[field as Edited], value]));
    const again = <Value>(work: () => Promise<Value>) => until(`an edit by ${by}`, async () => (await work(), true));
    if (by === 'Salesforce') await again(() => story.crm.update('rep', 'Deal_Registration__c', deal.salesforceId, named(SALESFORCE)));
    else if (by === 'HubSpot') await again(() => portal.update('rep', 'deal_registration', deal.hubspotId, named(HUBSPOT)));
    else {
      const amend = {
        ...(change.value === undefined ? {} : usd(change.value.toFixed(2))),
        ...(change.description === undefined ? {} : { description: change.description }),
      };
      const { status, body } = await story.portal.call('POST', `/v1/registrations/${deal.id}/amend`, amend);
      if (status !== 200) throw new Error(`the partner's change was answered ${status}: ${JSON.stringify(body)}`);
    }
  }

  /** Both CRMs keep the time of an edit; the slower of them in seconds. */
  async function nextSecond(): Promise<void> {
    const second = Math.floor(Date.now() / 1_000);
    await until('the next second', async () => Math.floor(Date.now() / 1_000) > second + 1);
  }

  async function play(deal: Deal, { edits, together }: Round): Promise<void> {
    if (together) await Promise.all(edits.map((edit) => make(edit, deal)));
    else
      for (const [index, edit] of edits.entries()) {
        if (index > 0) await nextSecond();
        await make(edit, deal);
      }
  }

  it(
    'end with three equal sides after a hundred rounds under faults, and every edit that yielded stands in the log',
    async () => {
      const words = Array.from({ length: DEALS }, (_unused, index) => `twin${index}`);
      const deals = await inParallel(words, 4, async (word): Promise<Deal> => {
        const { id } = await story.portal.register(claimOn(word, usd('18000.00')));
        await story.portal.whenStatus(id, 'approved');
        const row = await story.whenRow(id, (seen) => seen['Status__c'] === 'approved');
        const record = await until(`the record of ${id} in HubSpot`, async () => {
          const found = await inHubspot(id);
          return found?.properties['registration_status'] === 'approved' && found;
        });
        return { id, salesforceId: row.Id, hubspotId: record.id };
      });
      await quiet();
      const random = openRandom(SEED, 'two-crms');
      let overridden = 0;
      const hit = { salesforce: new Set<string>(), hubspot: new Set<string>() };
      for (let sweep = 1; sweep <= SWEEPS; sweep += 1) {
        const rounds = deals.map(() => drawRound(random, sweep));
        const before = await inParallel(deals, DEALS, async (deal) => (await sidesOf(deal))[0] as Side);
        const logged = await inParallel(deals, DEALS, async ({ id }) => (await readYielded(db, id)).length);
        await story.crm.faults(drawFaults(random, SALESFORCE_CALLS, SALESFORCE_FAULTS));
        await portal.faults(drawFaults(random, HUBSPOT_CALLS, HUBSPOT_FAULTS));
        await inParallel(deals, DEALS, (deal, index) => play(deal, rounds[index]!));
        await quiet();
        for (const [crm, rules] of [
          ['salesforce', await story.crm.faultHits()],
          ['hubspot', await portal.faultHits()],
        ] as const)
          for (const { fault, hits } of rules) if (hits > 0) hit[crm].add(fault);
        for (const [index, deal] of deals.entries()) {
          const round = rounds[index]!;
          const { possible, yielding } = outcomeOf(round);
          const [ours, salesforce, hubspot] = await sidesOf(deal);
          expect({ round, salesforce, hubspot }).toEqual({ round, salesforce: ours, hubspot: ours });
          for (const field of Object.keys(SALESFORCE) as Edited[])
            expect({ round, [field]: (possible.get(field) ?? [before[index]?.[field]]).includes(ours?.[field] as never) }).toEqual({
              round,
              [field]: true,
            });
          const lines = (await readYielded(db, deal.id)).slice(logged[index]).map(({ field }) => field);
          expect({ round, lines }).toEqual({ round, lines: expect.arrayContaining(yielding.map((field) => FIELD[field])) });
          overridden += lines.length;
        }
      }
      expect(overridden).toBeGreaterThan(10);
      expect(hit).toEqual({ salesforce: new Set(SALESFORCE_FAULTS), hubspot: new Set(HUBSPOT_FAULTS) });
    },
    STORY_MS,
  );
});

/** Values that no other round of the deal has. */
function drawRound(random: Random, sweep: number): Round {
  const fresh = (field: Edited, by: string): Partial<Side> => {
    switch (field) {
      case 'value':
        return { value: 18_000 + sweep * 100 + random.integer(1, 99) + (by === 'HubSpot' ? 0.25 : 0.5) };
      case 'closeDate':
        return { closeDate: inDays(60 + sweep * 6 + (by === 'HubSpot' ? 1 : 3) + random.integer(0, 1)) };
      case 'description':
      case 'customerName':
        return { [field]: `Said by ${by} in round ${sweep}` };
    }
  };
  const rep = () => (random.chance(0.5) ? ('Salesforce' as const) : ('HubSpot' as const));
  const other = (by: 'Salesforce' | 'HubSpot') => (by === 'HubSpot' ? ('Salesforce' as const) : ('HubSpot' as const));
  const newest = (): Edited => (random.chance(0.5) ? 'value' : 'closeDate');
  const first = rep();
  const field = newest();
  switch (random.integer(0, 6)) {
    case 0:
      return { edits: [{ by: first, change: fresh(field, first) }], together: false };
    case 1:
      return { edits: [first, other(first)].map((by) => ({ by, change: fresh(field, by) })), together: false };
    case 2:
      return { edits: [first, other(first)].map((by) => ({ by, change: fresh(field, by) })), together: true };
    case 3:
      return {
        edits: [
          { by: first, change: fresh('value', first) },
          { by: other(first), change: fresh('closeDate', other(first)) },
        ],
        together: true,
      };
    case 4:
      return { edits: [{ by: first, change: { ...fresh('description', first), ...fresh(field, first) } }], together: false };
    case 5:
      return {
        edits: [
          { by: 'the partner', change: fresh('value', 'the partner') },
          { by: first, change: fresh('value', first) },
        ],
        together: true,
      };
    default:
      return {
        edits: [
          { by: 'the partner', change: fresh('description', 'the partner') },
          { by: first, change: fresh(field, first) },
        ],
        together: true,
      };
  }
}

/** By field what may stand at the end, and the fields of which an edit has to yield. */
function outcomeOf({ edits, together }: Round): {
  readonly possible: ReadonlyMap<Edited, readonly unknown[]>;
  readonly yielding: readonly Edited[];
} {
  const possible = new Map<Edited, unknown[]>();
  const yielding: Edited[] = [];
  for (const { by, change } of edits) {
    for (const [name, value] of Object.entries(change)) {
      const field = name as Edited;
      if (by !== 'the partner' && !NEWEST.has(field)) yielding.push(field);
      else {
        const earlier = possible.get(field) ?? [];
        // One that is made a second earlier may have gone all the way, and then is followed by another and not overridden.
        const isOfPartner = edits.some((edit) => edit.by === 'the partner' && edit.change[field] !== undefined);
        // What a partner changes may be stored before the other edit is made, or after that one was taken.
        if (earlier.length > 0 && together && !isOfPartner) yielding.push(field);
        possible.set(field, together ? [...earlier, value] : [value]);
      }
    }
  }
  return { possible, yielding };
}

const SALESFORCE_CALLS = [
  ['PATCH', '/composite/sobjects'],
  ['GET', '/query'],
  ['POST', '/composite/sobjects'],
] as const;
const SALESFORCE_FAULTS = ['unavailable', 'lost_answer', 'row_lock', 'drop', 'truncate'];
const HUBSPOT_CALLS = [
  ['POST', '/crm/objects/*/batch/upsert'],
  ['POST', '/crm/objects/*/batch/update'],
  ['POST', '/crm/objects/*/search'],
  ['POST', '/crm/objects/*/batch/read'],
] as const;
const HUBSPOT_FAULTS = ['unavailable', 'lost_answer', 'row_lock', 'drop', 'truncate', 'concurrent_limit'];

/** A few calls of each kind are hit, at places that differ from sweep to sweep. */
function drawFaults(
  random: Random,
  calls: readonly (readonly [method: string, path: string])[],
  faults: readonly string[],
): readonly object[] {
  return calls.flatMap(([method, path]) =>
    Array.from({ length: 2 }, () => ({ method, path, nth: random.integer(1, 6), times: random.integer(1, 2), fault: random.pick(faults) })),
  );
}
