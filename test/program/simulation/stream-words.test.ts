import type { Stream } from '../../../program/simulation/stream.ts';
import { strangeWords } from '../../../program/simulation/stream-words.ts';
import { ACME, acmeWith, parseOrThrow } from '../example.ts';

const partner: Stream['partners'][number] = {
  externalId: 'P-1',
  name: 'Aster',
  domain: null,
  country: 'US',
  type: 'reseller',
  track: 'solution',
  tier: 'gold',
  status: 'active',
  manager: null,
  regions: [],
  companyNumber: null,
};
const registration: Stream['registrations'][number] = {
  externalId: 'DR-1',
  partnerId: 'P-1',
  kind: 'resale',
  customer: { name: 'Northwind', domain: null, country: 'US', postalCode: null, companyNumber: null },
  productLines: ['platform'],
  estimatedValue: { amount: '9000.00', currency: 'USD' },
  expectedCloseInDays: 30,
};

function streamOf(partners: readonly Partial<typeof partner>[], registrations: readonly Partial<typeof registration>[]): Stream {
  return {
    partners: partners.map((changes) => ({ ...partner, ...changes })),
    accounts: [],
    opportunities: [],
    registrations: registrations.map((changes, at) => ({ ...registration, externalId: `DR-${at + 1}`, ...changes })),
  };
}

describe('strangeWords', () => {
  it('has nothing to say of a stream in the words of the program', () => {
    expect(strangeWords(streamOf([{}], [{}]), ACME)).toEqual({ notes: [], strangers: new Set() });
  });

  it('leaves out registrations on product lines that the program does not have, and counts them', () => {
    const { notes, strangers } = strangeWords(
      streamOf([{}], [{ productLines: ['platform', 'magic'] }, {}, { productLines: ['magic'] }]),
      ACME,
    );
    expect(notes).toEqual(['2 registrations name product line magic, which acme 2026.1 does not declare: left out']);
    expect([...strangers]).toEqual(['DR-1', 'DR-3']);
  });

  it('names kinds, types, tracks, tiers and regions that the program does not have', () => {
    const stream = streamOf([{ type: 'dealer' }, { track: 'select' }, { tier: 'diamond' }, { regions: ['mars'] }], [{ kind: 'lease' }]);
    expect(strangeWords(stream, ACME)).toEqual({
      notes: [
        '1 registration names kind lease, which acme 2026.1 does not declare',
        '1 partner of type dealer, which acme 2026.1 does not declare',
        '1 partner of track select, which acme 2026.1 does not declare',
        '1 partner of tier diamond, which acme 2026.1 does not declare',
        '1 partner of region mars, which acme 2026.1 does not declare',
      ],
      strangers: new Set(),
    });
  });

  it('names answers that are not asked, or are of another form', () => {
    const asking = parseOrThrow(
      acmeWith('returned: # a claim', 'intake: [{ id: rfp, label: Is it a tender?, type: flag }]\n\nreturned: # a claim'),
    );
    const answering = (answers: Record<string, string | boolean>) => ({ facts: { answers } });
    const stream = streamOf([{}], [answering({ rfp: true }), answering({ rfp: 'yes' }), answering({ rpf: true })]);
    expect(strangeWords(stream, asking).notes).toEqual([
      '1 registration names an answer to rfp of another form than is asked by acme 2026.1',
      '1 registration names an answer to rpf, which is not asked by acme 2026.1',
    ]);
  });
});
