import type { ClaimSnapshot, EvidenceSnapshot } from './claim.ts';
import { holds, whatIsUnknown } from './condition.ts';
import type { RuleOutcome } from './definition/conflict-rule.ts';
import type { Program } from './definition/program.ts';
import type { RuleId } from './rules/catalogue.ts';
import { RULES } from './rules/registry.ts';
import type { Finding, Rule, RuleInput } from './rules/rule.ts';
import type { TraceEntry } from './verdict.ts';

type Found = Extract<Finding, { kind: 'found' }>;

/** What follows from a finding; a `note` decides nothing. */
type DecisiveOutcome = Exclude<RuleOutcome, { outcome: 'note' }>;

/** A finding that decides something, with what the program says follows. */
export interface Hit {
  readonly rule: RuleId;
  readonly finding: Found;
  readonly outcome: DecisiveOutcome;
}

export interface Examined {
  readonly entry: TraceEntry;
  /** Null where the rule is quiet, or where what it found is only noted. */
  readonly hit: Hit | null;
}

type Row = Program['rules']['order'][number];

/**
 * Asks one row of the program about a claim; null where the row does not apply to it.
 *
 * Nothing is guessed: where it cannot be told whether the row applies, or the program says nothing of the situation, the role of
 * `routing.otherwise` rules. What is only noted stays a note. A rule does not see again those with whom people settled its conflict in this
 * claim's favour; where it is about nobody else, people are not asked again.
 */
export function examineRow(
  row: Row,
  given: { readonly program: Program; readonly claim: ClaimSnapshot; readonly evidence: EvidenceSnapshot },
): Examined | null {
  const { program, claim } = given;
  const rule = row.id;
  const applies = row.when === undefined ? 'yes' : holds(row.when, program, claim, given.evidence.partner);
  if (applies === 'no') return null;
  const evidence = withoutSettled(rule, given.evidence);
  const input: RuleInput = { program, claim, evidence, parameters: row.with as RuleInput['parameters'], when: row.when };
  const finding: Finding = (RULES[rule] as Rule).examine(input as never);
  const { message, partnerMessage, exhibits } = finding;
  const entry = { rule, fired: finding.kind === 'found', message, partnerMessage, evidence: exhibits };
  if (finding.kind === 'quiet') return { entry, hit: null };
  const outcome = row.on[finding.situation];
  if (outcome?.outcome === 'review' && isHeard(rule, finding, evidence)) {
    return { entry: { ...entry, message: `${message} People settled this in favour of the claim.` }, hit: null };
  }
  if (outcome?.outcome === 'note') return { entry, hit: null };
  if (outcome !== undefined && applies === 'yes') return { entry, hit: { rule, finding, outcome } };
  const why =
    outcome === undefined
      ? `The program says nothing of the situation ${finding.situation}.`
      : `Whether the row of the program applies cannot be told: ${whatIsUnknown(row.when ?? {}, program, claim, evidence.partner).join(', ')}.`;
  const unclear = { message: `${message} ${why}`, partnerMessage: CHECKED_BY_A_PERSON };
  return {
    entry: { ...entry, ...unclear },
    hit: { rule, finding: { ...finding, ...unclear }, outcome: { outcome: 'needs_ruling', decider: program.routing.otherwise } },
  };
}

/** What a partner reads where the program does not tell what follows: it says nothing of what was found. */
const CHECKED_BY_A_PERSON = 'It has to be checked by a person what the program says of this registration.';

/** What the rule has not heard yet: people settled the rest in this claim's favour. */
function withoutSettled(rule: RuleId, evidence: EvidenceSnapshot): EvidenceSnapshot {
  const settled = new Set(evidence.settled.filter((conflict) => conflict.rule === rule).flatMap((conflict) => conflict.with));
  if (settled.size === 0) return evidence;
  return {
    ...evidence,
    rivals: evidence.rivals.filter((rival) => !settled.has(rival.registrationId)),
    relatives: evidence.relatives.filter((relative) => !settled.has(relative.registrationId)),
    opportunities: evidence.opportunities.filter((opportunity) => !settled.has(opportunity.remoteId)),
    conversion: {
      ...evidence.conversion,
      lost: evidence.conversion.lost.filter((opportunity) => !settled.has(opportunity.remoteId)),
      direct: evidence.conversion.direct.filter((opportunity) => !settled.has(opportunity.remoteId)),
    },
  };
}

/**
 * A finding that is about nobody else was settled with nobody: the question would come back for ever. What drifts, drifts anew, so that is
 * always asked.
 */
function isHeard(rule: RuleId, { rivalIds, opportunity }: Found, { settled }: EvidenceSnapshot): boolean {
  if (rule === 'C26_drift' || rivalIds.length > 0 || opportunity !== null) return false;
  return settled.some((conflict) => conflict.rule === rule && conflict.with.length === 0);
}
