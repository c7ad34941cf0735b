/**
 * How the page shows the objects that the shipped project says nothing of, or not all: list views as an org has them from the start, sections of fields, and what
 * stands out on a record. Labels, types and what may be edited come from describe; what the project ships comes first.
 */

const view = (name, label, columns, filters = [], scope = 'Everything') => ({
  name,
  label,
  columns,
  scope,
  queue: null,
  logic: null,
  filters: filters.map(([field, operation, value]) => ({ field, operation, value })),
});
const section = (label, ...columns) => ({
  label,
  columns: columns.map((fields) => fields.map((field) => ({ field, behavior: 'Edit' }))),
});

const ACCOUNT_COLUMNS = ['Name', 'Website', 'BillingCountry', 'Partner_Type__c', 'Partner_Tier__c', 'OwnerId'];
const OPPORTUNITY_COLUMNS = ['Name', 'AccountId', 'StageName', 'Amount', 'CloseDate', 'LastActivityDate', 'OwnerId'];
const LEAD_COLUMNS = ['Name', 'Company', 'Status', 'Email', 'Phone', 'OwnerId'];
const TASK_COLUMNS = ['Subject', 'ActivityDate', 'Status', 'Priority', 'WhatId', 'OwnerId'];
const USER_COLUMNS = ['Name', 'Title', 'Alias', 'Email', 'ManagerId', 'IsActive'];

export const OBJECT_PAGES = {
  Deal_Registration__c: {
    searched: ['Name', 'Customer_Name__c', 'Customer_Domain__c', 'Registration_Id__c', 'Partner__r.Name', 'Customer__r.Name'],
    sorts: [
      { field: 'Review_Due__c', descending: false },
      { field: 'Protected_Until__c', descending: false, onlyIn: 'Protected' },
      { field: 'CreatedDate', descending: true },
    ],
    views: [],
    subtitle: 'Customer_Name__c',
    lookupDetail: ['Customer_Name__c', 'Status__c'],
    path: { field: 'Status__c', ends: ['denied', 'withdrawn', 'lapsed', 'expired', 'won', 'lost', 'revoked'] },
    highlights: ['Partner__c', 'Estimated_Value__c', 'Product_Lines__c', 'Protected_Until__c', 'Approver__c', 'Review_Due__c'],
    messages: [
      { field: 'Conflict_Summary__c', tone: 'warning' },
      { field: 'Decision_Reason__c', tone: 'plain' },
      { field: 'Sync_Note__c', tone: 'info' },
    ],
    /** What a button sets, and where the answer stands when it is empty again. */
    command: { field: 'Requested_Decision__c', answer: 'Sync_Note__c' },
    /** Not asked of who enters a record. */
    notAtCreation: ['Requested_Decision__c', 'Decision_Comment__c'],
    sections: [],
    related: [
      { title: 'Linked opportunity', object: 'Opportunity', field: 'Id', of: 'Opportunity__c', isOne: true },
      { title: 'Other registrations for this customer', object: 'Deal_Registration__c', field: 'Customer__c', of: 'Customer__c' },
      { title: 'Opportunities of the customer', object: 'Opportunity', field: 'AccountId', of: 'Customer__c' },
      { title: 'Tasks', object: 'Task', field: 'WhatId', of: 'Id', isOwn: true },
    ],
    relatedColumns: ['Name', 'Customer_Name__c', 'Partner__c', 'Status__c', 'Product_Lines__c', 'Protected_Until__c'],
    history: { object: 'Deal_Registration__History', by: 'ParentId' },
  },
  Account: {
    searched: ['Name', 'Website', 'Partner_Id__c'],
    sorts: [{ field: 'Name', descending: false }],
    views: [
      view('AllAccounts', 'All Accounts', ACCOUNT_COLUMNS),
      view('MyAccounts', 'My Accounts', ACCOUNT_COLUMNS, [], 'Mine'),
      view(
        'Partners',
        'Partners',
        ['Name', 'Partner_Id__c', 'Partner_Type__c', 'Partner_Track__c', 'Partner_Tier__c', 'Partner_Status__c'],
        [['Partner_Id__c', 'notEqual', '']],
      ),
      view('Customers', 'Customers', ACCOUNT_COLUMNS, [['Partner_Id__c', 'equals', '']]),
    ],
    subtitle: null,
    lookupDetail: ['Website', 'BillingCountry'],
    path: null,
    highlights: ['OwnerId', 'Website', 'Phone', 'BillingCountry', 'Partner_Tier__c', 'Partner_Status__c'],
    messages: [],
    command: null,
    notAtCreation: [],
    sections: [
      section('Account', ['Name', 'ParentId', 'OwnerId', 'Type'], ['Website', 'Phone', 'Industry', 'LastActivityDate']),
      section('Partner', ['Partner_Id__c', 'Partner_Status__c'], ['Partner_Type__c', 'Partner_Track__c', 'Partner_Tier__c']),
      section('Address', ['BillingStreet', 'BillingCity', 'BillingState'], ['BillingPostalCode', 'BillingCountry']),
    ],
    related: [
      { title: 'Opportunities', object: 'Opportunity', field: 'AccountId', of: 'Id', isOwn: true },
      { title: 'Contacts', object: 'Contact', field: 'AccountId', of: 'Id', isOwn: true },
      { title: 'Tasks', object: 'Task', field: 'WhatId', of: 'Id', isOwn: true },
      { title: 'Accounts below this one', object: 'Account', field: 'ParentId', of: 'Id' },
    ],
    relatedColumns: ['Name', 'Website', 'BillingCountry', 'OwnerId'],
    history: { object: 'AccountHistory', by: 'AccountId' },
  },
  Opportunity: {
    searched: ['Name', 'Account.Name'],
    sorts: [{ field: 'CloseDate', descending: false }],
    views: [
      view('OpenOpportunities', 'Open Opportunities', OPPORTUNITY_COLUMNS, [['IsClosed', 'equals', 'false']]),
      view('MyOpportunities', 'My Open Opportunities', OPPORTUNITY_COLUMNS, [['IsClosed', 'equals', 'false']], 'Mine'),
      view('ClosingThisMonth', 'Closing This Month', OPPORTUNITY_COLUMNS, [
        ['IsClosed', 'equals', 'false'],
        ['CloseDate', 'equals', 'THIS_MONTH'],
      ]),
      view('Won', 'Won', OPPORTUNITY_COLUMNS, [['IsWon', 'equals', 'true']]),
      view('AllOpportunities', 'All Opportunities', OPPORTUNITY_COLUMNS),
    ],
    subtitle: null,
    lookupDetail: ['AccountId', 'StageName'],
    path: { field: 'StageName', ends: ['Closed Won', 'Closed Lost'] },
    highlights: ['AccountId', 'Amount', 'CloseDate', 'LastActivityDate', 'OwnerId'],
    messages: [],
    command: null,
    notAtCreation: [],
    sections: [
      section('Opportunity', ['Name', 'AccountId', 'StageName', 'Amount'], ['OwnerId', 'CloseDate', 'Probability', 'Type']),
      section('More', ['NextStep', 'LeadSource', 'ContactId'], ['LastActivityDate', 'IsClosed', 'IsWon']),
      section('Description', ['Description']),
    ],
    related: [{ title: 'Tasks', object: 'Task', field: 'WhatId', of: 'Id', isOwn: true }],
    relatedColumns: ['Name', 'StageName', 'Amount', 'CloseDate', 'OwnerId'],
    history: { object: 'OpportunityFieldHistory', by: 'OpportunityId' },
  },
  Contact: {
    searched: ['Name', 'Email', 'Account.Name'],
    sorts: [{ field: 'Name', descending: false }],
    views: [
      view('AllContacts', 'All Contacts', ['Name', 'AccountId', 'Title', 'Email', 'Phone', 'OwnerId']),
      view('MyContacts', 'My Contacts', ['Name', 'AccountId', 'Title', 'Email', 'Phone'], [], 'Mine'),
    ],
    subtitle: null,
    lookupDetail: ['AccountId', 'Email'],
    path: null,
    highlights: ['AccountId', 'Title', 'Email', 'Phone', 'OwnerId'],
    messages: [],
    command: null,
    notAtCreation: [],
    sections: [
      section('Contact', ['FirstName', 'LastName', 'AccountId', 'Title'], ['OwnerId', 'Email', 'Phone', 'MobilePhone']),
      section('Address', ['MailingStreet', 'MailingCity', 'MailingState'], ['MailingPostalCode', 'MailingCountry']),
    ],
    related: [
      { title: 'Opportunities', object: 'Opportunity', field: 'ContactId', of: 'Id', isOwn: true },
      { title: 'Tasks', object: 'Task', field: 'WhoId', of: 'Id', isOwn: true },
    ],
    relatedColumns: ['Name', 'Title', 'Email', 'Phone'],
    history: { object: 'ContactHistory', by: 'ContactId' },
  },
  Lead: {
    searched: ['Name', 'Company', 'Email'],
    sorts: [{ field: 'CreatedDate', descending: true }],
    views: [
      view('OpenLeads', 'Open Leads', LEAD_COLUMNS, [['IsConverted', 'equals', 'false']]),
      view('MyLeads', 'My Leads', LEAD_COLUMNS, [], 'Mine'),
      view('AllLeads', 'All Leads', LEAD_COLUMNS),
    ],
    subtitle: 'Company',
    lookupDetail: ['Company', 'Email'],
    path: { field: 'Status', ends: ['Closed - Converted', 'Closed - Not Converted'] },
    highlights: ['Company', 'Title', 'Email', 'Phone', 'OwnerId'],
    messages: [],
    command: null,
    notAtCreation: [],
    sections: [
      section('Lead', ['FirstName', 'LastName', 'Company', 'Title'], ['OwnerId', 'Status', 'LeadSource', 'Rating']),
      section('Ways to reach', ['Email', 'Phone', 'Website'], ['Street', 'City', 'State', 'PostalCode', 'Country']),
      section('Description', ['Description']),
    ],
    related: [{ title: 'Tasks', object: 'Task', field: 'WhoId', of: 'Id', isOwn: true }],
    relatedColumns: ['Name', 'Company', 'Status', 'OwnerId'],
    history: { object: 'LeadHistory', by: 'LeadId' },
  },
  Task: {
    searched: ['Subject', 'What.Name'],
    sorts: [{ field: 'ActivityDate', descending: false }],
    views: [
      view('MyOpenTasks', 'My Open Tasks', TASK_COLUMNS, [['IsClosed', 'equals', 'false']], 'Mine'),
      view(
        'MyOverdueTasks',
        'My Overdue Tasks',
        TASK_COLUMNS,
        [
          ['IsClosed', 'equals', 'false'],
          ['ActivityDate', 'lessThan', 'TODAY'],
        ],
        'Mine',
      ),
      view('OpenTasks', 'Open Tasks', TASK_COLUMNS, [['IsClosed', 'equals', 'false']]),
      view('AllTasks', 'All Tasks', TASK_COLUMNS),
    ],
    subtitle: null,
    lookupDetail: ['Status'],
    path: null,
    highlights: ['Status', 'ActivityDate', 'Priority', 'WhatId', 'OwnerId'],
    messages: [],
    command: null,
    notAtCreation: [],
    sections: [
      section('Task', ['Subject', 'WhatId', 'WhoId'], ['OwnerId', 'ActivityDate', 'Status', 'Priority']),
      section('Comments', ['Description']),
    ],
    related: [],
    relatedColumns: ['Subject', 'Status', 'ActivityDate', 'OwnerId'],
    history: null,
  },
  User: {
    searched: ['Name', 'Alias', 'Email', 'Title'],
    sorts: [{ field: 'Name', descending: false }],
    views: [
      view('ActiveUsers', 'Active Users', USER_COLUMNS, [['IsActive', 'equals', 'true']]),
      view('AllUsers', 'All Users', USER_COLUMNS),
    ],
    isReadOnly: true,
    subtitle: 'Title',
    lookupDetail: ['Title'],
    path: null,
    highlights: ['Title', 'Alias', 'Email', 'ManagerId', 'IsActive'],
    messages: [],
    command: null,
    notAtCreation: [],
    sections: [section('User', ['Name', 'Title', 'ManagerId'], ['Username', 'Email', 'IsActive'])],
    related: [{ title: 'Reports to this user', object: 'User', field: 'ManagerId', of: 'Id' }],
    relatedColumns: ['Name', 'Title', 'IsActive'],
    history: null,
  },
};
