import { OWN_EVIDENCE } from './rules/rule.ts';
import type { TraceEntry, Verdict } from './verdict.ts';
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
  readonly outcome: 'approve' | 'deny' | 'review' | 'needs_ruling' | 'wait';
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
 * Insiders see every rule with all its evidence. Partners see the rules up to the one that decided, in words that name no rival, with evidence about
 * themselves alone; what else fired is not theirs to know, and a claim that waits for another one is simply under review.
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
  const decisive = trace.findIndex(({ rule }) => rule === reasons[0]?.rule);
  const shown = decisive === -1 ? trace : trace.slice(0, decisive + 1);
  return shown.map((entry, at) => ({
    rule: entry.rule,
    fired: isOwn(entry) ? entry.fired : entry.fired && at === decisive,
    message: entry.partnerMessage,
    evidence: entry.evidence.filter(({ kind }) => OWN_EVIDENCE.has(kind)),
  }));
}

/** A rule that fired without deciding tells of others, unless all it saw was the partner's own. */
function isOwn(entry: TraceEntry): boolean {
  return entry.evidence.every(({ kind }) => OWN_EVIDENCE.has(kind));
}
