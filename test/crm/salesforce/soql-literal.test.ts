import { parseQuery } from '@jetstreamapp/soql-parser-js';
import fc from 'fast-check';
import { checkName, datetimeLiteral, quoteText } from '../../../crm/salesforce/soql-literal.ts';

describe('quoteText', () => {
  it.each([
    ["O'Reilly", "'O\\'Reilly'"],
    ['back\\slash', "'back\\\\slash'"],
    ["' OR Name != '", "'\\' OR Name != \\''"],
    ['two\nlines', "'two\\nlines'"],
  ])('quotes %j', (value, literal) => {
    expect(quoteText(value)).toBe(literal);
  });

  it('never lets a value out of its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '\\', '"', '\n', 'a', ' ', '%') }), (value) => {
        const query = parseQuery(`SELECT Id FROM Account WHERE Name = ${quoteText(value)} LIMIT 7`);
        expect(query.limit).toBe(7);
        expect(query.where).toMatchObject({ left: { operator: '=', literalType: 'STRING' } });
        expect(query.where).not.toHaveProperty('operator');
      }),
    );
  });
});

describe('datetimeLiteral', () => {
  it.each(['2026-11-23T10:00:00.000Z', '2026-11-23T10:00:00Z'])('lets %s through', (instant) => {
    expect(datetimeLiteral(instant)).toBe(instant);
  });

  it.each(['2026-11-23', '2026-11-23T10:00:00+01:00', "2026-11-23T10:00:00Z OR Name != ''", ''])('refuses %j', (instant) => {
    expect(() => datetimeLiteral(instant)).toThrow(/is not an instant/);
  });
});

describe('checkName', () => {
  it.each(['Name', 'Deal_Registration__c', 'X1'])('lets %s through', (name) => {
    expect(checkName(name)).toBe(name);
  });

  it.each(['', '1X', 'Name, Secret__c', 'Owner.Name', 'Name FROM User', 'Näme', 'x'.repeat(81)])('refuses %j', (name) => {
    expect(() => checkName(name)).toThrow(/is not the name/);
  });
});
