/** The versions of HubSpot's API that stand side by side, and where each puts its resources. Source: HubSpot's migration guide, "Path mapping". */

/** `v3` stands for the numbered APIs, whose associations are v4 and whose token endpoint is v1. */
export const API_VERSIONS = ['v3', '2026-03', '2026-09'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** `/crm/objects/2026-03` and the like: dated versions stand behind the resource, numbered ones before it. */
export function crmPrefix(resource: 'objects' | 'properties' | 'pipelines' | 'owners', version: ApiVersion): string {
  return version === 'v3' ? `/crm/v3/${resource}` : `/crm/${resource}/${version}`;
}

export function schemaPrefix(version: ApiVersion): string {
  return version === 'v3' ? '/crm-object-schemas/v3/schemas' : `/crm-object-schemas/${version}/schemas`;
}

/** Of the account. The description of 2026-03 has it; that it stands under the same name in 2026-09 is taken from clients. */
export function accountPrefix(version: ApiVersion): string {
  return `/account-info/${version}`;
}

/** Where the associations of one record are written and read. */
export function recordAssociationPrefix(version: ApiVersion): string {
  return version === 'v3' ? '/crm/v4/objects' : `/crm/objects/${version}`;
}

/** Where associations are written in batches. */
export function associationPrefix(version: ApiVersion): string {
  return version === 'v3' ? '/crm/v4/associations' : `/crm/associations/${version}`;
}

/** Where their labels and limits are: the numbered API has them at two addresses. */
export function associationSchemaPrefixes(version: ApiVersion): readonly string[] {
  return version === 'v3' ? [associationPrefix(version), '/crm/associations/v4'] : [associationPrefix(version)];
}

/** Where webhooks are set up. Source: HubSpot's API descriptions of webhooks v3, 2026-03 and 2026-09; its migration guide has the last one's address for both dates. */
export function webhookPrefixes(version: ApiVersion): readonly string[] {
  if (version === 'v3') return ['/webhooks/v3'];
  return version === '2026-03' ? ['/webhooks/2026-03', '/app-webhooks/2026-03'] : [`/app-webhooks/${version}`];
}

/** `path` without its version, so that a fault can name a route in all of them. */
export function withoutVersion(path: string): string {
  return path.replace(/\/(v[1-4]|\d{4}-\d{2}(-beta)?)(?=\/|$)/, '') || '/';
}
