import { callApi } from './call.ts';
import { checkName, readProperties, type ObjectProperties } from './object-property.ts';
import { remembered } from './remembered.ts';
import type { Session } from './session.ts';

/** The properties of `object` as they were last seen: one call per object and process, unless it failed. */
export function propertiesOf(session: Session, object: string): Promise<ObjectProperties> {
  return remembered(session.properties, object, async () => {
    const answer = await callApi(session, {
      operation: 'describe',
      isRepeatable: true,
      send: (client) => client.properties().getAllWithHttpInfo(checkName(object), false),
    });
    return readProperties(object, answer.body);
  });
}
