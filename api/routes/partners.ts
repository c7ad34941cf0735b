import type { FastifyInstance } from 'fastify';
import type { Transaction } from '../../store/database.ts';
import { recordAudit } from '../../store/audit.ts';
import { findPartner, insertPartner, lockPartner, updatePartner, type Partner, type PartnerFields } from '../../store/partner.ts';
import { reevaluateClaimsOf } from '../../store/partner-claim.ts';
import { queuePush } from '../../store/push-queue.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { presentPartner } from '../presenters/partner.ts';
import { invalid, problem } from '../problem.ts';
import { notFound } from '../record-id.ts';
import { addRoute, ok } from '../route.ts';
import { createPartnerBody, partnerAnswer } from '../schemas/partner.ts';
import { fieldProblemsOf } from '../field-problem.ts';
import { externalId, isStorable } from '../schemas/text.ts';

export function addPartnerRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'PUT',
    url: '/partners/:externalId',
    tag: 'partners',
    summary: 'Creates a partner, or changes the one with this external id to exactly these values',
    body: createPartnerBody(() => deps.programs.current()),
    answer: partnerAnswer,
    handle: async ({ params, body }) => {
      const id = externalId.safeParse(params['externalId']);
      if (!id.success) return invalid(fieldProblemsOf(id.error.issues).map(({ message }) => ({ path: ['externalId'], message })));
      const partner = await deps.db.transaction().execute((trx) => savePartner(trx, deps, id.data, body));
      return partner === null
        ? problem('content-differs', 'This external id is the id that another partner has here; choose another one.')
        : ok(presentPartner(partner));
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/partners/:id',
    tag: 'partners',
    summary: 'A partner, by our id or by its external id',
    answer: partnerAnswer,
    handle: async ({ params }) => {
      const id = params['id'] ?? '';
      const partner = isStorable(id) ? await findPartner(deps.db, id) : null;
      return partner === null ? notFound('partner', id) : ok(presentPartner(partner));
    },
  });
}

/** Null when the external id is our id of another partner, which would then be found in its place. */
async function savePartner(trx: Transaction, deps: ApiDependencies, id: string, fields: PartnerFields): Promise<Partner | null> {
  const now = deps.now();
  const inserted = await insertPartner(trx, deps.newId(), id, fields, now);
  const found = await findPartner(trx, id);
  if (found === null || found.externalId !== id) return null;
  const { partnerId } = found;
  const before = await lockPartner(trx, partnerId);
  const changed = inserted === 'inserted' || before === null ? Object.keys(fields) : await updatePartner(trx, before, fields, now);
  if (changed.length > 0) {
    await queuePush(trx, deps.connections, 'partner', [partnerId]);
    await reevaluateClaimsOf(trx, partnerId, changed);
    const kind = inserted === 'inserted' ? 'created' : 'changed';
    await recordAudit(trx, { subject: `partner/${partnerId}`, kind, actor: 'api', details: { fields: changed }, at: now });
  }
  return lockPartner(trx, partnerId);
}
