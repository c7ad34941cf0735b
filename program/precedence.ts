import type { ClaimSnapshot, EvidenceSnapshot, Proof, RivalClaim } from './claim.ts';
import type { PRECEDENCE } from './definition/conflict-rule.ts';
import type { Program } from './definition/program.ts';
import type { RuleParameters } from './definition/rule-parameter.ts';
import type { Duration } from './duration.ts';
import { isWithin } from './rules/elapsed.ts';
import { countProofs, hasProofOf } from './rules/proof.ts';
import { standingLines } from './rules/rival.ts';
import type { Instant } from './vocabulary.ts';

export type Criterion = (typeof PRECEDENCE)[number];

/** Who of two goes first, and by what: a declared criterion, or the receipt where none of them tells the two apart. */
export interface PrecedenceFinding {
  readonly first: 'claim' | 'rival';
  readonly by: Criterion | 'receipt';
  /** For insiders. */
  readonly message: string;
}

/**
 * Which of two claims precedes the other, by the program's criteria in their order; the first that tells them apart decides. To be asked of
 * rivals and relatives of the evidence.
 *
 * Every criterion gives each claim a rank of its own, so that the whole is an order: of any number of claims one goes first, and none wait
 * for each other in a ring.
 *
 * `first_valid_claim`: the order of receipt, which is the sequence number, never a clock. A claim that is returned has no place in it where
 * the program renews the receipt of what is completed. Where the program has a row for C04, receipts that follow each other within its time
 * count as one: then the other criteria decide, after them the number of proofs (the test of substantial work), and only then the receipt.
 * `opportunity_creator`: received before the earliest open opportunity at the customer was created. `incumbency`: of the partner of the
 * customer's latest purchase before the receipt, on a line of the claim or on an unknown one; a direct purchase makes nobody the incumbent.
 * `customer_choice`: a letter of the customer, of the kinds that C22 names; two letters tell nothing. `substantial_work`: more proofs, the
 * same one counted once.
 * Source: published programs (GitLab: order of receipt and qualification, who created the opportunity, incumbency; Cirrus: the customer's
 * choice).
 */
export function precedenceAmong(
  program: Program,
  claim: ClaimSnapshot,
  evidence: EvidenceSnapshot,
): (rival: RivalClaim) => PrecedenceFinding {
  const one = contestantOf(claim, evidence);
  const time = timeOfNearReceipts(program);
  const criteria: readonly Criterion[] =
    time === null || program.precedence.includes('substantial_work') ? program.precedence : [...program.precedence, 'substantial_work'];
  const standing = [...evidence.rivals, ...evidence.relatives].filter((rival) => standingLines(rival).length > 0);
  const rankings: Readonly<Record<Criterion, (contestant: Contestant) => number>> = {
    first_valid_claim: time === null ? bySequence(program) : byGroup(program, time, [one, ...standing.map(contestantOfRival)]),
    opportunity_creator: ({ submittedAt }) => (wasBeforeOpportunities(submittedAt, evidence) ? 0 : 1),
    incumbency: (contestant) => (isIncumbent(contestant, evidence) ? 0 : 1),
    customer_choice: ({ proofs }) => (hasProofOf(proofs, letterKinds(program)) ? 0 : 1),
    substantial_work: ({ proofs }) => -countProofs(proofs),
  };
  return (rival) => {
    const other = contestantOfRival(rival);
    for (const by of criteria) {
      const [mine, theirs] = [rankings[by](one), rankings[by](other)];
      if (mine !== theirs) return name(mine < theirs ? 'claim' : 'rival', by, claim, rival);
    }
    return name(claim.sequence < rival.sequence ? 'claim' : 'rival', 'receipt', claim, rival);
  };
}

/** What the criteria look at: the same of a claim and of its rival. */
interface Contestant {
  readonly registrationId: string;
  readonly sequence: number;
  readonly partnerId: string;
  readonly productLines: readonly string[];
  readonly submittedAt: Instant;
  readonly proofs: readonly Proof[];
  readonly isReturned: boolean;
}

function contestantOf(claim: ClaimSnapshot, { partner }: EvidenceSnapshot): Contestant {
  const { registrationId, sequence, productLines, submittedAt, facts } = claim;
  return { registrationId, sequence, partnerId: partner.partnerId, productLines, submittedAt, proofs: facts.proofs, isReturned: false };
}

function contestantOfRival(rival: RivalClaim): Contestant {
  const { registrationId, sequence, partnerId, productLines, submittedAt, proofs, status } = rival;
  return { registrationId, sequence, partnerId, productLines, submittedAt, proofs, isReturned: status === 'returned' };
}

function hasNoPlace({ isReturned }: Contestant, program: Program): boolean {
  return isReturned && program.returned.receipt === 'renewed';
}

function bySequence(program: Program): (contestant: Contestant) => number {
  return (contestant) => (hasNoPlace(contestant, program) ? Number.POSITIVE_INFINITY : contestant.sequence);
}

/**
 * The number of pauses, longer than the time of C04, that lie before a receipt: claims of one group follow each other without such a pause.
 */
function byGroup(program: Program, time: Duration, contestants: readonly Contestant[]): (contestant: Contestant) => number {
  const receipts = contestants
    .filter((contestant) => !hasNoPlace(contestant, program))
    .map(({ submittedAt }) => submittedAt)
    .toSorted((left, right) => Date.parse(left) - Date.parse(right));
  const starts = receipts
    .filter((at, index) => {
      const before = receipts[index - 1];
      return before === undefined || !isWithin(time, before, at, program);
    })
    .map((at) => Date.parse(at));
  return (contestant) =>
    hasNoPlace(contestant, program)
      ? Number.POSITIVE_INFINITY
      : starts.filter((start) => start <= Date.parse(contestant.submittedAt)).length;
}

/** How near receipts have to be to count as one; null where the program has no row for it. */
function timeOfNearReceipts(program: Program): Duration | null {
  const row = program.rules.order.find(({ id }) => id === 'C04_near_simultaneous');
  return row === undefined ? null : (row.with as RuleParameters<'C04_near_simultaneous'>).within;
}

function letterKinds(program: Program): readonly string[] {
  const row = program.rules.order.find(({ id }) => id === 'C22_customer_choice');
  return row === undefined ? ['customer_letter'] : (row.with as RuleParameters<'C22_customer_choice'>).letterKinds;
}

/** False also where there is no opportunity: then this tells nobody apart. At the very instant of its creation it stood already. */
function wasBeforeOpportunities(submittedAt: Instant, { opportunities }: EvidenceSnapshot): boolean {
  const created = opportunities
    .filter(({ isClosed, match, relation }) => !isClosed && match.band === 'exact' && relation === 'same')
    .map(({ createdAt }) => Date.parse(createdAt));
  return created.length > 0 && created.every((at) => Date.parse(submittedAt) < at);
}

/** By what had been bought when the claim was received. Of several purchases at one instant any one counts. */
function isIncumbent({ partnerId, productLines, submittedAt }: Contestant, { purchases }: EvidenceSnapshot): boolean {
  const relevant = purchases.filter(
    ({ match, productLine, boughtAt }) =>
      match.band === 'exact' &&
      (productLine === null || productLines.includes(productLine)) &&
      Date.parse(boughtAt) <= Date.parse(submittedAt),
  );
  const latest = Math.max(...relevant.map(({ boughtAt }) => Date.parse(boughtAt)));
  return relevant.some((purchase) => Date.parse(purchase.boughtAt) === latest && purchase.partnerId === partnerId);
}

const WORDS: Readonly<Record<PrecedenceFinding['by'], string>> = {
  first_valid_claim: 'the earlier receipt of a complete claim',
  opportunity_creator: 'it was received before the opportunity was created',
  incumbency: "its partner is the incumbent by the customer's latest purchase",
  customer_choice: 'a letter of the customer',
  substantial_work: 'more proofs of work',
  receipt: 'the receipt, since nothing else that the program declares tells them apart',
};

function name(first: PrecedenceFinding['first'], by: PrecedenceFinding['by'], claim: ClaimSnapshot, rival: RivalClaim): PrecedenceFinding {
  const [winner, loser] = first === 'claim' ? [claim, rival] : [rival, claim];
  return { first, by, message: `${winner.registrationId} precedes ${loser.registrationId} (${by}): ${WORDS[by]}.` };
}
