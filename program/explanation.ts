import { NOTHING_AGAINST, OWN_EVIDENCE } from './rules/rule.ts';
import type { Reason, TraceEntry, Verdict } from './verdict.ts';
import type { Instant } from './vocabulary.ts';

export type Audience = 'partner' | 'internal';

export interface ExplanationSubject {
  readonly registrationId: string;
  readonly programVersion: string;
  readonly decidedAt: Instant | null;
}

/** What the HTTP API answers as the explanation of a registration. */
export interface Explanation extends ExplanationSubject {
  readonly audience: Audience;
  readonly outcome: 'approve' | 'deny' | 'review' | 'needs_ruling' | 'return' | 'wait';
  readonly trace: readonly {
    readonly rule: string;
    readonly fired: boolean;
    readonly message: string;
    readonly evidence: readonly { readonly kind: string; readonly summary: string }[];
  }[];
}

/**
 * Renders a verdict for its reader.
 *
 * Insiders see every rule with all its evidence. Partners see the rules up to the one that decided (and those that took lines from the
 * claim), in words that name no rival, with evidence about themselves alone. What else fired because of others looks as if it had not, and
 * a claim that waits for another one is simply under review: apart from what decided, a partner reads the same whoever stands beside it.
 */
export function explainVerdict(verdict: Verdict, audience: Audience, subject: ExplanationSubject): Explanation {
  const { registrationId, programVersion, decidedAt } = subject;
  const head = { registrationId, audience, programVersion, decidedAt };
  switch (audience) {
    case 'internal':
      return {
        ...head,
        outcome: verdict.outcome,
        trace: verdict.trace.map(({ rule, fired, message, evidence }) => ({ rule, fired, message, evidence })),
      };
    case 'partner':
      return { ...head, outcome: verdict.outcome === 'wait' ? 'review' : verdict.outcome, trace: traceForPartner(verdict) };
  }
}

function traceForPartner({ trace, reasons }: Verdict): Explanation['trace'] {
  const decided = trace.map((entry) => reasons.some((reason) => isReasonOf(reason, entry)));
  const last = decided.lastIndexOf(true);
  const shown = last === -1 ? trace : trace.slice(0, last + 1);
  return shown.map((entry, at) => {
    const isTold = decided[at] === true || isOwn(entry);
    const message = isTold || !entry.fired ? entry.partnerMessage : NOTHING_AGAINST;
    // A rule that has nothing to tell shows nothing: what it looked at might tell why it looked.
    const evidence = message === NOTHING_AGAINST ? [] : entry.evidence.filter(({ kind }) => OWN_EVIDENCE.has(kind));
    return { rule: entry.rule, fired: isTold && entry.fired, message, evidence };
  });
}

/** A rule may stand in several rows: the reason is that of the row whose words it begins with. */
function isReasonOf(reason: Reason, { rule, fired, partnerMessage }: TraceEntry): boolean {
  return fired && reason.rule === rule && reason.message.startsWith(partnerMessage);
}

/** A rule that fired without deciding tells of others, unless all it saw was the partner's own. */
function isOwn({ evidence }: TraceEntry): boolean {
  return evidence.every(({ kind }) => OWN_EVIDENCE.has(kind));
}
