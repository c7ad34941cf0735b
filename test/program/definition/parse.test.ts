import { parseProgram } from '../../../program/definition/parse.ts';
import { ACME, ACME_YAML, acmeWith } from '../example.ts';

function problemsOf(yamlText: string): readonly string[] {
  const parsed = parseProgram(yamlText, 'programs/acme.yaml');
  return parsed.kind === 'invalid' ? parsed.problems.map(({ message }) => message) : [];
}

const DURATION_EXPECTED = 'expected a duration such as 90 days, 6 months, 3 business days or 72 business hours, from 1 minute to 50 years';

/** The line of the file on which a passage stands, counted from 1. */
function lineOf(passage: string): number {
  return ACME_YAML.slice(0, ACME_YAML.indexOf(passage)).split('\n').length;
}

describe('parseProgram', () => {
  it('takes the sample program', () => {
    expect(parseProgram(ACME_YAML, 'programs/acme.yaml')).toEqual({ kind: 'program', program: ACME });
  });

  it('names file, line, path, value and what is expected', () => {
    const parsed = parseProgram(acmeWith('window: 90 days', 'window: 90 d'), 'programs/acme.yaml');
    const line = lineOf('window: 90 days');
    const detail = `"90 d"; ${DURATION_EXPECTED}`;
    expect(parsed).toEqual({
      kind: 'invalid',
      problems: [
        { code: 'P002', path: 'protection.window', line, detail, message: `programs/acme.yaml:${line} protection.window: ${detail}` },
      ],
    });
  });

  it.each([
    ['the shortest inside', '1 minute', true],
    ['none at all', '0 days', false],
    ['the longest in days', '18262 days', true],
    ['a day longer', '18263 days', false],
    ['the longest in years', '50 years', true],
    ['a year longer', '51 years', false],
    ['business time', '5 business days', true],
    ['said twice', '72 business hours (9 business days)', true],
    ['said twice, once as nothing', '72 business hours (0 business days)', false],
    ['half a day', '1.5 days', false],
    ['a bare number', '90', false],
    ['a quoted number', "'90'", false],
  ])('takes durations from one minute to 50 years: %s, %s', (_what, written, accepted) => {
    expect(problemsOf(acmeWith('window: 90 days', `window: ${written}`)).length === 0).toBe(accepted);
  });

  it('takes no business time where a duration is counted backwards', () => {
    expect(problemsOf(acmeWith('staleAfter: 180 days', 'staleAfter: 120 business days')).join()).toMatch(
      /directOpportunities\.staleAfter: "120 business days"; expected .*business time is not counted backwards/,
    );
    expect(problemsOf(acmeWith('staleAfter: 180 days', 'staleAfter: 6 months'))).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    ['an unknown key at the root', 'defaultCalendar: head', 'surprise: 1\ndefaultCalendar: head', /:\d+ surprise: unknown key$/],
    ['an unknown key deep inside', '  anchor: approval', '  anker: approval', /protection\.anker: unknown key$/m],
    ['a missing key', '  anchor: approval', '  # anchor: approval', /protection\.anchor: missing; expected one of approval, submission$/],
    [
      'a float for money',
      "upTo: '25000.00'",
      'upTo: 25000.00',
      /routing\.rows\[0\]\.when\.value\.upTo: 25000; expected a decimal in quotes, such as "25000\.00"$/,
    ],
    ['a negative amount', "upTo: '25000.00'", "upTo: '-1.00'", /routing\.rows\[0\]\.when\.value\.upTo: "-1\.00"; expected a decimal/],
    ['a rate of zero', "EUR: '1.17'", "EUR: '0.00'", /rates\.perUnit\.EUR: "0\.00"; expected a rate above zero/],
    ['an unknown currency', 'EUR:', 'EURO:', /rates\.perUnit\.EURO: .*expected an ISO 4217 currency code$/],
    ['an unknown time zone', 'America/New_York', 'America/Acme', /calendars\[0\]\.timeZone: "America\/Acme"; expected an IANA time zone/],
    [
      'an unknown rule',
      'C01_duplicate_same_partner',
      'C01_duplicates',
      /rules\.order\[2\]\.id: "C01_duplicates"; expected C01_duplicate_same_partner; docs/,
    ],
    [
      'an unknown outcome',
      'exact: { outcome: wait }',
      'exact: { outcome: shrug }',
      /on\.exact\.outcome: "shrug"; expected one of deny, review, wait/,
    ],
    [
      'an unknown parameter',
      'id: C16_lines_disjoint',
      'id: C16_lines_disjoint\n      with: { lookback: 60 days }',
      /order\[8\]\.with\.lookback: unknown key$/,
    ],
    [
      'a parameter of another form',
      'id: C16_lines_disjoint\n      on: {',
      'id: C08_direct_contact\n      with: { lookback: soon }\n      on: {',
      /order\[8\]\.with\.lookback: "soon"; expected a duration/,
    ],
    [
      'a version that cannot stand in an address',
      "version: '2026.1'",
      "version: '2026/1'",
      /version: "2026\/1"; expected a version such as 2026\.1/,
    ],
    ['an impossible date', 'effectiveFrom: 2026-01-01', 'effectiveFrom: 2026-02-30', /effectiveFrom: "2026-02-30"; expected a date/],
    [
      'an empty list',
      'workingDays: [1, 2, 3, 4, 5]',
      'workingDays: []',
      /calendars\[0\]\.workingDays: an empty list; expected a list that is not empty$/,
    ],
    ['a list for a mapping', 'perUnit:', 'perUnit: []\n  old:', /rates\.perUnit: .*expected a mapping/],
    [
      'a deadline of no day',
      'deadline: 1 business day',
      'deadline: 0 business days',
      /ladder\[0\]\.deadline: "0 business days"; expected a duration/,
    ],
    ['a weekday of 8', 'workingDays: [1, 2, 3, 4, 5]', 'workingDays: [1, 8]', /calendars\[0\]\.workingDays\[1\]: 8; expected 1–7$/],
  ])('refuses %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement)).join('\n')).toMatch(message);
  });

  it('reports all problems of a definition at once, in the order of its lines', () => {
    const text = acmeWith('window: 90 days', 'window: 0 days')
      .replace('metric: partner_revenue_share', 'metric: fame')
      .replace('hitPolicy: first', 'hitPolicy: last')
      .replace('owner: partner_marketing', 'owner: nobody')
      .replace('startTime: ', 'opens: ');
    const found = problemsOf(text);
    expect(found.map((message) => /:\d+ ([^:]+):/.exec(message)?.[1])).toEqual([
      'vision.metric',
      'documents[2].owner',
      'routing.hitPolicy',
      'calendars[0].startTime',
      'calendars[0].opens',
      'protection.window',
    ]);
  });

  it('does not take ids for unknown because the section that declares them is broken', () => {
    const text = acmeWith('label: Partner Marketing', 'lable: Partner Marketing');
    expect(problemsOf(text).map((message) => /:\d+ ([^:]+):/.exec(message)?.[1])).toEqual([
      'governance.roles[3].label',
      'governance.roles[3].lable',
    ]);
  });

  it.each([
    ['nothing', '', /:1 null; expected a mapping$/],
    ['a text', 'hello', /:1 "hello"; expected a mapping$/],
    ['a list', '- 1', /:1 a list; expected a mapping$/],
    ['broken YAML', 'a: 1\nb: [', /:2 /],
    ['a key twice', 'a: 1\na: 2', /:2 Map keys must be unique/],
    ['an alias', 'a: &x 1\nb: *x', /:2 aliases are not taken$/],
    ['an unknown tag', 'a: !js 1', /:1 Unresolved tag/],
    ['two documents', 'a: 1\n---\nb: 2', /multiple documents/],
  ])('refuses a file that holds %s', (_what, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it('refuses aliases that would grow without end, at once', () => {
    const levels = Array.from({ length: 30 }, (_, at) => `l${at + 1}: &l${at + 1} [*l${at}, *l${at}]`);
    expect(problemsOf(`l0: &l0 [x]\n${levels.join('\n')}`)[0]).toMatch(/:2 aliases are not taken/);
  });

  it('shortens long values', () => {
    const found = problemsOf(acmeWith('hitPolicy: first', `hitPolicy: ${'x'.repeat(500)}`));
    expect(found).toHaveLength(1);
    expect(found[0]?.length).toBeLessThan(160);
  });
});
