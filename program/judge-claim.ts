import type { ClaimSnapshot, EvidenceSnapshot } from './claim.ts';
import type { RuleOutcome } from './definition/conflict-rule.ts';
import type { Program } from './definition/program.ts';
import { VALUE_BAND, type RuleId } from './rules/catalogue.ts';
import { RULES } from './rules/registry.ts';
import type { Finding, RuleInput } from './rules/rule.ts';
import { routeByValue } from './value-band.ts';
import type { Reason, TraceEntry, Verdict } from './verdict.ts';

/**
 * Decides a claim by the program: the same program, claim and evidence always give the same verdict.
 *
 * Every declared rule is examined, in the declared order, and shown in the trace. Of the findings that decide something, the hit policy picks one
 * (`first`, or `strictest`); where none decides, the value does: approved at once, or for the role of its band. A rule does not see
 * again those with whom people settled its conflict in this claim's favour. The reasons of the verdict are those of the decisive finding, in words for partners.
 */
export function judgeClaim(program: Program, claim: ClaimSnapshot, evidence: EvidenceSnapshot): Verdict {
  const examined = program.rules.order.map(({ id, on }) => examine(id, on, { program, claim, evidence }));
  const trace = examined.map(({ entry }) => entry);
  const decisive = pickDecisive(
    examined.flatMap(({ hit }) => (hit === null ? [] : [hit])),
    program.rules.hitPolicy,
  );
  return decisive === null ? judgeByValue(program, claim, trace) : toVerdict(decisive, trace);
}

type Found = Extract<Finding, { kind: 'found' }>;
type DecisiveOutcome = Exclude<RuleOutcome, { outcome: 'note' }>;

interface Hit {
  readonly rule: RuleId;
  readonly finding: Found;
  readonly outcome: DecisiveOutcome;
}

interface Examined {
  readonly entry: TraceEntry;
  readonly hit: Hit | null;
}

function examine(rule: RuleId, on: Readonly<Record<string, RuleOutcome>>, { program, claim, evidence }: RuleInput): Examined {
  const input: RuleInput = { program, claim, evidence: withoutSettled(rule, evidence) };
  const finding: Finding = RULES[rule].examine(input);
  const { message, partnerMessage, exhibits } = finding;
  const entry = { rule, fired: finding.kind === 'found', message, partnerMessage, evidence: exhibits };
  if (finding.kind === 'quiet') return { entry, hit: null };
  const outcome = on[finding.situation];
  if (outcome === undefined) throw new Error(`the program declares no outcome for ${rule} in the situation ${finding.situation}`);
  return { entry, hit: outcome.outcome === 'note' ? null : { rule, finding, outcome } };
}

/** What the rule has not heard yet: people settled the rest in this claim's favour. */
function withoutSettled(rule: RuleId, evidence: EvidenceSnapshot): EvidenceSnapshot {
  const settled = new Set(evidence.settled.filter((conflict) => conflict.rule === rule).flatMap((conflict) => conflict.with));
  if (settled.size === 0) return evidence;
  return {
    ...evidence,
    rivals: evidence.rivals.filter((rival) => !settled.has(rival.registrationId)),
    opportunities: evidence.opportunities.filter((opportunity) => !settled.has(opportunity.remoteId)),
  };
}

/** The strictest first: what cannot be granted, then what has to be settled before, then what needs a person. */
const STRICTNESS: readonly DecisiveOutcome['outcome'][] = ['deny', 'wait', 'needs_ruling', 'review'];

function pickDecisive(hits: readonly Hit[], policy: Program['rules']['hitPolicy']): Hit | null {
  switch (policy) {
    case 'first':
      return hits[0] ?? null;
    case 'strictest':
      // Sorting is stable: among equals the declared order holds.
      return (
        [...hits].sort((left, right) => STRICTNESS.indexOf(left.outcome.outcome) - STRICTNESS.indexOf(right.outcome.outcome))[0] ?? null
      );
  }
}

function toVerdict({ rule, finding, outcome }: Hit, trace: readonly TraceEntry[]): Verdict {
  const reasons: readonly Reason[] = [{ rule, message: finding.partnerMessage }];
  switch (outcome.outcome) {
    case 'deny':
      return { outcome: 'deny', waitlist: outcome.waitlist, behind: outcome.waitlist ? finding.rivalIds : [], reasons, trace };
    case 'wait':
      return { outcome: 'wait', waitFor: finding.rivalIds, reasons, trace };
    case 'needs_ruling':
      return { outcome: 'needs_ruling', role: outcome.decider, reasons, trace };
    case 'review': {
      const { rivalIds, opportunity, exhibits, message, partnerMessage } = finding;
      return {
        outcome: 'review',
        role: outcome.decider,
        conflict: { rule, summary: message, partnerSummary: partnerMessage, rivalIds, opportunity, evidence: exhibits },
        reasons,
        trace,
      };
    }
  }
}

function judgeByValue(program: Program, claim: ClaimSnapshot, trace: readonly TraceEntry[]): Verdict {
  const route = routeByValue(program, claim.estimatedValue);
  const { message } = route;
  const entry: TraceEntry = { rule: VALUE_BAND, fired: true, message, partnerMessage: message, evidence: [] };
  const judged = { reasons: [{ rule: VALUE_BAND, message }], trace: [...trace, entry] };
  switch (route.kind) {
    case 'auto':
      return { outcome: 'approve', ...judged };
    case 'role':
      return { outcome: 'review', role: route.role, conflict: null, ...judged };
    case 'no_rate':
      return { outcome: 'needs_ruling', role: route.role, ...judged };
  }
}
