import { readDateLiteral } from '../../../../sandbox/salesforce/soql/calendar-period.ts';
import { NOW } from './small-org.ts';

// Monday, 23 November 2026: Sunday before is the 22nd, the quarter began on 1 October.
describe('readDateLiteral', () => {
  it.each([
    ['TODAY', '2026-11-23', '2026-11-24'],
    ['YESTERDAY', '2026-11-22', '2026-11-23'],
    ['TOMORROW', '2026-11-24', '2026-11-25'],
    ['THIS_WEEK', '2026-11-22', '2026-11-29'],
    ['LAST_WEEK', '2026-11-15', '2026-11-22'],
    ['NEXT_WEEK', '2026-11-29', '2026-12-06'],
    ['THIS_MONTH', '2026-11-01', '2026-12-01'],
    ['LAST_MONTH', '2026-10-01', '2026-11-01'],
    ['NEXT_MONTH', '2026-12-01', '2027-01-01'],
    ['LAST_90_DAYS', '2026-08-25', '2026-11-24'],
    ['NEXT_90_DAYS', '2026-11-24', '2027-02-22'],
    ['LAST_N_DAYS:7', '2026-11-16', '2026-11-24'],
    ['NEXT_N_DAYS:7', '2026-11-24', '2026-12-01'],
    ['N_DAYS_AGO:3', '2026-11-20', '2026-11-21'],
    ['N_DAYS_AGO:0', '2026-11-23', '2026-11-24'],
    ['LAST_N_WEEKS:2', '2026-11-08', '2026-11-22'],
    ['NEXT_N_WEEKS:2', '2026-11-29', '2026-12-13'],
    ['N_WEEKS_AGO:2', '2026-11-08', '2026-11-15'],
    ['LAST_N_MONTHS:2', '2026-09-01', '2026-11-01'],
    ['NEXT_N_MONTHS:2', '2026-12-01', '2027-02-01'],
    ['N_MONTHS_AGO:11', '2025-12-01', '2026-01-01'],
    ['THIS_QUARTER', '2026-10-01', '2027-01-01'],
    ['LAST_QUARTER', '2026-07-01', '2026-10-01'],
    ['NEXT_QUARTER', '2027-01-01', '2027-04-01'],
    ['LAST_N_QUARTERS:2', '2026-04-01', '2026-10-01'],
    ['NEXT_N_QUARTERS:1', '2027-01-01', '2027-04-01'],
    ['N_QUARTERS_AGO:4', '2025-10-01', '2026-01-01'],
    ['THIS_YEAR', '2026-01-01', '2027-01-01'],
    ['LAST_YEAR', '2025-01-01', '2026-01-01'],
    ['NEXT_YEAR', '2027-01-01', '2028-01-01'],
    ['LAST_N_YEARS:2', '2024-01-01', '2026-01-01'],
    ['NEXT_N_YEARS:2', '2027-01-01', '2029-01-01'],
    ['N_YEARS_AGO:1', '2025-01-01', '2026-01-01'],
    ['THIS_FISCAL_QUARTER', '2026-10-01', '2027-01-01'],
    ['LAST_N_FISCAL_YEARS:1', '2025-01-01', '2026-01-01'],
    ['N_FISCAL_QUARTERS_AGO:1', '2026-07-01', '2026-10-01'],
  ])('%s', (literal, from, to) => expect(readDateLiteral(literal, NOW)).toEqual({ from, to }));

  it('changes day at midnight UTC', () => {
    const midnight = Date.UTC(2026, 10, 24);
    expect(readDateLiteral('TODAY', midnight - 1)).toEqual({ from: '2026-11-23', to: '2026-11-24' });
    expect(readDateLiteral('TODAY', midnight)).toEqual({ from: '2026-11-24', to: '2026-11-25' });
  });

  it.each(['SOMEDAY', 'LAST_N_DAYS', 'N_HOURS_AGO:2'])('knows no %s', (literal) => expect(readDateLiteral(literal, NOW)).toBeNull());
});
