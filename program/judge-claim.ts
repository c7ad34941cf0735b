import type { ClaimSnapshot, EvidenceSnapshot } from './claim.ts';
import type { Program } from './definition/program.ts';
import { examineRow, type Examined, type Hit } from './examine-row.ts';
import { precedenceAmong } from './precedence.ts';
import { isUndecided } from './registration-life.ts';
import { leadingRole, planStage } from './approval/planned-stage.ts';
import { routeClaim } from './routing.ts';
import { ROUTING } from './rules/catalogue.ts';
import { withoutLines } from './rules/rival.ts';
import { STRICTNESS } from './strictness.ts';
import type { Reason, TraceEntry, Verdict } from './verdict.ts';

/**
 * Decides a claim by the program: the same program, claim and evidence always give the same verdict, in whatever order the evidence was
 * found.
 *
 * Every row of the rules is examined, in the declared order, and shown in the trace. Of the findings that decide something, the hit policy
 * picks one (`first`, or `strictest`); where none decides, the routing does. The reasons of the verdict are those of the decisive finding,
 * in words for partners.
 *
 * `free_lines` narrows the claim to the lines that its finding is not about, and everything is asked again about the rest: under `first`
 * when the row's turn comes, under `strictest` before anything else is weighed. Where nothing is left the claim is denied.
 */
export function judgeClaim(program: Program, claim: ClaimSnapshot, evidence: EvidenceSnapshot): Verdict {
  return judgeLines(program, claim, evidence, []);
}

/** A row that took lines from the claim, and what it said then. */
interface Narrowing {
  readonly row: number;
  readonly hit: Hit;
  readonly entry: TraceEntry;
}

function judgeLines(program: Program, claim: ClaimSnapshot, evidence: EvidenceSnapshot, narrowed: readonly Narrowing[]): Verdict {
  const examined = program.rules.order.map((row) => examineRow(row, { program, claim, evidence }));
  const hits = examined.flatMap((row, at) => {
    const hit = row === null || row.hit === null ? null : denyWhereNothingIsLeft(row.hit, claim, narrowed);
    return row === null || hit === null ? [] : [{ row: at, hit, entry: row.entry }];
  });
  const decisive = pickDecisive(hits, program.rules.hitPolicy);
  if (decisive?.hit.outcome.outcome === 'free_lines') {
    const rest = { ...claim, productLines: withoutLines(claim.productLines, decisive.hit.finding.lines ?? []) };
    return judgeLines(program, rest, evidence, [...narrowed, decisive]);
  }
  const trace = traceOf(examined, narrowed);
  const verdict =
    decisive === null ? judgeByRouting(program, claim, evidence, trace) : toVerdict(decisive.hit, program, claim, evidence, trace);
  return { ...verdict, reasons: [...verdict.reasons, ...narrowed.flatMap(({ hit }) => (isAbout(verdict, hit) ? [] : [reasonOf(hit)]))] };
}

/** A rule that narrowed the claim and then denied the rest says so once. */
function isAbout({ reasons }: Verdict, { rule }: Hit): boolean {
  return reasons.some((reason) => reason.rule === rule);
}

/** Taking lines where none would be left is a denial, behind everybody who holds one of them; taking none decides nothing. */
function denyWhereNothingIsLeft(hit: Hit, claim: ClaimSnapshot, narrowed: readonly Narrowing[]): Hit | null {
  if (hit.outcome.outcome !== 'free_lines') return hit;
  const contested = hit.finding.lines ?? claim.productLines;
  const left = withoutLines(claim.productLines, contested).length;
  if (left > 0) return left === claim.productLines.length ? null : hit;
  const before = narrowed.flatMap(({ hit: earlier }) => earlier.finding.rivalIds);
  const rivalIds = [...new Set([...before, ...hit.finding.rivalIds])];
  return { ...hit, outcome: { outcome: 'deny', waitlist: hit.outcome.waitlist }, finding: { ...hit.finding, rivalIds } };
}

/** What was said when lines were taken stays, whatever the row says of the rest. */
function traceOf(examined: readonly (Examined | null)[], narrowed: readonly Narrowing[]): readonly TraceEntry[] {
  return examined.flatMap((row, at) => {
    const before = narrowed.filter((narrowing) => narrowing.row === at).map(({ entry }) => entry);
    if (row === null) return before;
    return before.length > 0 && !row.entry.fired ? before : [...before, row.entry];
  });
}

function pickDecisive(hits: readonly Narrowing[], policy: Program['rules']['hitPolicy']): Narrowing | null {
  const strictness = ({ hit }: Narrowing): number => STRICTNESS.indexOf(hit.outcome.outcome);
  switch (policy) {
    case 'first':
      return hits[0] ?? null;
    case 'strictest':
      // Sorting is stable: among equals the declared order holds.
      return hits.toSorted((left, right) => strictness(left) - strictness(right))[0] ?? null;
  }
}

function reasonOf({ rule, finding }: Hit): Reason {
  return { rule, message: finding.partnerMessage };
}

function toVerdict(hit: Hit, program: Program, claim: ClaimSnapshot, evidence: EvidenceSnapshot, trace: readonly TraceEntry[]): Verdict {
  const { rule, finding, outcome } = hit;
  const judged = { reasons: [reasonOf(hit)], trace, lines: claim.productLines };
  switch (outcome.outcome) {
    case 'deny': {
      const said = [finding.partnerMessage, outcome.waitlist ? finding.onWaitlist : undefined, outcome.offer];
      const reasons = [{ rule, message: said.filter((part) => part !== undefined).join(' ') }];
      return { ...judged, outcome: 'deny', waitlist: outcome.waitlist, behind: outcome.waitlist ? finding.rivalIds : [], reasons };
    }
    case 'return':
      return { ...judged, outcome: 'return', reasons: [{ rule, message: `${finding.partnerMessage} ${outcome.ask}` }] };
    case 'approve':
      return { ...judged, outcome: 'approve' };
    case 'wait': {
      const waitFor = earlierUndecided(finding.rivalIds, program, claim, evidence);
      if (waitFor.length > 0) return { ...judged, outcome: 'wait', waitFor };
      return { ...judged, outcome: 'needs_ruling', role: program.routing.otherwise };
    }
    case 'needs_ruling':
      return { ...judged, outcome: 'needs_ruling', role: outcome.decider };
    case 'review': {
      const { rivalIds, opportunity, exhibits, message, partnerMessage } = finding;
      return {
        ...judged,
        outcome: 'review',
        role: outcome.decider,
        steps: [
          { role: outcome.decider, deadline: outcome.deadline ?? null, silence: outcome.silence ?? null },
          ...outcome.then.map(planStage),
        ],
        conflict: { rule, summary: message, partnerSummary: partnerMessage, rivalIds, opportunity, evidence: exhibits },
      };
    }
    case 'free_lines':
      throw new Error(`${rule} narrows the claim and decides nothing`);
  }
}

/** Whom a claim can wait for: who is undecided and precedes it. Of two claims one alone does, so that no two ever wait for each other. */
function earlierUndecided(ids: readonly string[], program: Program, claim: ClaimSnapshot, evidence: EvidenceSnapshot): readonly string[] {
  const precedenceOf = precedenceAmong(program, claim, evidence);
  const preceding = [...evidence.rivals, ...evidence.relatives].filter(
    (rival) => isUndecided(rival.status) && precedenceOf(rival).first === 'rival',
  );
  const earlier = new Set(preceding.map(({ registrationId }) => registrationId));
  return ids.filter((id) => earlier.has(id));
}

function judgeByRouting(program: Program, claim: ClaimSnapshot, { partner }: EvidenceSnapshot, trace: readonly TraceEntry[]): Verdict {
  const route = routeClaim(program, claim, partner);
  const { message } = route;
  const entry: TraceEntry = { rule: ROUTING, fired: true, message, partnerMessage: message, evidence: [] };
  const judged = { reasons: [{ rule: ROUTING, message }], trace: [...trace, entry], lines: claim.productLines };
  switch (route.kind) {
    case 'auto':
      return { outcome: 'approve', ...judged };
    case 'steps':
      return { outcome: 'review', role: leadingRole(route.steps[0]), steps: route.steps, conflict: null, ...judged };
    case 'unclear':
      return { outcome: 'needs_ruling', role: route.role, ...judged };
  }
}
