import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { findRivals } from '../activities/decision/gather-rivals.ts';
import { findMatchedAccounts } from '../activities/decision/matched-account.ts';
import { NO_FACTS, type CustomerDetails, type MatchBand } from '../program/claim.ts';
import { customerDomain } from '../program/customer-key.ts';
import { normalizeCustomerName } from '../program/customer-name.ts';
import type { Program } from '../program/definition/program.ts';
import type { EvidenceNeed } from '../program/evidence-need.ts';
import { saveAccounts } from '../store/crm-mirror.ts';
import type { Database } from '../store/database.ts';
import { storeReceipt } from '../store/receipt.ts';
import { loadFreeMailDomains } from '../workers/compose/reference-data.ts';
import { readAcme, withBareDatabase } from './bare-database.ts';
import { figure, type Benchmark, type Figure } from './benchmark.ts';
import { samplePartnerFields, savePartner } from './bare-partner.ts';
import { NOISE, noiseOf, type Noise } from './noise.ts';
import { drawPopulationAccount } from './sample/population.ts';
import { SAMPLE_SEED } from './sample/file-format.ts';
import { openRandom } from './sample/random.ts';
import { drawSample, type DrawnSample } from './sample/sample.ts';

/** Accounts of strangers in the CRM: whatever is matched with one of them is wrong. */
const STRANGERS = { full: 20_000, small: 200 } as const;
/** What the bands have to reach: a wrong exact match denies somebody a deal, a missed one protects two. */
const LEAST = { precision: 0.98, recall: 0.97 } as const;
const BATCH = 500;
const NOW = '2026-01-05T15:00:00.000Z';
const NEED: EvidenceNeed = {
  endedSince: null,
  boughtSince: null,
  contacts: false,
  relatives: false,
  record: false,
  approved: false,
  conversion: false,
};

/** A pair of a claim and an earlier claim or an account: whether they truly are one customer, and what the matching says. */
interface Pair {
  readonly isSame: boolean;
  readonly band: MatchBand | null;
  readonly noise: readonly Noise[];
}

export const matching: Benchmark = {
  name: 'matching',
  summary: 'which claims and accounts are known to be one customer, on the labelled sample (--times: on as many draws of it)',
  run: (scale, times = 1) =>
    withBareDatabase(async (db) => {
      const program = readAcme();
      const freeMailDomains = loadFreeMailDomains();
      await saveStrangers(db, STRANGERS[scale], freeMailDomains);
      const pairs: Pair[] = [];
      for (let draw = 0; draw < times; draw += 1) {
        const sample = drawSample(SAMPLE_SEED + draw);
        const count = scale === 'small' ? 150 : sample.registrations.length;
        pairs.push(...(await matchSample(db, program, freeMailDomains, sample, count)));
        await forgetSample(db);
      }
      return report(pairs);
    }),
};

async function saveStrangers(db: Database, count: number, freeMailDomains: ReadonlySet<string>): Promise<void> {
  const random = openRandom(SAMPLE_SEED, 'strangers');
  const accounts = Array.from({ length: count }, (_unused, index) => {
    const { name, domain, market, postalCode } = drawPopulationAccount(random);
    return accountRow(`stranger-${index}`, { name, domain, country: market.country, postalCode, companyNumber: null }, freeMailDomains);
  });
  for (let start = 0; start < count; start += BATCH) {
    await db.transaction().execute((trx) => saveAccounts(trx, accounts.slice(start, start + BATCH)));
  }
}

function accountRow(remoteId: string, details: CustomerDetails, freeMailDomains: ReadonlySet<string>) {
  return {
    connection: 'salesforce',
    remote_id: remoteId,
    name: details.name,
    name_key: normalizeCustomerName(details.name),
    domain: customerDomain(details.domain, freeMailDomains)?.name ?? null,
    country: details.country,
    postal_code: details.postalCode,
    company_number: null,
    last_activity_at: null,
    owner_remote_id: null,
    parent_remote_id: null,
    stamp: NOW,
    deleted: false,
    merged_into: null,
    refreshed_at: NOW,
  };
}

/** Receives the first `count` claims of the stream, with the sample's CRM in the mirror, and asks of each which earlier claims and accounts are its customer. */
async function matchSample(
  db: Database,
  program: Program,
  freeMailDomains: ReadonlySet<string>,
  sample: DrawnSample,
  count: number,
): Promise<readonly Pair[]> {
  await db.transaction().execute(async (trx) => {
    const accounts = sample.crm.accounts.map(({ key, name, website, country, postalCode }) =>
      accountRow(`sample-${key}`, { name, domain: website, country, postalCode, companyNumber: null }, freeMailDomains),
    );
    await saveAccounts(trx, accounts);
  });
  const partnerIds = new Map<string, string>();
  for (const partner of sample.partners) partnerIds.set(partner.externalId, await savePartner(db, samplePartnerFields(partner), NOW));
  const settings = { connections: [], freeMailDomains, newId: randomUUID, now: () => NOW };
  const received = [];
  for (const [index, { registration }] of sample.registrations.slice(0, count).entries()) {
    const { name, country, domain = null, postalCode = null, companyNumber = null } = registration.customer;
    const customer: CustomerDetails = { name, country, domain, postalCode, companyNumber };
    const registrationId = randomUUID();
    await storeReceipt(
      db,
      {
        registrationId,
        externalId: registration.externalId,
        partnerId: partnerIds.get(registration.partnerId) ?? '',
        origin: 'api',
        kind: registration.kind,
        facts: NO_FACTS,
        customer,
        contact: registration.contact,
        productLines: registration.productLines,
        estimatedValue: registration.estimatedValue,
        expectedCloseDate: '2026-06-30',
        description: registration.description,
        evidence: [],
        programVersion: program.version,
        contentDigest: registrationId,
      },
      settings,
    );
    received.push({ registrationId, customer, truth: sample.customers[index]! });
  }

  const pairs: Pair[] = [];
  for (const [index, { registrationId, customer, truth }] of received.entries()) {
    const { rivals, accounts } = await db.transaction().execute(async (trx) => ({
      rivals: await findRivals(trx, freeMailDomains, program, registrationId, customer, NEED),
      accounts: await findMatchedAccounts(trx, freeMailDomains, program, customer),
    }));
    const bands = new Map<string, MatchBand>([
      ...rivals.map(({ candidate, match }) => [candidate.registrationId, match.band] as const),
      ...accounts.map(({ remoteId, match }) => [remoteId, match.band] as const),
    ]);
    const ownNoise = noiseOf(customer, truth, freeMailDomains);
    const note = (id: string, isSame: boolean, other: () => readonly Noise[]): void => {
      const band = bands.get(id) ?? null;
      bands.delete(id);
      if (isSame || band !== null) pairs.push({ isSame, band, noise: bothNoises(ownNoise, isSame ? other() : []) });
    };
    for (const earlier of received.slice(0, index)) {
      note(earlier.registrationId, earlier.truth.key === truth.key, () => noiseOf(earlier.customer, earlier.truth, freeMailDomains));
    }
    for (const later of received.slice(index)) bands.delete(later.registrationId);
    for (const account of sample.crm.accounts) {
      const isSame = account.key === truth.key;
      const stated = { ...account, domain: account.website, companyNumber: null };
      note(`sample-${account.key}`, isSame, () => noiseOf(stated, truth, freeMailDomains));
    }
    // What is left are strangers.
    for (const band of bands.values()) pairs.push({ isSame: false, band, noise: ownNoise });
  }
  return pairs;
}

function bothNoises(ours: readonly Noise[], theirs: readonly Noise[]): readonly Noise[] {
  const both = [...new Set([...ours, ...theirs])].filter((noise) => noise !== 'as it is');
  return both.length === 0 ? ['as it is'] : both;
}

async function forgetSample(db: Database): Promise<void> {
  await sql`delete from crm_account where remote_id like 'sample-%'`.execute(db);
  await sql`truncate registration, customer, customer_key, partner, outbox, push_queue cascade`.execute(db);
}

function report(pairs: readonly Pair[]): readonly Figure[] {
  const precision = (some: readonly Pair[], band: MatchBand, least: number): readonly Figure[] => {
    const found = some.filter((pair) => pair.band === band);
    if (found.length === 0) return [];
    const right = found.filter(({ isSame }) => isSame).length;
    return [
      figure(
        `precision, ${band} band (n = ${found.length})`,
        '',
        right / found.length,
        least > 0 ? 'at least' : 'all right',
        least > 0 ? least : 1,
      ),
    ];
  };
  const recall = (what: string, some: readonly Pair[]): readonly Figure[] => {
    const same = some.filter(({ isSame }) => isSame);
    if (same.length === 0) return [];
    const found = same.filter(({ band }) => band === 'exact' || band === 'probable').length;
    const exact = same.filter(({ band }) => band === 'exact').length;
    return [
      figure(`recall, exact and probable: ${what} (n = ${same.length})`, '', found / same.length, 'at least', LEAST.recall),
      figure(`  of these exact`, '', exact / same.length, 'all', 1),
    ];
  };
  return [
    ...precision(pairs, 'exact', LEAST.precision),
    ...precision(pairs, 'probable', 0),
    ...recall('all', pairs),
    ...NOISE.flatMap((noise) =>
      recall(
        noise,
        pairs.filter((pair) => pair.noise.includes(noise)),
      ),
    ),
  ];
}
