import type { Program } from '../definition/program.ts';
import { RULE_CATALOGUE } from '../rules/catalogue.ts';
import { STRICTNESS } from '../strictness.ts';
import { tabulate, UNLIMITED } from './claim-table.ts';
import { findGaps } from './coverage.ts';
import { finding, type LintFinding } from './finding.ts';

type Row = Program['rules']['order'][number];
type Outcome = Row['on'][string]['outcome'];

/** L115–L118, L123, L129, L130: what the order of the rules and of the precedence hides, and which rules are missing altogether or for some claims. */
export function lintRuleOrder(program: Program): readonly LintFinding[] {
  return [
    ...findHidden(program),
    ...findLateTies(program),
    ...findRashApprovals(program),
    ...findIdleWaitlists(program),
    ...findMissing(program),
    ...findUnseen(program),
    ...findDeadPrecedence(program),
  ];
}

/** A customer's letter is about a standing claim of another partner: that is what C02 and C03 see as well. */
const ALWAYS_SEEN_WITH: Partial<Record<Row['id'], readonly Row['id'][]>> = {
  C22_customer_choice: ['C02_active_protection', 'C03_competing_pending'],
};

function findHidden({ rules }: Program): readonly LintFinding[] {
  return rules.order.flatMap((row, at) => {
    const others = ALWAYS_SEEN_WITH[row.id] ?? [];
    const isHiddenBy = (other: Row, otherAt: number): boolean => {
      const theirs = other.on['exact']?.outcome ?? 'note';
      if (other.when !== undefined || theirs === 'note') return false;
      return rules.hitPolicy === 'first' ? otherAt < at : Object.values(row.on).every(({ outcome }) => isStricter(theirs, outcome));
    };
    const hiding = others.filter((id) => rules.order.some((other, otherAt) => other.id === id && isHiddenBy(other, otherAt)));
    return others.length > 0 && hiding.length === others.length
      ? [
          finding(
            'L115',
            ['rules', 'order', at],
            `${row.id}: where the match is certain, ${others.join(' or ')} decides before it is heard`,
          ),
        ]
      : [];
  });
}

/** Of two claims that came together the later one sees an earlier claim as well (C03). */
function findLateTies({ rules }: Program): readonly LintFinding[] {
  const competingAt = rules.order.findIndex(({ id, when }) => id === 'C03_competing_pending' && when === undefined);
  const waits = rules.order[competingAt]?.on['exact']?.outcome;
  if (waits === undefined || waits === 'note') return [];
  return rules.order.flatMap((row, at) => {
    const tie = row.on['tie']?.outcome;
    if (row.id !== 'C04_near_simultaneous' || tie === undefined || tie === 'note') return [];
    const isLate = rules.hitPolicy === 'first' ? competingAt < at : isStricter(waits, tie);
    return isLate
      ? [finding('L123', ['rules', 'order', at], `C03_competing_pending (${waits}) decides before the tie is seen (${tie})`)]
      : [];
  });
}

function isStricter(left: Outcome, right: Outcome): boolean {
  return left !== 'note' && (right === 'note' || STRICTNESS.indexOf(left) < STRICTNESS.indexOf(right));
}

/** Under `first`, what stands after an approval is not asked. */
function findRashApprovals({ rules }: Program): readonly LintFinding[] {
  if (rules.hitPolicy !== 'first') return [];
  return rules.order.flatMap((row, at) => {
    const denying = [
      ...new Set(
        rules.order
          .slice(at + 1)
          .filter(denies)
          .map(({ id }) => id),
      ),
    ];
    const approvals = Object.entries(row.on).filter(([, { outcome }]) => outcome === 'approve');
    return denying.length === 0
      ? []
      : approvals.map(([situation]) =>
          finding('L116', ['rules', 'order', at, 'on', situation], `${row.id} approves without asking ${denying.join(', ')}`),
        );
  });
}

function denies(row: Row): boolean {
  return Object.values(row.on).some(({ outcome }) => outcome === 'deny');
}

function findIdleWaitlists({ rules }: Program): readonly LintFinding[] {
  return rules.order.flatMap((row, at) =>
    RULE_CATALOGUE[row.id].hasRivals
      ? []
      : Object.entries(row.on).flatMap(([situation, outcome]) =>
          'waitlist' in outcome && outcome.waitlist
            ? [
                finding(
                  'L117',
                  ['rules', 'order', at, 'on', situation, 'waitlist'],
                  `${row.id} finds no other claim that one could wait for`,
                ),
              ]
            : [],
        ),
  );
}

/** The rules by which claims see each other. */
const LOOKING_AT_OTHERS = ['C01_duplicate_same_partner', 'C02_active_protection', 'C03_competing_pending'] as const;

function findMissing({ rules }: Program): readonly LintFinding[] {
  const missing = LOOKING_AT_OTHERS.filter((id) => !rules.order.some((row) => row.id === id));
  return missing.length === 0 ? [] : [finding('L118', ['rules', 'order'], `missing: ${missing.join(', ')}`)];
}

/** Claims of which none of the rows of a rule takes notice. Where there are too many combinations, L119 has said so of the rows. */
function findUnseen(program: Program): readonly LintFinding[] {
  return LOOKING_AT_OTHERS.flatMap((id) => {
    const rows = program.rules.order.filter((row) => row.id === id);
    if (rows.length === 0 || rows.some(({ when }) => when === undefined)) return [];
    const table = tabulate(
      program,
      rows.map(({ when }) => when ?? {}),
      UNLIMITED,
    );
    const path = ['rules', 'order', program.rules.order.findIndex((row) => row.id === id)];
    return table === null ? [] : findGaps(table).map((where) => finding('L130', path, `no row of ${id} holds for: ${where}`));
  });
}

/** The receipt tells any two claims apart, unless receipts that lie near each other count as one. */
function findDeadPrecedence({ precedence, rules }: Program): readonly LintFinding[] {
  const receiptAt = precedence.indexOf('first_valid_claim');
  const dead = receiptAt === -1 ? [] : precedence.slice(receiptAt + 1);
  return dead.length === 0 || rules.order.some(({ id }) => id === 'C04_near_simultaneous')
    ? []
    : [finding('L129', ['precedence', receiptAt + 1], `never asked after first_valid_claim: ${dead.join(', ')}`)];
}
