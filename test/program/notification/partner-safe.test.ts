import fc from 'fast-check';
import { judgeClaim } from '../../../program/judge-claim.ts';
import { effectOn } from '../../../program/case-life.ts';
import { caseOpened, caseSettled } from '../../../program/notification/case-event.ts';
import type { ClaimEvent } from '../../../program/notification/claim-event.ts';
import { renderMessage } from '../../../program/notification/render-message.ts';
import { eventsOfTransition } from '../../../program/notification/transition-events.ts';
import { webhookBody } from '../../../program/notification/webhook-body.ts';
import { SUBMITTED, type RegistrationState } from '../../../program/registration-life.ts';
import type { Verdict } from '../../../program/verdict.ts';
import { CASE_OUTCOMES, REGISTRATION_STATUSES } from '../../../program/vocabulary.ts';
import { exampleApproval, exampleStep } from '../../support/open-step.ts';
import { generatedClaim, generatedEvidence, generatedProgram } from '../generated.ts';
import { ACME } from '../example.ts';
import { claimPayload } from './message-example.ts';

/** Everything of others holds this word: their ids, their people, and what is written for insiders. */
const SECRET = 'secret';

function everythingSaid(events: readonly ClaimEvent[]): string {
  return events
    .map((event) => {
      const payload = claimPayload(event);
      const rendered = renderMessage(payload);
      return JSON.stringify([rendered, webhookBody(payload, rendered)]);
    })
    .join('\n')
    .toLowerCase();
}

const instant = fc.constantFrom('2026-11-16T15:00:00.000Z', '2026-11-17T22:00:00.000Z', '2027-02-14T15:00:00.000Z');
const ids = fc.constantFrom([], ['reg-secret-1'], ['reg-secret-1', 'reg-secret-2']);
const SECRET_ANSWERERS = { approver: 'person-secret', mayDecide: ['person-secret'], openedAt: '2026-11-16T15:00:00.000Z' };
const approval = fc.record({ role: fc.constantFrom('partner_manager', 'director'), dueAt: instant }).map((drawn) =>
  exampleApproval([exampleStep({ ...SECRET_ANSWERERS, ...drawn })], {
    granted: [{ role: 'director', by: 'person-secret', onBehalfOf: 'absent-secret' }],
  }),
);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });

/** States of every kind, with everything that a state knows of others in it. */
const generatedState: fc.Arbitrary<RegistrationState> = fc
  .record({
    status: fc.constantFrom(...REGISTRATION_STATUSES),
    approval: maybe(approval),
    waitingFor: ids,
    waitlistedBehind: ids,
    frozenUntil: maybe(instant),
    returnedUntil: maybe(instant),
    until: maybe(instant),
    extension: maybe(approval),
    reminders: fc.constantFrom([], ['2027-01-15T15:00:00.000Z']),
    extensionsUsed: fc.nat(2),
    appeals: fc.nat(2),
    appealUntil: maybe(instant),
    waitlistedUntil: maybe(instant),
    isExpired: fc.boolean(),
    isDecided: fc.boolean(),
  })
  .map(({ until, extension, isExpired, isDecided, ...drawn }) => ({
    ...SUBMITTED,
    ...drawn,
    interrupted: drawn.approval === null ? null : { approval: drawn.approval, at: drawn.approval.openedAt },
    caseId: 'case-of-others',
    protection: until === null ? null : { from: '2026-11-16T15:00:00.000Z', until },
    grantedLines: ['platform'],
    extension:
      extension === null ? null : { approval: extension, until: extension.steps[0].dueAt, askedBy: 'person-secret', suspendsExpiry: true },
    closing: null,
    expired: isExpired
      ? { protection: { from: '2026-01-01T00:00:00.000Z', until: '2026-04-01T00:00:00.000Z' }, extensibleUntil: null }
      : null,
    decision: isDecided ? { outcome: 'deny' as const, by: 'person-secret', at: '2026-11-16T15:00:00.000Z', reasons: [] } : null,
    settled: [{ rule: 'C02', with: ['reg-secret-9'] }],
    overruled: [],
    needsAttention: true,
  }));

describe('what partners are told', () => {
  it('says nothing of others that a state knows, from whatever step to whatever step', () => {
    fc.assert(
      fc.property(generatedState, generatedState, fc.boolean(), (before, after, isTransfer) => {
        const told = eventsOfTransition(before, after, { wanted: [], isTransfer });
        expect(everythingSaid(told.map(({ event }) => event))).not.toContain(SECRET);
      }),
      { numRuns: 2_000 },
    );
  });

  /** What follows of a verdict for its claim, as the decisions make it. */
  function statesAfter(verdict: Verdict): readonly { readonly after: RegistrationState; readonly wanted: readonly string[] }[] {
    const decision = {
      outcome: verdict.outcome === 'approve' ? 'approve' : 'deny',
      by: 'person-secret',
      at: '2026-11-16T15:00:00.000Z',
    } as const;
    const state = { ...SUBMITTED, decision: { ...decision, reasons: verdict.reasons }, grantedLines: verdict.lines };
    switch (verdict.outcome) {
      case 'approve':
        return [{ after: { ...state, status: 'approved' }, wanted: [] }];
      case 'deny':
        return [
          { after: { ...state, status: 'denied', waitlistedBehind: verdict.behind }, wanted: [] },
          { after: { ...state, status: 'revoked' }, wanted: [] },
        ];
      case 'return':
        return [{ after: { ...state, status: 'returned' }, wanted: verdict.reasons.map(({ message }) => message) }];
      case 'wait':
        return [{ after: { ...state, status: 'in_review', waitingFor: verdict.waitFor }, wanted: [] }];
      case 'review':
      case 'needs_ruling':
        return [{ after: { ...state, status: 'in_review' }, wanted: [] }];
    }
  }

  it('says nothing of rivals, of their partners or of the direct team, whatever is judged under whatever program', () => {
    fc.assert(
      fc.property(generatedProgram, generatedClaim, generatedEvidence, (program, claim, evidence) => {
        const verdict = judgeClaim(program, claim, evidence);
        const events = statesAfter(verdict).flatMap(({ after, wanted }) =>
          eventsOfTransition(SUBMITTED, after, { wanted, isTransfer: false }).map(({ event }) => event),
        );
        if (verdict.outcome === 'review' && verdict.conflict !== null) {
          const conflict = { id: 'case-1', ...verdict.conflict, partnerSummary: verdict.conflict.partnerSummary };
          events.push(caseOpened(conflict, 'claimant', null), caseOpened(conflict, 'rival', null));
        }
        expect(everythingSaid(events)).not.toContain(SECRET);
      }),
      { numRuns: 400 },
    );
  });

  it('was asked of verdicts that do hold what is kept from partners', () => {
    const held = fc.sample(fc.tuple(generatedClaim, generatedEvidence), { numRuns: 300, seed: 7 }).filter(([claim, evidence]) => {
      const verdict = judgeClaim(ACME, claim, evidence);
      return JSON.stringify(verdict).toLowerCase().includes(SECRET);
    });
    expect(held.length).toBeGreaterThan(50);
  });

  it('says of a settled case what it means for this side alone', () => {
    for (const outcome of CASE_OUTCOMES) {
      for (const side of ['claimant', 'rival'] as const) {
        for (const isUndecided of [true, false]) {
          const party = { registrationId: 'own', side, isUndecided, isProtected: !isUndecided };
          const effect = effectOn(party, outcome, 'reg-secret-1');
          const said = everythingSaid([caseSettled('case-1', effect)]);
          expect(said).not.toContain(SECRET);
          for (const word of ['another partner', 'other partner', 'rival', 'competitor']) expect(said).not.toContain(word);
        }
      }
    }
  });

  it('shows who claims the conflict in the words made for it, and the other side none', () => {
    const conflict = { id: 'case-1', partnerSummary: 'A person looks at who was first.', summary: 'reg-secret-1 of partner-secret-1' };
    expect(everythingSaid([caseOpened(conflict, 'claimant', null)])).toContain('a person looks at who was first.');
    expect(everythingSaid([caseOpened(conflict, 'rival', null)])).not.toContain('a person looks at who was first.');
  });
});
