import fc from 'fast-check';
import { customerNameForms, customerSearchForms, normalizeCustomerName, wordsWithDigits } from '../../program/customer-name.ts';

describe('normalizeCustomerName', () => {
  it.each([
    ['Contoso Inc', 'contoso'],
    ['Contoso, Inc.', 'contoso'],
    ['CONTOSO LLC', 'contoso'],
    ['Contoso Ltd.', 'contoso'],
    ['Contoso Limited', 'contoso'],
    ['Contoso GmbH', 'contoso'],
    ['Contoso G.m.b.H.', 'contoso'],
    ['Contoso GmbH & Co. KG', 'contoso'],
    ['Contoso AG', 'contoso'],
    ['Contoso S.A.', 'contoso'],
    ['Contoso SAS', 'contoso'],
    ['Contoso B.V.', 'contoso'],
    ['Contoso AB', 'contoso'],
    ['Contoso Oy', 'contoso'],
    ['Contoso A/S', 'contoso'],
    ['Contoso K.K.', 'contoso'],
    ['Contoso Pty Ltd', 'contoso'],
    ['Contoso PLC', 'contoso'],
    ['Contoso S.p.A.', 'contoso'],
    ['Contoso SARL', 'contoso'],
    ['Contoso S. de R.L. de C.V.', 'contoso'],
    ['Contoso Sp. z o.o.', 'contoso'],
    ['Contoso & Co.', 'contoso'],
    ['Contoso Company', 'contoso'],
    ['The Contoso Company', 'contoso'],
    ['Contoso Co., Ltd.', 'contoso'],
    ['株式会社コントソ', 'コントソ'],
    ['コントソ㈱', 'コントソ'],
    ['Smith & Sons', 'smith and sons'],
    ['Smith and Sons', 'smith and sons'],
    ["O'Neil Partners", 'oneil partners'],
    ['O’Neil Partners', 'oneil partners'],
    ['I.B.M. Corp.', 'ibm'],
    ['Crédit Générale', 'credit generale'],
    ['Großhandel Łódź Ærø', 'grosshandel lodz aero'],
    ['ＡＢＣ Ｃｏｒｐ', 'abc'],
    ['Ｃontoso\u200b', 'contoso'],
    ['   Contoso    West   ', 'contoso west'],
    ['Contoso-West/East', 'contoso west east'],
    ['חברת כהן', 'חברת כהן'],
    ['\u202eContoso', 'contoso'],
    ['\u200fשלום בע"מ\u200f', 'שלום'],
    ['شركة النَّخيل', 'شركه النخيل'],
    ['ООО «Ромашка»', 'romashka'],
    ['ПАО Сбербанк', 'sberbank'],
    ['Ромашка ООО', 'romashka'],
    ['OOO Romashka', 'romashka'],
    ['AO Smith', 'ao smith'],
    ['Ελληνική Εταιρεία Α.Ε.', 'elliniki etaireia'],
    ['Соntоsо', 'contoso'],
    ['ВMW', 'bmw'],
    ['Müller GmbH', 'muller'],
  ])('reads %p as %p', (name, expected) => {
    expect(normalizeCustomerName(name)).toBe(expected);
  });

  it.each([
    ['a suffix inside the name', 'SA Power Networks', 'sa power networks'],
    ['a suffix as the whole name', 'AG', 'ag'],
    ['the article and a suffix', 'The Limited', 'limited'],
    ['the article alone', 'The', 'the'],
    ['an article inside', 'Over The Hill', 'over the hill'],
    ['a word that ends like a suffix', 'Costco', 'costco'],
    ['the marks of another script', 'がぎぐ', 'がぎぐ'],
  ])('keeps %s', (_what, name, expected) => {
    expect(normalizeCustomerName(name)).toBe(expected);
  });

  it('takes a letter by its look also where the word became a Latin one by being read as such', () => {
    expect(normalizeCustomerName('ΆԚ')).toBe('aq');
  });

  it.each(['', ' ', '—', '...', '\u200b'])('has nothing left of %p', (name) => {
    expect(normalizeCustomerName(name)).toBe('');
  });

  it('keeps different companies apart', () => {
    const names = ['Contoso', 'Contoso West', 'Contosa', 'Contoso 7', 'Contoso 8'].map(normalizeCustomerName);
    expect(new Set(names).size).toBe(names.length);
  });

  it('reads an absurdly long name quickly', () => {
    for (const piece of ['a', 'a.', 'the ', 'co ', ' ', '&', '株式会社', 'e\u0301']) {
      const started = performance.now();
      normalizeCustomerName(piece.repeat(100_000));
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });

  const anyName = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc
      .array(fc.constantFrom('The', 'Acme', 'co', 'Ltd.', '&', 'S.A.', 'and', 'GmbH', 'Ünal', 'KG', '-', 'A/S', '7'), { maxLength: 8 })
      .map((words) => words.join(' ')),
  );

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const once = normalizeCustomerName(name);
        expect(normalizeCustomerName(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('does not see case, spaces around or a suffix behind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('acme', 'acme west', 'o’neil 7', 'ünal'),
        fc.constantFrom('', ' Inc.', ', LLC', ' GmbH & Co. KG', ' (Pty) Ltd'),
        (name, suffix) => {
          expect(normalizeCustomerName(`  ${name.toUpperCase()}${suffix} `)).toBe(normalizeCustomerName(name));
        },
      ),
    );
  });
});

describe('customerNameForms', () => {
  it.each([
    ['Müller AG', ['muller', 'mueller']],
    ['Mueller AG', ['mueller']],
    ['Ærø Færge', ['aero faerge', 'aeroe faerge']],
    ['сосо', ['soso', 'coco']],
    ['Ромашка', ['romashka']],
    ['Contoso', ['contoso']],
    ['—', []],
  ])('gives for %p %j', (name, expected) => {
    expect(customerNameForms(name)).toEqual(expected);
  });

  it('share a form where a name has lost its umlauts, and none where another vowel makes another name', () => {
    const share = (left: string, right: string) => customerNameForms(left).some((form) => customerNameForms(right).includes(form));
    expect([share('Jürgen', 'Juergen'), share('Jürgen', 'Jurgen'), share('Bauer', 'Baur'), share('Mueller', 'Muller')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('begin with the normalised name, which every search form list holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (name) => {
        const [first = ''] = customerNameForms(name);
        expect(first).toBe(normalizeCustomerName(name));
        expect(customerSearchForms(name)[0] ?? '').toBe(first);
      }),
    );
  });
});

describe('wordsWithDigits', () => {
  it.each([
    ['plant 7 north', ['7']],
    ['3m works 12b', ['12b', '3m']],
    ['plant', []],
  ])('finds in %p %j', (name, expected) => {
    expect(wordsWithDigits(name)).toEqual(expected);
  });
});
