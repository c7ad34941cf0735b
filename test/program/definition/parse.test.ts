import { parseProgram } from '../../../program/definition/parse.ts';
import { ACME, ACME_YAML, acmeWith } from '../example.ts';

function problemsOf(yamlText: string): readonly string[] {
  const parsed = parseProgram(yamlText, 'programs/acme.yaml');
  return parsed.kind === 'invalid' ? parsed.problems.map(({ message }) => message) : [];
}

/** The line of the file on which a passage stands, counted from 1. */
function lineOf(passage: string): number {
  return ACME_YAML.slice(0, ACME_YAML.indexOf(passage)).split('\n').length;
}

describe('parseProgram', () => {
  it('takes the sample program', () => {
    expect(parseProgram(ACME_YAML, 'programs/acme.yaml')).toEqual({ kind: 'program', program: ACME });
  });

  it('names file, line, path, value and what is expected', () => {
    const parsed = parseProgram(acmeWith('windowDays: 90', 'windowDays: 0'), 'programs/acme.yaml');
    const line = lineOf('windowDays: 90');
    expect(parsed).toEqual({
      kind: 'invalid',
      problems: [{ path: 'protection.windowDays', line, message: `programs/acme.yaml:${line} protection.windowDays: 0; expected 1–365` }],
    });
  });

  it.each([
    ['the first day inside', 'windowDays: 1 ', true],
    ['the last inside', 'windowDays: 365 ', true],
    ['the first outside', 'windowDays: 366 ', false],
    ['half a day', 'windowDays: 1.5 ', false],
    ['a text', "windowDays: '90' ", false],
  ])('checks ranges at their edges: %s', (_what, replacement, accepted) => {
    expect(problemsOf(acmeWith('windowDays: 90 ', replacement)).length === 0).toBe(accepted);
  });

  it.each<[string, string, string, RegExp]>([
    ['an unknown key at the root', 'defaultCalendar: head', 'surprise: 1\ndefaultCalendar: head', /:\d+ surprise: unknown key$/],
    ['an unknown key deep inside', '  anchor: approval', '  anker: approval', /protection\.anker: unknown key$/m],
    ['a missing key', '  anchor: approval', '  # anchor: approval', /protection\.anchor: missing; expected one of approval$/],
    [
      'a float for money',
      "upTo: '25000.00'",
      'upTo: 25000.00',
      /routing\.bands\[0\]\.upTo: 25000; expected a decimal in quotes, such as "25000\.00"$/,
    ],
    ['a negative amount', "upTo: '25000.00'", "upTo: '-1.00'", /routing\.bands\[0\]\.upTo: "-1\.00"; expected a decimal/],
    ['a rate of zero', "EUR: '1.17'", "EUR: '0.00'", /rates\.perUnit\.EUR: "0\.00"; expected a rate above zero/],
    ['an unknown currency', 'EUR:', 'EURO:', /rates\.perUnit\.EURO: .*expected an ISO 4217 currency code$/],
    ['an unknown time zone', 'America/New_York', 'America/Acme', /calendars\[0\]\.timeZone: "America\/Acme"; expected an IANA time zone/],
    [
      'an unknown rule',
      'C01_duplicate_same_partner',
      'C01_duplicates',
      /rules\.order\[2\]\.id: "C01_duplicates"; expected one of C01_duplicate_same_partner/,
    ],
    [
      'an unknown outcome',
      'exact: { outcome: wait }',
      'exact: { outcome: shrug }',
      /on\.exact\.outcome: "shrug"; expected one of deny, review, wait/,
    ],
    ['an unknown kind', 'kinds: [referral] }', 'kinds: [gift] }', /eligibility\.rows\[1\]\.kinds\[0\]: "gift"; expected one of resale/],
    ['an impossible date', 'effectiveFrom: 2026-01-01', 'effectiveFrom: 2026-02-30', /effectiveFrom: "2026-02-30"; expected a date/],
    [
      'an empty list',
      'candidates: [Salesforce, HubSpot]',
      'candidates: []',
      /systems\[1\]\.candidates: an empty list; expected a list that is not empty$/,
    ],
    ['a list for a mapping', 'perUnit:', 'perUnit: []\n  old:', /rates\.perUnit: .*expected a mapping/],
    ['a deadline of no day', 'deadlineBusinessDays: 1', 'deadlineBusinessDays: 0', /ladder\[0\]\.deadlineBusinessDays: 0; expected 1–60$/],
    ['a weekday of 8', 'workingDays: [1, 2, 3, 4, 5]', 'workingDays: [1, 8]', /calendars\[0\]\.workingDays\[1\]: 8; expected 1–7$/],
  ])('refuses %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement)).join('\n')).toMatch(message);
  });

  it('reports all problems of a definition at once, in the order of its lines', () => {
    const text = acmeWith('windowDays: 90', 'windowDays: 0').replace('hitPolicy: first', 'hitPolicy: last').replace('target: ', 'goal: ');
    const found = problemsOf(text);
    expect(found).toHaveLength(4);
    const lines = found.map((message) => Number(/:(\d+) /.exec(message)?.[1]));
    expect(lines).toEqual([...lines].sort((left, right) => left - right));
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
