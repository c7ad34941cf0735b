import type { Connection } from '../decision/dependencies.ts';

const known = new WeakMap<object, Promise<readonly string[]>>();

/** The opportunity's stages in the CRM's own order, read once per connection: a worker starts anew when the sales process changes. */
export function stageNamesOf({ port, mapping }: Connection): Promise<readonly string[]> {
  const cached = known.get(port);
  if (cached !== undefined) return cached;
  const field = mapping.opportunity.fields.find((candidate) => candidate.ours === 'stageName')?.theirs;
  const read = port
    .describe(mapping.opportunity.object)
    .then((definition) => definition.fields.find((candidate) => candidate.name === field)?.values ?? []);
  known.set(port, read);
  read.catch(() => known.delete(port));
  return read;
}
