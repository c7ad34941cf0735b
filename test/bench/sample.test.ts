import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_SEED, writeSample } from '../../bench/sample/file-format.ts';
import { drawSample } from '../../bench/sample/sample.ts';
import { compareIdentities, identify, type StatedIdentity } from './sample-identity.ts';
import { bandOf, judgeStream } from './sample-judgement.ts';
import { crmSchema, type Label, LABELS, partnersSchema, registrationsSchema } from './sample-schema.ts';

const FOLDER = join('programs', 'sample');
const FILES = ['partners.json', 'crm.json', 'registrations.json'] as const;
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));

const partners = partnersSchema.parse(readJson('partners.json'));
const crm = crmSchema.parse(readJson('crm.json'));
const registrations = registrationsSchema.parse(readJson('registrations.json'));
const stream = registrations.map(({ registration }) => registration);

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> =>
  items.reduce<Record<string, number>>((counts, item) => ({ ...counts, [keyOf(item)]: (counts[keyOf(item)] ?? 0) + 1 }), {});
const share = <T>(items: readonly T[], fits: (item: T) => boolean): number => items.filter(fits).length / items.length;

describe('the generator', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sample-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(FILES)('writes the %s that is kept, byte for byte', (name) => {
    writeSample(drawSample(SAMPLE_SEED), folder);
    expect(readFileSync(join(folder, name)).equals(readFileSync(join(FOLDER, name)))).toBe(true);
  });

  it('writes other data from another seed', () => {
    writeSample(drawSample(SAMPLE_SEED + 1), folder);
    for (const name of FILES) expect(readFileSync(join(folder, name)).equals(readFileSync(join(FOLDER, name)))).toBe(false);
  });

  it.each([1, 2, 3])('keeps its labels true with seed %i', (seed) => {
    const other = drawSample(seed);
    const parsed = registrationsSchema.parse(other.registrations);
    const judged = judgeStream(
      partnersSchema.parse(other.partners),
      crmSchema.parse(other.crm),
      parsed.map(({ registration }) => registration),
    );
    expect(judged.map(({ label }) => label)).toEqual(parsed.map(({ label }) => label));
  });
});

describe('partners.json', () => {
  const active = partners.filter(({ status }) => status === 'active');

  it('holds the handbook’s 150 active partners by type, track and tier', () => {
    expect(countBy(active, ({ type, track, tier }) => `${type} ${track} ${tier}`)).toEqual({
      'reseller solution silver': 45,
      'reseller solution gold': 25,
      'reseller solution platinum': 10,
      'technology technology registered': 22,
      'technology technology certified': 13,
      'technology technology premier': 5,
      'referral referral null': 24,
      'si_consultant solution silver': 2,
      'si_consultant solution gold': 1,
      'affiliate null null': 1,
      'strategic null null': 1,
      'oem null null': 1,
    });
  });

  it('has a few partners who may not register now, and no id, name or domain twice', () => {
    expect(new Set(partners.map(({ status }) => status))).toEqual(new Set(['active', 'suspended', 'applicant', 'terminated']));
    for (const key of ['externalId', 'name', 'domain'] as const)
      expect(new Set(partners.map((partner) => partner[key])).size).toBe(partners.length);
  });
});

describe('crm.json', () => {
  it('refers only to accounts it holds, parents before their children', () => {
    const keys = crm.accounts.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(crm.accounts.filter(({ parent }, index) => parent !== null && !keys.slice(0, index).includes(parent))).toEqual([]);
    expect([...crm.contacts, ...crm.opportunities].filter(({ account }) => !keys.includes(account))).toEqual([]);
  });

  it('carries the handbook’s noise', () => {
    expect(crm.accounts).toHaveLength(400);
    expect(share(crm.accounts, ({ website }) => website === null)).toBeCloseTo(0.09, 1);
    expect(share(crm.accounts, ({ parent }) => parent !== null)).toBe(0.08);
    expect(share(crm.accounts, ({ website }) => website?.includes('.test') ?? false)).toBeCloseTo(0.04, 1);
    expect(crm.contacts.some(({ email }) => email.endsWith('@gmail.com'))).toBe(true);
  });

  it('has opportunities in every standard stage, stale ones among them', () => {
    expect(crm.opportunities).toHaveLength(160);
    expect(new Set(crm.opportunities.map(({ stage }) => stage)).size).toBe(10);
    expect(
      crm.opportunities.filter(
        ({ createdDaysAgo, lastActivityDaysAgo }) => Math.min(createdDaysAgo, lastActivityDaysAgo ?? createdDaysAgo) > 180,
      ).length,
    ).toBeGreaterThan(20);
    for (const { createdDaysAgo, lastActivityDaysAgo } of crm.opportunities)
      expect(lastActivityDaysAgo ?? 0).toBeLessThanOrEqual(createdDaysAgo);
  });
});

describe('registrations.json', () => {
  it('labels each registration as the contract’s rules judge it when the stream is played in order', () => {
    const judged = judgeStream(partners, crm, stream);
    const wrong = registrations.flatMap(({ registration, label }, index) =>
      judged[index]?.label === label
        ? []
        : [`${registration.externalId}: labelled ${label}, judged ${judged[index]?.label} (${judged[index]?.why})`],
    );
    expect(wrong).toEqual([]);
  });

  it('names the earlier claim that a duplicate or a conflict runs into, and none elsewhere', () => {
    const judged = judgeStream(partners, crm, stream);
    const wrong = registrations.filter(({ label, truth: { rivalExternalId } }, index) => {
      const isRivalry = label === 'duplicate_same_partner' || label === 'conflict_active' || label === 'conflict_probable';
      return isRivalry ? !judged[index]?.rivals.includes(rivalExternalId ?? '') : rivalExternalId !== undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('expects of each label the outcome that the contract states', () => {
    const outcomes = new Set(registrations.map(({ label, truth }) => `${label} ${truth.expectedOutcome}`));
    expect([...outcomes].toSorted()).toEqual([
      'below_minimum denied',
      'clean_auto approved',
      'clean_review in_review',
      'conflict_active denied',
      'conflict_probable in_review',
      'direct_early in_review',
      'direct_late_active denied',
      'direct_stale approved',
      'duplicate_same_partner denied',
      'ineligible denied',
    ]);
  });

  it('shows at least three of each label in its first hundred, and 55 that are approved at once', () => {
    const counts = countBy(registrations.slice(0, 100), ({ label }) => label);
    for (const label of LABELS) expect(counts[label]).toBeGreaterThanOrEqual(3);
    expect(counts['clean_auto']).toBe(55);
  });

  it('has unique ids, seven currencies and values spread as the handbook says', () => {
    expect(new Set(stream.map(({ externalId }) => externalId)).size).toBe(1_100);
    expect(Object.keys(countBy(stream, ({ estimatedValue }) => estimatedValue.currency))).toHaveLength(7);
    const dollars = stream
      .flatMap(({ estimatedValue }) => (estimatedValue.currency === 'USD' ? [Number(estimatedValue.amount)] : []))
      .toSorted((a, b) => a - b);
    const median = dollars[Math.floor(dollars.length / 2)];
    expect(median).toBeGreaterThan(14_000);
    expect(median).toBeLessThan(20_000);
    expect(dollars.filter((value) => value > 250_000).length).toBeGreaterThanOrEqual(3);
  });

  it('lets the busiest fifth of the partners file most, and a fifth of them nothing', () => {
    const filed = Object.values(countBy(stream, ({ partnerId }) => partnerId)).toSorted((a, b) => b - a);
    const busiest = filed.slice(0, 30).reduce((sum, count) => sum + count, 0);
    expect(busiest / stream.length).toBeGreaterThan(0.65);
    expect(filed.length).toBeLessThan(partners.length * 0.85);
  });

  it('is counted rightly in the README', () => {
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    const written = Object.fromEntries(
      [...readme.matchAll(/^\| `(\w+)` +\| *(\d+) \| *(\d+) \|/gm)].map(([, label, whole, opening]) => [
        label,
        [Number(whole), Number(opening)],
      ]),
    );
    const whole = countBy(registrations, ({ label }) => label);
    const opening = countBy(registrations.slice(0, 100), ({ label }) => label);
    expect(written).toEqual(Object.fromEntries(LABELS.map((label) => [label, [whole[label], opening[label]]])));
    expect(readme).toContain(String(SAMPLE_SEED));
  });
});

describe('the independent judgement', () => {
  // Without these the checks above could pass because the judge sees nothing.
  const judgeWithout = (label: Label): string | undefined => {
    const follower = registrations.find((each) => each.label === label);
    const rest = stream.filter(({ externalId }) => externalId !== follower?.truth.rivalExternalId);
    return judgeStream(partners, crm, rest)[rest.findIndex(({ externalId }) => externalId === follower?.registration.externalId)]?.label;
  };

  it.each(['duplicate_same_partner', 'conflict_active', 'conflict_probable'] as const)(
    'no longer finds a %s once the earlier claim is gone',
    (label) => {
      expect(judgeWithout(label)).toMatch(/^clean_/);
    },
  );

  it.each(['direct_early', 'direct_late_active'] as const)('no longer finds a %s once the CRM is empty', (label) => {
    const judged = judgeStream(partners, { accounts: [], contacts: [], opportunities: [] }, stream);
    expect(judged[registrations.findIndex((each) => each.label === label)]?.label).toMatch(/^clean_/);
  });

  const thornfield: StatedIdentity = {
    name: 'Thornfield Dental LLC',
    domain: 'thornfield.example',
    country: 'US',
    postalCode: '10001',
    companyNumber: 'S12',
  };
  it.each([
    ['the same domain under another name', { name: 'Other', domain: 'WWW.thornfield.example', country: 'CA' }, 'exact'],
    ['the same company number, written otherwise', { name: 'Other', country: 'US', companyNumber: 's-12' }, 'exact'],
    ['the same name, country and postal code', { name: 'THE THORNFIELD DENTAL', country: 'US', postalCode: '10001' }, 'exact'],
    ['the same but an unlike domain', { name: 'Thornfield Dental', domain: 'tfd.example', country: 'US', postalCode: '10001' }, 'probable'],
    ['the same name alone', { name: 'Thornfield Dental', domain: 'gmail.com', country: 'US' }, 'probable'],
    [
      'the same name with another company number',
      { name: 'Thornfield Dental', domain: 'tfd.example', country: 'US', companyNumber: 'S13' },
      null,
    ],
    ['the same name in another country', { name: 'Thornfield Dental', country: 'CA' }, null],
    ['a twin under another suffix', { name: 'Thornfield Dental', domain: 'thornfield.test', country: 'DE' }, 'probable'],
    ['a near name without domain', { name: 'Thornfield Denta', country: 'US' }, null],
    ['a near name under another domain', { name: 'Thornfield Dentall', domain: 'dentall.example', country: 'US' }, null],
  ] as const)('takes %s for what it is', (_what, other: StatedIdentity, band) => {
    expect(compareIdentities(identify(thornfield), identify(other))).toBe(band);
  });

  it.each([
    ['4999.99', 'USD', 'below_minimum'],
    ['5000.00', 'USD', 'clean_auto'],
    ['25000.00', 'USD', 'clean_auto'],
    ['25000.01', 'USD', 'clean_review'],
    ['22500.00', 'EUR', 'unclear'],
  ] as const)('puts %s %s into the band %s', (amount, currency, band) => {
    expect(bandOf({ amount, currency })).toBe(band);
  });
});
