import fc from 'fast-check';
import type { HistoricalClaim } from '../../../program/simulation/history.ts';
import type { SimulatedClaim } from '../../../program/simulation/simulated-claim.ts';
import { playByTheHour } from './hourly-model.ts';
import { customerOf, daysAfter, MONDAY, past, run } from './example.ts';

const HOUR_MS = 60 * 60 * 1000;
const LAST = daysAfter(400);
const CUSTOMERS = ['northwind', 'contoso', 'fabrikam'] as const;
const LINES = ['platform', 'analytics', 'automation'] as const;

/** Claims of four partners on three customers within some months, some of which were taken back, won or lost, some answered by people. */
const histories = fc
  .array(
    fc.record({
      hour: fc.integer({ min: 0, max: 24 * 120 }),
      partner: fc.integer({ min: 1, max: 4 }),
      customer: fc.constantFrom(...CUSTOMERS),
      lines: fc.subarray([...LINES], { minLength: 1 }),
      amount: fc.constantFrom('4000.00', '20000.00', '60000.00', '300000.00'),
      end: fc.option(fc.record({ kind: fc.constantFrom('withdrawn', 'won', 'lost'), hours: fc.integer({ min: 1, max: 2000 }) })),
      answer: fc.option(fc.record({ decision: fc.constantFrom('approve', 'deny', 'return'), hours: fc.integer({ min: 1, max: 400 }) })),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((drafts): readonly HistoricalClaim[] => {
    const inOrder = drafts.toSorted((left, right) => left.hour - right.hour);
    const after = (hours: number): string => new Date(Date.parse(MONDAY) + hours * HOUR_MS).toISOString();
    return inOrder.map(({ hour, partner, customer, lines, amount, end, answer }, index) =>
      past(index + 1, {
        at: after(hour),
        partnerId: `partner-${partner}`,
        claim: { customer: customerOf(customer), productLines: lines, estimatedValue: { amount, currency: 'USD' } },
        end: end === null ? null : { kind: end.kind, at: after(hour + end.hours) },
        answers:
          answer === null
            ? []
            : [
                {
                  at: after(hour + answer.hours),
                  decision: answer.decision,
                  by: 'manager',
                  question: { subject: 'routing', roles: ['partner_manager'] },
                },
              ],
      }),
    );
  });

describe('simulate', () => {
  it('answers the same in whatever order the history is listed', () => {
    fc.assert(
      fc.property(
        histories.chain((history) => fc.tuple(fc.constant(history), fc.shuffledSubarray([...history], { minLength: history.length }))),
        fc.constantFrom('waiting' as const, 'yes' as const),
        ([history, shuffled], unanswered) => {
          expect(run(shuffled, { unanswered })).toEqual(run(history, { unanswered }));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never protects two claims on one customer and line at a time, and counts every claim once', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom('waiting' as const, 'yes' as const), (history, unanswered) => {
        const ended = run(history, { unanswered });
        expect(ended.map(({ sequence }) => sequence)).toEqual(history.map(({ sequence }) => sequence));
        expect(overlaps(history, ended)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('reproduces what really happened where nobody was asked', () => {
    fc.assert(
      fc.property(histories, (drawn) => {
        const history = drawn.filter(needsNobody).map((one) => ({ ...one, answers: [] }));
        expect(run(history, { asOf: LAST }).map(({ status }) => status)).toEqual(playByTheHour(history));
      }),
      { numRuns: 150 },
    );
  });

  it('is found out when it protects twice', () => {
    const history = [past(1), past(2)];
    const [one, two] = run(history);
    if (one === undefined || two === undefined) throw new Error('two claims were simulated');
    expect(
      overlaps(history, [one, { ...two, lines: one.lines, protectedFrom: one.protectedFrom, protectedUntil: one.protectedUntil }]),
    ).toHaveLength(1);
  });
});

/** Pairs of claims on one customer that were protected on one line at one time. A protection ends with its window or with what really ended it. */
function overlaps(history: readonly HistoricalClaim[], ended: readonly SimulatedClaim[]): readonly string[] {
  const held = ended.flatMap((claim, at) => {
    const past = history[at];
    if (past === undefined || claim.protectedFrom === null || claim.protectedUntil === null) return [];
    // What was closed before it was approved is closed at once.
    const closedAt = past.end === null ? claim.protectedUntil : past.end.at < claim.protectedFrom ? claim.protectedFrom : past.end.at;
    const until = closedAt < claim.protectedUntil ? closedAt : claim.protectedUntil;
    return [{ claim, customer: past.sightings[0].claim.customer.domain, from: claim.protectedFrom, until }];
  });
  return held.flatMap((one, at) =>
    held
      .slice(at + 1)
      .filter((other) => other.customer === one.customer && other.claim.lines.some((line) => one.claim.lines.includes(line)))
      .filter((other) => one.from < other.until && other.from < one.until)
      .map((other) => `${one.claim.registrationId} and ${other.claim.registrationId}`),
  );
}

function needsNobody({ sightings }: HistoricalClaim): boolean {
  return Number(sightings[0].claim.estimatedValue.amount) <= 25_000;
}
