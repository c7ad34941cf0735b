import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { programJsonSchema } from '../../../program/definition/json-schema.ts';
import { ACME_YAML, acmeWith } from '../example.ts';

const FILE = 'programs/program.schema.json';
const PROGRAMS = readdirSync('programs').filter((name) => name.endsWith('.yaml'));

/** As an editor checks: by the schema alone, read back from its JSON. */
function isAccepted(yamlText: string): boolean {
  const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(programJsonSchema())) as never);
  return schema.safeParse(parse(yamlText)).success;
}

describe('programs/program.schema.json', () => {
  it('is what `program schema` prints', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(`${JSON.stringify(programJsonSchema(), null, 2)}\n`);
  });

  it.each(PROGRAMS)('is named in the first line of %s', (name) => {
    expect(readFileSync(`programs/${name}`, 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=program.schema.json');
  });

  it('takes the sample program', () => {
    expect(isAccepted(ACME_YAML)).toBe(true);
  });

  it('tells an editor the situations of each rule, and which of them need an outcome', () => {
    const text = JSON.stringify(programJsonSchema());
    expect(text).toContain('"propertyNames":{"enum":["same_product","unknown_product","probable"]}');
    expect(text).toContain('"required":["same_product","unknown_product","probable"]');
    expect(text).toContain('"propertyNames":{"enum":["rival_in_gap","too_soon"]}');
    expect(text).toContain('"required":["rival_in_gap"]');
  });

  it.each([
    ['an unknown section', 'defaultCalendar:', 'surprise: 1\ndefaultCalendar:'],
    ['a missing key', '  anchor: approval\n', ''],
    ['a number for money', "upTo: '25000.00'", 'upTo: 25000'],
    ['a length of time in other words', 'window: 90 days', 'window: a quarter'],
    ['business time that would be counted backwards', 'staleAfter: 180 days', 'staleAfter: 120 business days'],
    ['an unknown rule', 'C16_lines_disjoint', 'C99_moon_phase'],
    ['a situation that the rule does not know', 'on: { below:', 'on: { beneath:'],
    ['a parameter of another rule', 'id: C16_lines_disjoint', 'id: C16_lines_disjoint\n      with: { lookback: 60 days }'],
    ['an outcome without its decider', 'outcome: review, decider: partner_manager', 'outcome: review'],
  ])('shows an editor %s', (_what, passage, replacement) => {
    expect(isAccepted(acmeWith(passage, replacement))).toBe(false);
  });
});
