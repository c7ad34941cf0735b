/** The kinds of metadata that the org keeps. Source: Metadata API Developer Guide, "Metadata Types", and the answer of `describeMetadata`. */

export interface MetadataKind {
  readonly type: string;
  readonly folder: string;
  /** The ending of its files, without the dot. */
  readonly suffix: string;
  /** Its files lie in folders of their own, which are metadata too. */
  readonly inFolder: boolean;
  /** The first characters of its ids. */
  readonly keyPrefix: string;
}

function kind(type: string, folder: string, suffix: string, keyPrefix: string, inFolder = false): MetadataKind {
  return { type, folder, suffix, inFolder, keyPrefix };
}

export const OBJECT_KIND = kind('CustomObject', 'objects', 'object', '01I');

export const KINDS: readonly MetadataKind[] = [
  OBJECT_KIND,
  kind('ApprovalProcess', 'approvalProcesses', 'approvalProcess', '04a'),
  kind('CustomApplication', 'applications', 'app', '02u'),
  kind('CustomPermission', 'customPermissions', 'customPermission', '0CP'),
  kind('CustomTab', 'tabs', 'tab', '01r'),
  kind('Dashboard', 'dashboards', 'dashboard', '01Z', true),
  kind('DuplicateRule', 'duplicateRules', 'duplicateRule', '0Bm'),
  kind('FlexiPage', 'flexipages', 'flexipage', '0M0'),
  kind('GlobalValueSet', 'globalValueSets', 'globalValueSet', '0Nt'),
  kind('Group', 'groups', 'group', '00G'),
  kind('Layout', 'layouts', 'layout', '00h'),
  kind('MatchingRules', 'matchingRules', 'matchingRule', '0JD'),
  kind('PathAssistant', 'pathAssistants', 'pathAssistant', '0jT'),
  kind('PermissionSet', 'permissionsets', 'permissionset', '0PS'),
  kind('PermissionSetGroup', 'permissionsetgroups', 'permissionsetgroup', '0PG'),
  kind('PlatformEventChannel', 'platformEventChannels', 'platformEventChannel', '0YL'),
  kind('PlatformEventChannelMember', 'platformEventChannelMembers', 'platformEventChannelMember', '0v8'),
  kind('Queue', 'queues', 'queue', '00G'),
  kind('QuickAction', 'quickActions', 'quickAction', '09D'),
  kind('Report', 'reports', 'report', '00O', true),
  kind('ReportType', 'reportTypes', 'reportType', '070'),
  kind('Settings', 'settings', 'settings', '0ST'),
  kind('Workflow', 'workflows', 'workflow', '01Q'),
];

/** What stands inside an object's file and is metadata of its own, by the element's name. */
export interface ChildKind {
  readonly type: string;
  readonly element: string;
  /** In source format: the folder beside the object's file, and the ending of the files in it. */
  readonly folder: string;
  readonly suffix: string;
  readonly keyPrefix: string;
}

function child(type: string, element: string, suffix: string, keyPrefix: string): ChildKind {
  return { type, element, folder: element, suffix, keyPrefix };
}

export const CHILD_KINDS: readonly ChildKind[] = [
  child('CustomField', 'fields', 'field', '00N'),
  child('BusinessProcess', 'businessProcesses', 'businessProcess', '019'),
  child('CompactLayout', 'compactLayouts', 'compactLayout', '0AH'),
  child('FieldSet', 'fieldSets', 'fieldSet', '0IX'),
  child('ListView', 'listViews', 'listView', '00B'),
  child('RecordType', 'recordTypes', 'recordType', '012'),
  child('ValidationRule', 'validationRules', 'validationRule', '03d'),
  child('WebLink', 'webLinks', 'webLink', '00b'),
];

/** Folders of reports and dashboards: they belong to the kind that they hold. */
export function folderType(type: string): string {
  return `${type}Folder`;
}

/** The element of a component's file. Settings are named by what they set, such as `PathAssistantSettings`. */
export function rootOf(type: string, fullName: string): string {
  return type === 'Settings' ? `${fullName}Settings` : type;
}

export function isKnownType(type: string): boolean {
  return [...KINDS, ...CHILD_KINDS].some((each) => each.type === type);
}

export function keyPrefixOf(type: string): string {
  return [...KINDS, ...CHILD_KINDS].find((each) => each.type === type)?.keyPrefix ?? '00l';
}
