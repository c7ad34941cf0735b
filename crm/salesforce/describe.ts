import type { RemoteObjectDefinition } from '../port.ts';
import { callApi } from './call.ts';
import { readDefinition, type ObjectDefinition } from './object-definition.ts';
import type { Session } from './session.ts';
import { checkName } from './soql-literal.ts';

/** The definition of `object` as the org has it now, or as it was last seen, and as the integration user may see it; CRM_FIELD_UNKNOWN where there is none. */
export async function describe(session: Session, object: string, when: 'now' | 'last seen' = 'now'): Promise<RemoteObjectDefinition> {
  if (when === 'now') session.definitions.delete(object);
  return (await definitionOf(session, object)).remote;
}

/** The definition as it was last seen: one describe per object and process, unless it failed. */
export function definitionOf(session: Session, object: string): Promise<ObjectDefinition> {
  const seen = session.definitions.get(object);
  if (seen !== undefined) return seen;
  const asked = askForDefinition(session, object);
  session.definitions.set(object, asked);
  asked.catch(() => {
    if (session.definitions.get(object) === asked) session.definitions.delete(object);
  });
  return asked;
}

async function askForDefinition(session: Session, object: string): Promise<ObjectDefinition> {
  const answer = await callApi(session, { operation: 'describe', method: 'GET', path: `/sobjects/${checkName(object)}/describe` });
  return readDefinition(answer.body);
}
