import fc from 'fast-check';
import { judgeClaim } from '../../program/judge-claim.ts';
import { replayDecision } from '../../program/replay.ts';
import type { Verdict } from '../../program/verdict.ts';
import { ACME, acmeWith, claim, evidence, holder, parseOrThrow, rival } from './example.ts';

const decided = () => {
  const [kept, seen] = [claim(), evidence({ rivals: [holder(), rival({ registrationId: 'reg-51', sequence: 51 })] })];
  return { claim: kept, evidence: seen, verdict: judgeClaim(ACME, kept, seen) };
};

/** What a database makes of a value: the order of keys is lost. */
function reordered<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reordered) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reordered(inner)]),
  ) as T;
}

describe('replayDecision', () => {
  it('finds a decision equal that was stored and read again', () => {
    expect(replayDecision(ACME, reordered(decided()))).toEqual({ kind: 'equal' });
  });

  it('finds decisions of all kinds of claims equal', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('4999.99', '5000.00', '25000.00', '25000.01', '250000.01'),
        fc.constantFrom('resale', 'referral'),
        fc.constantFrom('USD', 'EUR', 'XOF'),
        (amount, kind, currency) => {
          const [kept, seen] = [claim({ kind, estimatedValue: { amount, currency } }), evidence()];
          expect(replayDecision(ACME, { claim: kept, evidence: seen, verdict: judgeClaim(ACME, kept, seen) })).toEqual({ kind: 'equal' });
        },
      ),
    );
  });

  it.each([
    [
      'one letter of a message',
      (verdict: Verdict) => ({ ...verdict, reasons: verdict.reasons.map((reason) => ({ ...reason, message: `${reason.message}!` })) }),
      'reasons[0].message',
    ],
    ['the outcome', (verdict: Verdict) => ({ ...verdict, outcome: 'approve' }) as Verdict, 'outcome'],
    [
      'an entry of the trace that is missing',
      (verdict: Verdict) => ({ ...verdict, trace: verdict.trace.slice(1) }),
      'trace[0].evidence[0].kind',
    ],
  ] as const)('names the place of %s', (_what, change, path) => {
    const decision = decided();
    const replayed = replayDecision(ACME, { ...decision, verdict: change(decision.verdict) });
    expect(replayed.kind === 'differs' ? replayed.path : replayed.kind).toBe(path);
  });

  it('shows what was kept and what comes out now, under a program that says something else', () => {
    const other = parseOrThrow(acmeWith("minimum: { amount: '5000.00', currency: USD }", "minimum: { amount: '30000.00', currency: USD }"));
    const [kept, seen] = [claim(), evidence()];
    const replayed = replayDecision(other, { claim: kept, evidence: seen, verdict: judgeClaim(ACME, kept, seen) });
    expect(replayed).toMatchObject({ kind: 'differs', path: 'behind', kept: null, now: '[]' });
  });

  it('shows a key that only the kept verdict has', () => {
    const decision = decided();
    const replayed = replayDecision(ACME, { ...decision, verdict: { ...decision.verdict, extra: 1 } as unknown as Verdict });
    expect(replayed).toEqual({ kind: 'differs', path: 'extra', kept: '1', now: null });
  });
});
