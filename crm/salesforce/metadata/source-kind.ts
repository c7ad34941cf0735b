/** The kinds of metadata that the shipped project may hold: where their files go in a package, and what they are called there. */
export interface SourceKind {
  readonly type: string;
  readonly folder: string;
  readonly suffix: string;
}

export const OBJECT_SUFFIX = 'object';

/** https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_types_list.htm */
export const SOURCE_KINDS: readonly SourceKind[] = [
  { type: 'CustomApplication', folder: 'applications', suffix: 'app' },
  { type: 'CustomTab', folder: 'tabs', suffix: 'tab' },
  { type: 'FlexiPage', folder: 'flexipages', suffix: 'flexipage' },
  { type: 'Layout', folder: 'layouts', suffix: 'layout' },
  { type: 'PathAssistant', folder: 'pathAssistants', suffix: 'pathAssistant' },
  { type: 'PermissionSet', folder: 'permissionsets', suffix: 'permissionset' },
  { type: 'PlatformEventChannel', folder: 'platformEventChannels', suffix: 'platformEventChannel' },
  { type: 'PlatformEventChannelMember', folder: 'platformEventChannelMembers', suffix: 'platformEventChannelMember' },
  { type: 'Queue', folder: 'queues', suffix: 'queue' },
  { type: 'QuickAction', folder: 'quickActions', suffix: 'quickAction' },
  { type: 'Report', folder: 'reports', suffix: 'report' },
  { type: 'ReportType', folder: 'reportTypes', suffix: 'reportType' },
  { type: 'Settings', folder: 'settings', suffix: 'settings' },
];

/** What source format keeps in files of its own and a package in the file of its object, by the name of its element there. */
export const OBJECT_PARTS: readonly (SourceKind & { readonly element: string })[] = [
  { type: 'CustomField', folder: 'fields', suffix: 'field', element: 'fields' },
  { type: 'CompactLayout', folder: 'compactLayouts', suffix: 'compactLayout', element: 'compactLayouts' },
  { type: 'ListView', folder: 'listViews', suffix: 'listView', element: 'listViews' },
  { type: 'RecordType', folder: 'recordTypes', suffix: 'recordType', element: 'recordTypes' },
  { type: 'ValidationRule', folder: 'validationRules', suffix: 'validationRule', element: 'validationRules' },
];

/** A folder of reports is described by a file of its own, and named among the reports. */
export const REPORT_FOLDER_SUFFIX = 'reportFolder';
