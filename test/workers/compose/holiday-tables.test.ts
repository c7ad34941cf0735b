import { checkDefinition } from '../../../program/definition/check.ts';
import { loadHolidayTables } from '../../../workers/compose/holiday-tables.ts';
import { acmeWith } from '../../program/example.ts';

function found(holidays: string): readonly (readonly [code: string, path: string, message: string])[] {
  const text = acmeWith('holidays: { country: US, region: null, closedDates: [] }', `holidays: { ${holidays} }`);
  const { findings } = checkDefinition(text, 'programs/acme.yaml', '2026-11-23', loadHolidayTables());
  return findings.map(({ code, path, message }) => [code, path, message] as const);
}

describe('the public holidays of a calendar', () => {
  it.each([
    ['a country', 'country: DE, region: null, closedDates: []'],
    ['a region of it', 'country: DE, region: BY, closedDates: []'],
    ['a country without a table that names its closed days', 'country: AQ, region: null, closedDates: [2026-12-25]'],
  ])('can be looked up of %s', (_what, holidays) => {
    expect(found(holidays)).toEqual([]);
  });

  it('are not those of the whole country because nobody knows the region', () => {
    const [first, ...others] = found('country: DE, region: BAYERN, closedDates: []');
    expect(others).toEqual([]);
    expect(first).toEqual([
      'P005',
      'calendars[0].holidays.region',
      expect.stringMatching(/^BAYERN; expected one of BB, BE, BW, BY, .*, or null$/),
    ]);
  });

  it('have no regions where the country has none', () => {
    expect(found('country: JP, region: TOKYO, closedDates: []')).toEqual([
      ['P005', 'calendars[0].holidays.region', 'TOKYO; expected null, since JP has no regions here'],
    ]);
  });

  it('are missed where no table has them', () => {
    expect(found('country: AQ, region: null, closedDates: []')).toEqual([
      ['P006', 'calendars[0].holidays.country', 'AQ; no public holidays of it are known'],
    ]);
  });
});
