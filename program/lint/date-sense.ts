import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

type Account = Program['accounts'][number];

/** L211, L212: freezes and listed accounts that hold at the same time. */
export function lintDates({ accounts, freezes }: Program): readonly LintFinding[] {
  const overlapping = freezes.flatMap((freeze, at) => {
    const other = freezes.slice(0, at).find((earlier) => begins(freeze) < ends(earlier) && begins(earlier) < ends(freeze));
    return other === undefined
      ? []
      : [finding('L211', ['freezes', at], `${freeze.from} to ${freeze.until} and ${other.from} to ${other.until}`)];
  });
  const doubled = accounts.flatMap((account, at) => {
    const other = accounts
      .slice(0, at)
      .find((earlier) => isSameCustomer(account, earlier) && account.kind !== earlier.kind && areTogether(account, earlier));
    return other === undefined
      ? []
      : [
          finding(
            'L212',
            ['accounts', at],
            `${account.name} is ${account.kind} from ${account.from}, and ${other.name} is ${other.kind} then`,
          ),
        ];
  });
  return [...overlapping, ...doubled];
}

const begins = ({ from, time }: Program['freezes'][number]): string => `${from} ${time}`;
const ends = ({ until, time }: Program['freezes'][number]): string => `${until} ${time}`;

/** The same by what identifies a company alone. Names are left to people. */
function isSameCustomer(left: Account, right: Account): boolean {
  return (
    left.domains.some((domain) => right.domains.includes(domain)) ||
    (left.companyNumber !== undefined && left.companyNumber === right.companyNumber && left.country === right.country)
  );
}

/** `until` is excluded; null goes on. */
function areTogether(left: Account, right: Account): boolean {
  return (right.until === null || left.from < right.until) && (left.until === null || right.from < left.until);
}
