import fc from 'fast-check';
import type { SObjectField } from '../../../sandbox/salesforce/schema/definition.ts';
import { checkBox, decimal, field, picklist, text } from '../../../sandbox/salesforce/schema/field.ts';
import { readFieldValue } from '../../../sandbox/salesforce/write/field-value.ts';

const NAME = text('Name', 'Name', 5).field;
const AMOUNT = decimal('Amount', 'Amount', 'currency', 18, 2).field;
const DATE = field('Day', 'Day', 'date').field;
const INSTANT = field('At', 'At', 'datetime').field;
const FLAG = checkBox('Flag', 'Flag').field;
const STATUS = picklist('Status', 'Status', ['open', 'closed'], { restrictedPicklist: true }).field;
const LOOKUP = field('Parent__c', 'Parent', 'reference').field;

describe('readFieldValue', () => {
  it.each<[string, SObjectField, unknown, string | number | null]>([
    ['trims a text', NAME, '  ab ', 'ab'],
    ['keeps a text of the whole length after trimming', NAME, ' abcde ', 'abcde'],
    ['turns an empty text into null', NAME, '   ', null],
    ['turns a number into text', NAME, 12, '12'],
    ['rounds half up to the scale', AMOUNT, 1.005, 1.01],
    ['rounds away from zero below it', AMOUNT, -1.005, -1.01],
    ['leaves what is within the scale', AMOUNT, '25000.00', 25000],
    ['keeps the largest number that fits', AMOUNT, 9_999_999_999_999.99, 9_999_999_999_999.99],
    ['rounds a very small number to zero', AMOUNT, 1e-9, 0],
    ['cuts milliseconds', INSTANT, '2026-01-02T03:04:05.999Z', '2026-01-02T03:04:05.000Z'],
    ['turns an offset into UTC', INSTANT, '2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
    ['takes an offset without a colon', INSTANT, '2026-01-02T03:04:05.000+0000', '2026-01-02T03:04:05.000Z'],
    ['takes a date', DATE, '2028-02-29', '2028-02-29'],
    ['takes the date of an instant', DATE, '2026-01-02T23:00:00.000Z', '2026-01-02'],
    ['takes a check box as text', FLAG, 'TRUE', 1],
    ['gives a picklist value the spelling of the list', STATUS, 'OPEN', 'open'],
    ['gives an id its suffix', LOOKUP, '001A0000006Vm9r', '001A0000006Vm9rIAC'],
  ])('%s', (_what, into, input, value) => {
    expect(readFieldValue(into, input)).toEqual({ kind: 'value', value });
  });

  it.each<[string, SObjectField, unknown, string]>([
    ['a text one too long', NAME, 'abcdef', 'STRING_TOO_LONG'],
    ['a number of one digit too many', AMOUNT, 1e16, 'NUMBER_OUTSIDE_VALID_RANGE'],
    ['a day that does not exist', DATE, '2027-02-29', 'JSON_PARSER_ERROR'],
    ['an instant without a T', INSTANT, '2017-10-17 00:00:00', 'JSON_PARSER_ERROR'],
    ['a number for a date', DATE, 20260101, 'JSON_PARSER_ERROR'],
    ['a word for a check box', FLAG, 'maybe', 'JSON_PARSER_ERROR'],
    ['null for a check box', FLAG, null, 'INVALID_TYPE_ON_FIELD_IN_RECORD'],
    ['a value outside the list', STATUS, 'ajar', 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    ['a number for a lookup', LOOKUP, 1, 'INVALID_TYPE_ON_FIELD_IN_RECORD'],
    ['an array for a text', NAME, ['a'], 'JSON_PARSER_ERROR'],
  ])('refuses %s', (_what, into, input, errorCode) => {
    expect(readFieldValue(into, input)).toMatchObject({ kind: 'refused', error: { errorCode } });
  });

  it('leaves what it has stored as it is when it is written again', () => {
    const inputs = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    fc.assert(
      fc.property(fc.constantFrom(NAME, AMOUNT, DATE, INSTANT, STATUS), inputs, (into, input) => {
        const once = readFieldValue(into, input);
        if (once.kind === 'refused') return true;
        const twice = readFieldValue(into, once.value);
        return twice.kind === 'value' && twice.value === once.value;
      }),
    );
  });
});
