import fc from 'fast-check';
import { z } from 'zod';
import * as codec from '../../mappings/codec.ts';
import type { ValueShape } from '../../mappings/codec.ts';
import type { RemoteValue } from '../../crm/port.ts';

const decode = ({ codec: form }: ValueShape, value: RemoteValue): string | null | Error => {
  const decoded = z.safeDecode(form, value);
  return decoded.success ? decoded.data : new Error(decoded.error.issues[0]?.message);
};
const encode = ({ codec: form }: ValueShape, value: string | null): RemoteValue | Error => {
  const encoded = z.safeEncode(form, value);
  return encoded.success ? encoded.data : new Error(encoded.error.issues[0]?.message);
};

describe('codecs from the CRM', () => {
  it.each<[string, ValueShape, RemoteValue, string | null]>([
    ['a line is trimmed', codec.line(20), '  Contoso  ', 'Contoso'],
    ['an empty line is null', codec.line(20), '   ', null],
    ['breaks of a line are spaces', codec.line(20), 'one\r\n two', 'one two'],
    ['paragraphs keep their breaks, each one character', codec.paragraphs(20), 'one\r\n\r\ntwo\r', 'one\n\ntwo'],
    ['an amount has two places', codec.amount(), 25000, '25000.00'],
    ['an amount may be a text', codec.amount(), '25000.5', '25000.50'],
    ['half a cent goes up', codec.amount(), '0.005', '0.01'],
    ['no amount is below zero by its sign alone', codec.amount(), -0.001, '0.00'],
    ['a large amount in powers', codec.amount(), 1e12, '1000000000000.00'],
    ['a day stays that day', codec.plainDate(), '2027-01-31', '2027-01-31'],
    ['an instant of REST', codec.instant(), '2013-05-20T20:49:32.000+0000', '2013-05-20T20:49:32.000Z'],
    ['an instant with a zone', codec.instant(), '2026-11-23T10:00:00.999+02:00', '2026-11-23T08:00:00.000Z'],
    ['values are sorted, once each', codec.valueSet(50), ' b;A; b,c;', 'a;b;c'],
    ['no value is null', codec.valueSet(50), ' ; ', null],
    ['the host of an address', codec.domain(255), 'https://www.Contoso.com:8080/about?x=1', 'contoso.com'],
    ['a bare host', codec.domain(255), 'Contoso.COM.', 'contoso.com'],
    ['www of www.com is its name', codec.domain(255), 'www.com', 'www.com'],
    ['a host in other letters', codec.domain(255), 'http://münchen.example', 'xn--mnchen-3ya.example'],
    ['a country by name', codec.country(), 'Germany', 'DE'],
    ['a currency in capitals', codec.currency(), 'usd', 'USD'],
    ['a flag', codec.flag(), true, 'true'],
    ['an alias', codec.userAlias(), 'Rep2@Acme.example', 'rep2'],
    ['a day as the instant at which it starts', codec.startOfDay(), '2026-02-28', '2026-02-28T00:00:00.000Z'],
    ['a value by its name there', codec.named({ high: 'High', low: 'Low' }), ' High ', 'high'],
    ['no value by name', codec.named({ high: 'High', low: 'Low' }), '', null],
    ['another value than those with a name, where that has one', codec.named({ open: 'New', closed: 'Done' }, 'open'), 'Waiting', 'open'],
    ['null stays null', codec.amount(), null, null],
  ])('%s', (_what, shape, remote, ours) => {
    expect(decode(shape, remote)).toBe(ours);
  });

  it.each<[string, ValueShape, RemoteValue]>([
    ['a value outside a closed list', codec.oneOf(['a', 'b']), 'c'],
    ['a value without a name', codec.named({ high: 'High', low: 'Low' }), 'Urgent'],
    ['a value of ours where its name is meant', codec.named({ high: 'High', low: 'Low' }), 'high'],
    ['the 37th character of an identifier', codec.identifier(36), 'x'.repeat(37)],
    ['words for an amount', codec.amount(), 'many'],
    ['an amount that a double cannot hold', codec.amount(), 1e13],
    ['a day that does not exist', codec.plainDate(), '2027-02-29'],
    ['an instant without a zone', codec.instant(), '2026-11-23T10:00:00'],
    ['a month too many', codec.instant(), '2026-13-23T10:00:00Z'],
    ['no web address', codec.domain(255), 'n/a'],
    ['a host without a dot', codec.domain(255), 'localhost'],
    ['no country', codec.country(), 'Atlantis'],
    ['four letters of a currency', codec.currency(), 'USDX'],
    ['a flag in words', codec.flag(), 'yes'],
  ])('refuses %s', (_what, shape, remote) => {
    expect(decode(shape, remote)).toBeInstanceOf(Error);
  });
});

describe('codecs to the CRM', () => {
  it('writes an amount as a number and a flag as a flag', () => {
    expect(encode(codec.amount(), '25000.00')).toBe(25000);
    expect(encode(codec.flag(), 'true')).toBe(true);
  });

  it.each([
    ['255 characters stay', 'x'.repeat(255), 'x'.repeat(255)],
    ['256 are cut', 'x'.repeat(256), `${'x'.repeat(254)}…`],
    ['a cut leaves no space before the ellipsis', `${'x'.repeat(253)} yyy`, `${'x'.repeat(253)}…`],
    ['a cut never halves a character', `${'x'.repeat(253)}😀😀`, `${'x'.repeat(253)}…`],
  ])('%s', (_what, ours, remote) => {
    expect(encode(codec.line(255), ours)).toBe(remote);
  });

  it('leaves nothing in a text that a database cannot keep', () => {
    expect(encode(codec.line(255), 'a\u0000b\u0007\uD800c')).toBe('ab\uFFFDc');
  });
});

const anyText = fc.oneof(fc.string({ maxLength: 600 }), fc.string({ unit: 'binary', maxLength: 600 }));
const anyAmount = fc.double({ min: -9.99e12, max: 9.99e12, noNaN: true });
const anyDay = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-12-31'), noInvalidDate: true });

describe.each<[string, ValueShape, fc.Arbitrary<RemoteValue>]>([
  ['line', codec.line(40), anyText],
  ['paragraphs', codec.paragraphs(80), anyText],
  ['identifier', codec.identifier(36), anyText],
  ['valueSet', codec.valueSet(60), anyText],
  ['domain', codec.domain(255), fc.oneof(fc.webUrl(), fc.domain(), anyText)],
  ['country', codec.country(), fc.oneof(fc.constantFrom('US', 'de', 'Germany', 'uk'), anyText)],
  ['currency', codec.currency(), fc.string({ maxLength: 4 })],
  ['amount', codec.amount(), fc.oneof(anyAmount, fc.integer(), anyText)],
  [
    'plainDate',
    codec.plainDate(),
    fc.oneof(
      anyDay.map((day) => day.toISOString().slice(0, 10)),
      anyText,
    ),
  ],
  [
    'instant',
    codec.instant(),
    fc.oneof(
      anyDay.map((day) => day.toISOString()),
      anyText,
    ),
  ],
  ['oneOf', codec.oneOf(['a', 'b']), fc.oneof(fc.constantFrom('a', ' b '), anyText)],
  ['flag', codec.flag(), fc.oneof(fc.boolean(), anyText)],
])('%s', (_name, shape, values) => {
  it('reads back what it wrote, and reading twice changes nothing', () => {
    fc.assert(
      fc.property(values, (value) => {
        const ours = decode(shape, value);
        if (ours instanceof Error) return;
        const remote = encode(shape, ours);
        expect(remote).not.toBeInstanceOf(Error);
        expect(decode(shape, remote as RemoteValue)).toBe(ours);
      }),
    );
  });

  it('never writes more than the field holds', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const remote = encode(shape, text);
        if (shape.length !== null && typeof remote === 'string') expect(remote.length).toBeLessThanOrEqual(shape.length);
      }),
    );
  });
});
