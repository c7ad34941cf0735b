import { bareStep } from '../../program/approval/planned-stage.ts';
import type { Program } from '../../program/definition/program.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { findContestedLines } from '../../store/contested-line.ts';
import type { Transaction } from '../../store/database.ts';
import { lockRegistration, type Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { openCase } from './open-case.ts';
import { recordTransition } from './transition.ts';

const RULE = 'C02_active_protection';

/**
 * Opens a case for every line that two protections hold because their customers turned out to be one. Both stay until people have decided; the one that was received
 * last is the claimant, since the earlier one held its position before.
 */
export async function openContestedCases(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  customerId: string,
  at: Instant,
): Promise<void> {
  for (const { productLine, registrationIds } of await findContestedLines(trx, customerId, RULE, at)) {
    const holders: Registration[] = [];
    for (const id of registrationIds) {
      const holder = await lockRegistration(trx, id);
      if (holder !== null) holders.push(holder);
    }
    const claimant = holders.at(-1);
    // It is contested in another case already; this one is opened once that is settled.
    if (claimant === undefined || claimant.state.caseId !== null) continue;
    const rivals = holders.slice(0, -1);
    const held = holders.map(({ registrationId, partnerId }) => `${registrationId} of partner ${partnerId}`).join(', ');
    const conflict = {
      rule: RULE,
      summary: `Customers turned out to be one, and ${productLine} is protected more than once: ${held}.`,
      partnerSummary: 'It has to be settled by a person who is protected: what seemed to be several customers is one.',
      rivalIds: rivals.map(({ registrationId }) => registrationId),
      opportunity: null,
      evidence: holders.map(({ registrationId, partnerId, sequence }) => ({
        kind: 'rival',
        summary: `registration ${registrationId} of partner ${partnerId}, received as number ${sequence}, protected on ${productLine}`,
      })),
    };
    const steps = [bareStep(deciderOf(program))];
    // The case is about this line, whatever else both asked for.
    const about = { ...claimant, productLines: [productLine] };
    const { id } = await openCase(trx, deps, program, about, rivals, conflict, steps, at);
    await recordTransition(
      trx,
      deps,
      claimant,
      { ...claimant.state, caseId: id },
      { kind: 'contested', actor: 'program', at, byOwner: false },
    );
  }
}

/** Whoever decides of a probable conflict with a protection; where the program asks nobody, the first rung of the ladder. */
function deciderOf({ rules, governance }: Program): string {
  const outcome = rules.order.find(({ id }) => id === RULE)?.on['probable'];
  return outcome?.outcome === 'review' ? outcome.decider : (governance.ladder[0]?.role ?? '');
}
