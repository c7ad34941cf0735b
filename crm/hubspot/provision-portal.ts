import { CrmFailure } from '../failures.ts';
import type { SessionShelf } from '../session-shelf.ts';
import { reachTo } from './access.ts';
import { slugOf } from './association-field.ts';
import { typesBetween } from './association-label.ts';
import { propertiesOf } from './known-properties.ts';
import { checkedConfig } from './checked-config.ts';
import { checkName } from './object-property.ts';
import { callUnlessPresent, makeUnlessPresent, type MutableReport, type ProvisionReport } from './make-unless-present.ts';
import { propertiesIn, type PortalDefinition } from './portal-definition.ts';
import { makePipeline, pipelineName } from './provision-pipeline.ts';
import { Session, type HubspotConfig } from './session.ts';

/** What the token lacks to make what the portal lacks. */
export interface LackingScopes {
  readonly object: string;
  readonly scopes: readonly string[];
}

/**
 * Makes what the portal lacks of `definition`, and leaves alone what it has: to do it again makes nothing, and goes on where it was broken off. What is there under the
 * same name and is something else is not changed; `checkMapping` tells of it.
 *
 * Throws a `CrmFailure`: CRM_PERMISSION_DENIED without the scopes for schemas, or in an account that may not have custom objects; CRM_REQUEST_INVALID for a refresh token
 * without a `shelf` to keep its successors on.
 */
export async function provisionPortal(config: HubspotConfig, definition: PortalDefinition, shelf?: SessionShelf): Promise<ProvisionReport> {
  const session = new Session(checkedConfig(config, { shelf }), { shelf });
  const { created, present } = await provisionWith(session, definition, false);
  return { created, present };
}

/**
 * Says what `provisionPortal` would make, and which scopes the token lacks for it; makes nothing. `lacking` is empty too where HubSpot does not tell the scopes of this
 * kind of token. Throws as `provisionPortal` does for what has the name of a pipeline of ours.
 */
export async function checkProvisioning(
  config: HubspotConfig,
  definition: PortalDefinition,
  shelf?: SessionShelf,
): Promise<ProvisionReport & { readonly lacking: readonly LackingScopes[] }> {
  const session = new Session(checkedConfig(config, { shelf }), { shelf });
  const { created, present, touched } = await provisionWith(session, definition, true);
  const lacking: LackingScopes[] = [];
  for (const object of touched) {
    const scopes = (await reachTo(session, object))?.missing ?? [];
    if (scopes.length > 0) lacking.push({ object, scopes });
  }
  return { created, present, lacking };
}

/** `touched`: the objects of which something is or would be made. */
async function provisionWith(
  session: Session,
  definition: PortalDefinition,
  isCheck: boolean,
): Promise<ProvisionReport & { readonly touched: ReadonlySet<string> }> {
  const report: MutableReport = { created: [], present: [], isCheck };
  const touched = new Set<string>();
  const during = async (objects: readonly string[], work: () => Promise<unknown>): Promise<void> => {
    const before = report.created.length;
    await work();
    if (report.created.length > before) for (const object of objects) touched.add(object);
  };
  const { customObject, properties, pipelines, associationLabels, group } = definition;
  let ofObject: PortalDefinition['properties'] = {};
  if (customObject !== null)
    await during([customObject.name], async () => (ofObject = await makeObject(session, report, customObject, group)));
  // Of an object that is only said to be made HubSpot knows nothing yet.
  const absent = isCheck && customObject !== null && touched.has(customObject.name) ? customObject.name : null;
  for (const [object, some] of Object.entries({ ...properties, ...ofObject }))
    await during([object], () => makeProperties(session, report, object, some, group));
  for (const [object, pipeline] of Object.entries(pipelines))
    await during([object], async () =>
      object === absent ? report.created.push(pipelineName(object, pipeline)) : makePipeline(session, report, object, pipeline),
    );
  for (const { from, to, ...label } of associationLabels) {
    const isThere = async (): Promise<boolean> =>
      from !== absent &&
      to !== absent &&
      (await typesBetween(session, from, to)).some((type) => type.label !== null && slugOf(type.label) === slugOf(label.label));
    await during([from, to], () =>
      makeUnlessPresent(session, report, `${from} → ${to}: ${label.label}`, isThere, {
        operation: 'create_label',
        isRepeatable: false,
        send: (client) => client.labels().createWithHttpInfo(checkName(from), checkName(to), label),
      }),
    );
  }
  return { ...report, touched };
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
  if (report.isCheck) {
    report.created.push(...missing.map(({ name }) => `${object}.${name}`));
    return;
  }
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
