import type { Program } from '../../program/definition/program.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';

/** Who may link registrations to opportunities: the ladder, the partner's manager, and whoever owns what it is about (an opportunity, or the customer's account). */
export async function refusalOfLinking(
  trx: Transaction,
  program: Program,
  partnerId: string,
  owners: readonly (string | null)[],
  actor: string,
): Promise<Refusal | null> {
  const ladder = membersOfLadder(program);
  const [partner] = await readPartners(trx, [partnerId]);
  const manager = partner?.manager ?? program.governance.defaultManager;
  const may = [...new Set([...ladder, manager, ...owners.filter((owner) => owner !== null)])];
  return may.includes(actor)
    ? null
    : refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not link this registration to an opportunity; that is for: ${may.join(', ')}.`);
}

/** Who may take the primary from another registration: the ladder alone, since the owner of the deal has a stake in who is credited with it. */
export function refusalOfDisplacing(program: Program, opportunity: string, other: string, actor: string): Refusal | null {
  const may = membersOfLadder(program);
  if (may.includes(actor)) return null;
  return refuse(
    'ACTOR_MAY_NOT_DECIDE',
    `Registration ${other} is the primary of opportunity ${opportunity}, and ${actor} may not take that from it; that is for: ${may.join(', ')}.`,
  );
}

function membersOfLadder({ governance: { ladder, roles } }: Program): readonly string[] {
  return [...new Set(ladder.flatMap((rung) => roles.find(({ id }) => id === rung.role)?.members ?? []))];
}
