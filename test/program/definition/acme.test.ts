import { holidaySource, workingCalendar } from '../../../program/calendar.ts';
import { MATCH_THRESHOLDS } from '../../../program/customer-identity.ts';
import { PARTNER_TYPES } from '../../../program/vocabulary.ts';
import { ACME } from '../example.ts';

describe('programs/acme.yaml', () => {
  it('carries the whole program, also what nothing decides by yet', () => {
    expect(ACME.types.map(({ id }) => id)).toEqual([...PARTNER_TYPES]);
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
      bands: [
        { upTo: '25000.00', decidedBy: 'auto' },
        { upTo: '100000.00', decidedBy: 'partner_manager' },
        { upTo: '250000.00', decidedBy: 'director' },
        { upTo: null, decidedBy: 'vp' },
      ],
      withoutRate: 'director',
    });
    expect(ACME.governance.ladder.map(({ role, deadlineBusinessDays, silence }) => [role, deadlineBusinessDays, silence])).toEqual([
      ['partner_manager', 1, 'escalate'],
      ['director', 1, 'escalate'],
      ['vp', 3, 'keep_asking'],
    ]);
    expect(ACME.protection).toEqual({
      anchor: 'approval',
      windowDays: 90,
      extension: { maxCount: 1, days: 30, askBefore: 'protection_end' },
    });
    expect(ACME.directOpportunities).toEqual({ earlyStages: 3, staleAfterDays: 180, countsWhenCreatedAfterReceipt: false });
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
    expect(holidaySource(ACME)).toEqual({ country: 'US', region: null });
    expect(workingCalendar(ACME, ['2026-11-26'])).toEqual({
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
    expect(workingCalendar(closed, ['2026-11-26']).holidays).toEqual(['2026-11-26', '2026-12-31']);
  });
});
