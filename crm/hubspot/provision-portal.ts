import { CrmFailure } from '../failures.ts';
import type { SessionShelf } from '../session-shelf.ts';
import { slugOf } from './association-field.ts';
import { typesBetween } from './association-label.ts';
import { propertiesOf } from './known-properties.ts';
import { checkedConfig } from './checked-config.ts';
import { checkName } from './object-property.ts';
import { callUnlessPresent, makeUnlessPresent, type MutableReport, type ProvisionReport } from './make-unless-present.ts';
import { propertiesIn, type PortalDefinition } from './portal-definition.ts';
import { makePipeline } from './provision-pipeline.ts';
import { Session, type HubspotConfig } from './session.ts';

/**
 * Makes what the portal lacks of `definition`, and leaves alone what it has: to do it again makes nothing, and goes on where it was broken off. What is there under the
 * same name and is something else is not changed; `checkMapping` tells of it.
 *
 * Throws a `CrmFailure`: CRM_PERMISSION_DENIED without the scopes for schemas, or in an account that may not have custom objects; CRM_REQUEST_INVALID for a refresh token
 * without a `shelf` to keep its successors on.
 */
export async function provisionPortal(config: HubspotConfig, definition: PortalDefinition, shelf?: SessionShelf): Promise<ProvisionReport> {
  const session = new Session(checkedConfig(config, { shelf }), { shelf });
  const report: MutableReport = { created: [], present: [] };
  const ofObject = definition.customObject === null ? {} : await makeObject(session, report, definition.customObject, definition.group);
  for (const [object, properties] of Object.entries({ ...definition.properties, ...ofObject })) {
    await makeProperties(session, report, object, properties, definition.group);
  }
  for (const [object, pipeline] of Object.entries(definition.pipelines)) await makePipeline(session, report, object, pipeline);
  for (const { from, to, ...label } of definition.associationLabels) {
    const isThere = async (): Promise<boolean> =>
      (await typesBetween(session, from, to)).some((type) => type.label !== null && slugOf(type.label) === slugOf(label.label));
    await makeUnlessPresent(session, report, `${from} → ${to}: ${label.label}`, isThere, {
      operation: 'create_label',
      isRepeatable: false,
      send: (client) => client.labels().createWithHttpInfo(checkName(from), checkName(to), label),
    });
  }
  return report;
}

/** Makes the object, with its properties; one that was there may lack properties that were shipped later: these are returned. */
async function makeObject(
  session: Session,
  report: MutableReport,
  schema: NonNullable<PortalDefinition['customObject']>,
  group: PortalDefinition['group'],
): Promise<PortalDefinition['properties']> {
  const { name } = schema;
  const isMade = await makeUnlessPresent(session, report, name, () => hasObject(session, name), {
    operation: 'create_schema',
    isRepeatable: false,
    send: (client) => client.schemas().createWithHttpInfo(schema),
  });
  return isMade ? {} : { [name]: propertiesIn(schema, group) };
}

async function hasObject(session: Session, name: string): Promise<boolean> {
  try {
    await propertiesOf(session, name);
    return true;
  } catch (error) {
    if (error instanceof CrmFailure && error.code === 'CRM_FIELD_UNKNOWN') return false;
    throw error;
  }
}

async function makeProperties(
  session: Session,
  report: MutableReport,
  object: string,
  properties: PortalDefinition['properties'][string],
  group: PortalDefinition['group'],
): Promise<void> {
  const { fields } = await propertiesOf(session, object);
  const missing = properties.filter(({ name }) => !fields.has(name));
  report.present.push(...properties.filter(({ name }) => fields.has(name)).map(({ name }) => `${object}.${name}`));
  if (missing.length === 0) return;
  await callUnlessPresent(session, {
    operation: 'create_group',
    isRepeatable: false,
    send: (client) => client.groups().createWithHttpInfo(checkName(object), { ...group, displayOrder: -1 }),
  });
  // One by one: a batch is refused whole for one that somebody makes meanwhile.
  for (const property of missing) {
    const isMade = await callUnlessPresent(session, {
      operation: 'create_property',
      isRepeatable: false,
      send: (client) => client.properties().createWithHttpInfo(checkName(object), property),
    });
    (isMade ? report.created : report.present).push(`${object}.${property.name}`);
  }
}
