import { asList, asObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import { slugOf, type AssociationField } from './association-field.ts';
import { readType, type AssociationType } from './association-type.ts';
import { callApi } from './call.ts';
import { checkName } from './object-property.ts';
import { remembered } from './remembered.ts';
import type { Session } from './session.ts';

/** The kinds of associations from one object to another, as they were last seen; empty where there are none. */
export function typesBetween(session: Session, from: string, to: string): Promise<readonly AssociationType[]> {
  return remembered(session.associationTypes, `${from} ${to}`, async () => {
    const answer = await callApi(session, {
      operation: 'association_labels',
      isRepeatable: true,
      send: (client) => client.labels().getAllWithHttpInfo(checkName(from), checkName(to)),
    });
    return asList(asObject(answer.body, 'association labels')['results'], 'association labels').flatMap((type) => readType(type) ?? []);
  });
}

/** The type of the field's label, by which it is told from then on, since labels are renamed; null for any association. */
export async function typeOfField(session: Session, from: string, field: AssociationField): Promise<AssociationType | null> {
  if (field.label === null) return null;
  const type = (await typesBetween(session, from, field.toObject)).find(({ label }) => label !== null && slugOf(label) === field.label);
  if (type !== undefined) return type;
  // Somebody may make the label now, as the message asks for.
  session.associationTypes.delete(`${from} ${field.toObject}`);
  throw new CrmFailure('CRM_FIELD_UNKNOWN', `${from} has no association label "${field.label}" to ${field.toObject}`);
}
