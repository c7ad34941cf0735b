import { defaultCalendar, holidaySource, workingCalendar } from '../../../program/calendar.ts';
import { MATCH_THRESHOLDS } from '../../../program/customer-identity.ts';
import { country } from '../../../api/schemas/country.ts';
import { formatDuration } from '../../../program/duration.ts';
import { PARTNER_TIERS, PARTNER_TRACKS, PARTNER_TYPES, REGISTRATION_KINDS } from '../../../program/vocabulary.ts';
import { ACME } from '../example.ts';

describe('programs/acme.yaml', () => {
  it('carries the whole program, also what nothing decides by yet', () => {
    expect(ACME.tracks.map(({ id, tiers }) => [id, tiers.map((tier) => tier.id)])).toEqual([
      ['technology', ['registered', 'certified', 'premier']],
      ['solution', ['silver', 'gold', 'platinum']],
      ['referral', []],
    ]);
    expect(ACME.economics.map(({ track, benefits }) => [track, benefits.map(({ kind }) => kind)])).toEqual([
      ['technology', ['listing', 'funds', 'revenue_share']],
      ['solution', ['margin', 'deal_protection', 'funds']],
      ['referral', ['commission']],
    ]);
    // Of the team of 15 the handbook lists 1 + 2 + 6 + 2 + 2 + 2.
    expect(ACME.governance.roles.reduce((sum, { headcount }) => sum + headcount, 0)).toBe(15);
    expect(ACME.documents.map(({ id }) => id)).toHaveLength(7);
    expect(ACME.systems.map(({ priority }) => priority)).toEqual(['critical', 'critical', 'high', 'high', 'high', 'medium', 'medium']);
    expect(ACME.launch.map(({ phase, steps }) => [phase, steps.length])).toEqual([
      ['foundation', 8],
      ['pilot', 6],
      ['launch', 5],
    ]);
    expect(ACME.scale).toHaveLength(6);
    expect(ACME.maturity).toHaveLength(7);
    expect(ACME.metrics.map(({ id, current, target }) => [id, current, target])).toEqual([
      ['partner_revenue_share', '22', '40'],
      ['active_partners', '150', '300'],
      ['partner_nps', '45', '60'],
      ['revenue_per_partner', '50000', '80000'],
    ]);
  });

  it('decides by what the contract states', () => {
    expect(ACME.productLines.map(({ id }) => id)).toEqual(['platform', 'analytics', 'automation']);
    expect(ACME.routing).toEqual({
      currency: 'USD',
      minimum: { amount: '5000.00', currency: 'USD' },
      hitPolicy: 'first',
      rows: [
        { when: { value: { upTo: '25000.00' } }, steps: [] },
        { when: { value: { upTo: '100000.00' } }, steps: [{ role: 'partner_manager' }] },
        { when: { value: { upTo: '250000.00' } }, steps: [{ role: 'director' }] },
        { when: {}, steps: [{ role: 'vp' }] },
      ],
      otherwise: 'director',
      immaterialPercent: '0',
    });
    expect(ACME.governance.ladder.map(({ role, deadline, silence }) => [role, formatDuration(deadline), silence])).toEqual([
      ['partner_manager', '1 business day', 'escalate'],
      ['director', '1 business day', 'escalate'],
      ['vp', '3 business days', 'keep_asking'],
    ]);
    const { window, extension, ...protection } = ACME.protection;
    expect(protection).toMatchObject({ anchor: 'approval', windows: [], endsAt: 'instant', waitBeforeClose: null });
    expect(formatDuration(window)).toBe('90 days');
    expect(formatDuration(extension.length)).toBe('30 days');
    expect(extension).toMatchObject({ maxCount: 1, askWithin: null, activityWithin: null, decidedBy: null, pendingSuspendsExpiry: false });
    expect(ACME.directOpportunities).toMatchObject({ earlyStages: 3, countsWhenCreatedAfterReceipt: false });
    expect(formatDuration(ACME.directOpportunities.staleAfter)).toBe('180 days');
    expect(ACME.rules.order.map(({ id }) => id)).toEqual([
      'C18_partner_not_eligible',
      'C19_below_minimum',
      'C01_duplicate_same_partner',
      'C02_active_protection',
      'C03_competing_pending',
      'C06_direct_late_active',
      'C05_direct_early_stage',
      'C07_direct_stale',
      'C16_lines_disjoint',
    ]);
  });

  it('declares the words of the API, which are those of the picklists in the CRM', () => {
    expect(ACME.types.map(({ id }) => id)).toEqual([...PARTNER_TYPES]);
    expect(ACME.tracks.map(({ id }) => id)).toEqual([...PARTNER_TRACKS]);
    expect(ACME.tracks.flatMap(({ tiers }) => tiers.map(({ id }) => id)).toSorted()).toEqual([...PARTNER_TIERS].toSorted());
    expect(ACME.kinds.map(({ id }) => id)).toEqual([...REGISTRATION_KINDS]);
  });

  it('lets every tier above the entry be earned by figures', () => {
    const higher = ACME.tracks.flatMap(({ tiers }) => tiers.slice(1));
    expect(higher.filter(({ criteria }) => criteria.length === 0)).toEqual([]);
    expect(higher.filter(({ assignedBy }) => assignedBy !== null)).toEqual([]);
  });

  it('knows a region for every country that the API takes, but for three without inhabitants', () => {
    const placed = new Set(ACME.regions.flatMap(({ countries }) => countries));
    const all = Array.from({ length: 26 * 26 }, (_, at) => String.fromCodePoint(65 + Math.floor(at / 26), 65 + (at % 26)));
    expect(all.filter((code) => country.safeParse(code).success && !placed.has(code))).toEqual(['AQ', 'BV', 'TF']);
    expect([...placed].filter((code) => !country.safeParse(code).success)).toEqual([]);
  });

  it('matches customers by the bands that are the default', () => {
    expect(ACME.matching).toEqual(MATCH_THRESHOLDS);
  });

  it('has rates for the currencies of the sample', () => {
    expect(Object.keys(ACME.rates.perUnit)).toEqual(expect.arrayContaining(['EUR', 'GBP', 'JPY', 'CHF', 'AED', 'CAD']));
  });
});

describe('workingCalendar', () => {
  it('is the default calendar with the holidays the caller found', () => {
    expect(holidaySource(defaultCalendar(ACME))).toEqual({ country: 'US', region: null });
    expect(workingCalendar(defaultCalendar(ACME), ['2026-11-26'])).toEqual({
      timeZone: 'America/New_York',
      workingDays: [1, 2, 3, 4, 5],
      startTime: '09:00',
      endTime: '17:00',
      holidays: ['2026-11-26'],
    });
  });

  it('adds the days on which the program closes besides', () => {
    const [calendar] = ACME.calendars;
    if (calendar === undefined) throw new Error('no calendar');
    const closed = { ...ACME, calendars: [{ ...calendar, holidays: { ...calendar.holidays, closedDates: ['2026-12-31'] } }] };
    expect(workingCalendar(defaultCalendar(closed), ['2026-11-26']).holidays).toEqual(['2026-11-26', '2026-12-31']);
  });
});
