/** Which properties a page shows and asks for. */

const PIPELINES = ['pipeline', 'hs_pipeline'];

/** What people may write: HubSpot's own stamps and counts are not theirs, and a stage names its pipeline. */
export function editableNames(type) {
  return type.properties
    .filter((property) => !property.modificationMetadata.readOnlyValue && !isImplied(type, property))
    .map(({ name }) => name);
}

export function readOnlyNames(type) {
  return type.properties.filter((property) => property.modificationMetadata.readOnlyValue).map(({ name }) => name);
}

/** The pipeline that goes with a stage which was chosen; nothing where no stage was. */
export function impliedBy(type, changes) {
  for (const [name, value] of Object.entries(changes)) {
    const choice = type.byName.get(name)?.choices.find((each) => each.value === value);
    const pipeline = PIPELINES.find((each) => type.byName.has(each));
    if (choice?.pipeline !== undefined && pipeline !== undefined) return { [pipeline]: choice.pipeline };
  }
  return {};
}

function isImplied(type, property) {
  if (PIPELINES.includes(property.name)) return true;
  return property.name === 'hs_pipeline_stage' && type.pipelines.length === 0;
}
