import fc from 'fast-check';
import { openSyncStage, WRITE, type CrmRow, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(300_000);

/** Two partners and two registrations of the first, which both sides edit at random. */
const SUBJECTS = 2;
const RUNS = 25;

type Action =
  | { readonly kind: 'our registration'; readonly subject: number; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'their registration'; readonly subject: number; readonly fields: CrmRow }
  | { readonly kind: 'our partner'; readonly subject: number; readonly values: Readonly<Record<string, string | null>> }
  | { readonly kind: 'their partner'; readonly subject: number; readonly fields: CrmRow }
  | { readonly kind: 'step'; readonly step: 'pull' | 'push'; readonly objectType: 'partner' | 'registration' }
  | { readonly kind: 'fault'; readonly rule: object }
  | { readonly kind: 'clock'; readonly advanceMs: number };

const subject = fc.nat(SUBJECTS - 1);
const amount = fc.integer({ min: 5_000, max: 5_009 });
const day = fc.constantFrom('2027-03-31', '2027-04-30', '2027-05-31');
const name = fc.constantFrom('Aster', ' Aster  GmbH ', 'Borealis\u00a0& Co', 'Ćevap d.o.o.', 'A'.repeat(255));
const some = <T>(values: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) => fc.record(values, { requiredKeys: [] });

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('our registration' as const),
    subject,
    values: some({
      estimatedValue: amount.map((value) => `${value}.00`),
      expectedCloseDate: day,
      estimatedCurrency: fc.constantFrom('USD', 'EUR'),
    }),
  }) as fc.Arbitrary<Action>,
  fc.record({
    kind: fc.constant('their registration' as const),
    subject,
    fields: some({
      Estimated_Value__c: fc.option(amount),
      Expected_Close_Date__c: fc.option(day),
      Estimated_Currency__c: fc.constantFrom('USD', 'EUR', 'gbp'),
      Customer_Name__c: name,
      Status__c: fc.constantFrom('approved', 'denied', null),
      Description__c: fc.constantFrom('theirs', null),
    }),
  }) as fc.Arbitrary<Action>,
  fc.record({
    kind: fc.constant('our partner' as const),
    subject,
    values: some({
      name,
      tier: fc.constantFrom('gold', 'silver', null),
      status: fc.constantFrom('active', 'suspended'),
      country: fc.constantFrom('US', 'DE'),
    }),
  }) as fc.Arbitrary<Action>,
  fc.record({
    kind: fc.constant('their partner' as const),
    subject,
    fields: some({
      Name: name,
      Partner_Tier__c: fc.constantFrom('gold', 'platinum', null),
      Partner_Status__c: fc.constantFrom('active', 'terminated', null),
      BillingCountry: fc.constantFrom('Germany', 'US', null),
      Website: fc.constantFrom('https://www.Aster.example/about', 'borealis.example', null),
    }),
  }) as fc.Arbitrary<Action>,
  fc.record({
    kind: fc.constant('step' as const),
    step: fc.constantFrom('pull' as const, 'push' as const),
    objectType: fc.constantFrom('partner' as const, 'registration' as const),
  }),
  fc.record({
    kind: fc.constant('fault' as const),
    rule: fc.oneof(
      fc.constantFrom('lost_answer', 'unavailable', 'limit', 'truncate', 'drop').map((fault) => ({ ...WRITE, fault })),
      fc.constant({ ...WRITE, fault: 'row_lock', rows: [0] }),
      fc.integer({ min: 1, max: 3 }).map((nth) => ({ method: 'GET', path: '/query', nth, fault: 'unavailable' })),
    ),
  }),
  fc.record({ kind: fc.constant('clock' as const), advanceMs: fc.constantFrom(1_000, 61_000) }),
);

describe('two sides that were edited at random, with calls that failed at random', () => {
  let stage: SyncStage;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  afterAll(() => stage.close());

  it('agree on every mapped field once the edits stop, and then nothing is written any more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 25 }), async (actions) => {
        await stage.reset();
        const partners = [await stage.addPartner(), await stage.addPartner()];
        const registrations = [await stage.addRegistration(partners[0] ?? ''), await stage.addRegistration(partners[0] ?? '')];
        await stage.settle();
        for (const each of actions) await carryOut(stage, each, partners, registrations);
        await stage.faults();
        await stage.settle();
        expect(await stage.differences()).toEqual([]);
        expect((await stage.callsDuring(() => stage.cycle())).writes).toBe(0);
      }),
      { numRuns: RUNS, seed: 20261123, endOnFailure: true },
    );
  });
});

async function carryOut(stage: SyncStage, action: Action, partners: readonly string[], registrations: readonly string[]): Promise<void> {
  switch (action.kind) {
    case 'our registration':
      return stage.editRegistration(registrations[action.subject] ?? '', action.values);
    case 'their registration':
      return stage.rep.edit('registration', await stage.remoteId('registration', registrations[action.subject] ?? ''), action.fields);
    case 'our partner':
      return stage.editPartner(partners[action.subject] ?? '', action.values as never);
    case 'their partner':
      return stage.rep.edit('partner', await stage.remoteId('partner', partners[action.subject] ?? ''), action.fields);
    case 'step': {
      // A failure is repeated later, as the workflow would; what it left behind is what is tested.
      const run = action.step === 'pull' ? stage.pull(action.objectType) : stage.push(action.objectType);
      return run.then(
        () => undefined,
        () => undefined,
      );
    }
    case 'fault':
      return stage.faults(action.rule);
    case 'clock':
      return stage.control('clock', { advanceMs: action.advanceMs });
  }
}
