/** What the page shows of each object. Labels, types and what may be edited come from describe. */

const STATUSES = ['in_review', 'submitted', 'returned', 'approved', 'denied', 'withdrawn', 'lapsed', 'expired', 'won', 'lost', 'revoked'];

export const OBJECT_PAGES = {
  Deal_Registration__c: {
    tab: 'Deal Registrations',
    columns: ['Name', 'Customer_Name__c', 'Partner__c', 'Status__c', 'Estimated_Value__c', 'Review_Due__c', 'Protected_Until__c'],
    searched: ['Name', 'Customer_Name__c', 'Customer_Domain__c', 'Registration_Id__c', 'Partner__r.Name'],
    sort: { column: 'Submitted_At__c', descending: true },
    views: [
      { name: 'all', label: 'All registrations', where: null },
      { name: 'waiting', label: 'Waiting for my decision', where: "Approver__c = {user} AND Status__c = 'in_review'" },
      { name: 'conflict', label: 'With a conflict', where: 'Conflict_Summary__c != null' },
      ...STATUSES.map((status) => ({ name: status, label: `Status: ${status.replace('_', ' ')}`, where: `Status__c = '${status}'` })),
    ],
    highlights: ['Status__c', 'Protected_Until__c', 'Review_Step__c', 'Approver__c', 'Review_Due__c'],
    messages: [
      { field: 'Conflict_Summary__c', tone: 'warning' },
      { field: 'Decision_Reason__c', tone: 'plain' },
      { field: 'Sync_Note__c', tone: 'info' },
    ],
    sections: [
      { title: 'Customer', fields: ['Customer_Name__c', 'Customer_Domain__c', 'Customer__c', 'Opportunity__c'] },
      {
        title: 'Deal',
        fields: ['Product_Lines__c', 'Estimated_Value__c', 'Estimated_Currency__c', 'Expected_Close_Date__c', 'Description__c'],
      },
      { title: 'Registration', fields: ['Partner__c', 'Registration_Id__c', 'Submitted_At__c', 'Decided_At__c', 'OwnerId'] },
      { title: 'Command', fields: ['Requested_Decision__c', 'Decision_Comment__c'] },
    ],
    related: [
      { title: 'Opportunities of the customer', object: 'Opportunity', by: 'AccountId', from: 'Customer__c' },
      { title: 'Registrations for the customer', object: 'Deal_Registration__c', by: 'Customer__c', from: 'Customer__c' },
      { title: 'Tasks', object: 'Task', by: 'WhatId', from: 'Id' },
    ],
    history: { object: 'Deal_Registration__History', by: 'ParentId' },
    decisions: true,
  },
  Account: {
    tab: 'Accounts',
    columns: ['Name', 'Website', 'BillingCountry', 'Partner_Type__c', 'Partner_Tier__c', 'OwnerId'],
    searched: ['Name', 'Website', 'Partner_Id__c'],
    sort: { column: 'Name', descending: false },
    views: [
      { name: 'all', label: 'All accounts', where: null },
      { name: 'mine', label: 'My accounts', where: 'OwnerId = {user}' },
      { name: 'partners', label: 'Partners', where: 'Partner_Id__c != null' },
      { name: 'customers', label: 'Customers', where: 'Partner_Id__c = null' },
    ],
    highlights: ['OwnerId', 'Website', 'Phone', 'BillingCountry'],
    messages: [],
    sections: [
      { title: 'Account', fields: ['Name', 'ParentId', 'Website', 'Phone', 'Type', 'Industry'] },
      { title: 'Partner', fields: ['Partner_Id__c', 'Partner_Type__c', 'Partner_Track__c', 'Partner_Tier__c', 'Partner_Status__c'] },
      { title: 'Address', fields: ['BillingStreet', 'BillingCity', 'BillingState', 'BillingPostalCode', 'BillingCountry'] },
    ],
    related: [
      { title: 'Opportunities', object: 'Opportunity', by: 'AccountId', from: 'Id' },
      { title: 'Registrations for this customer', object: 'Deal_Registration__c', by: 'Customer__c', from: 'Id' },
      { title: 'Registrations by this partner', object: 'Deal_Registration__c', by: 'Partner__c', from: 'Id' },
      { title: 'Contacts', object: 'Contact', by: 'AccountId', from: 'Id' },
    ],
    history: { object: 'AccountHistory', by: 'AccountId' },
    decisions: false,
  },
  Opportunity: {
    tab: 'Opportunities',
    columns: ['Name', 'AccountId', 'StageName', 'Amount', 'CloseDate', 'LastActivityDate', 'OwnerId'],
    searched: ['Name', 'Account.Name'],
    sort: { column: 'CloseDate', descending: false },
    views: [
      { name: 'open', label: 'Open opportunities', where: 'IsClosed = false' },
      { name: 'mine', label: 'My open opportunities', where: 'IsClosed = false AND OwnerId = {user}' },
      { name: 'won', label: 'Won', where: 'IsWon = true' },
      { name: 'all', label: 'All opportunities', where: null },
    ],
    highlights: ['StageName', 'Amount', 'CloseDate', 'LastActivityDate', 'OwnerId'],
    messages: [],
    sections: [
      {
        title: 'Opportunity',
        fields: ['Name', 'AccountId', 'StageName', 'Amount', 'CloseDate', 'Probability', 'Type', 'NextStep', 'OwnerId'],
      },
      { title: 'More', fields: ['LeadSource', 'Description', 'LastActivityDate', 'IsClosed', 'IsWon'] },
    ],
    related: [
      { title: 'Deal registrations', object: 'Deal_Registration__c', by: 'Opportunity__c', from: 'Id' },
      { title: 'Tasks', object: 'Task', by: 'WhatId', from: 'Id' },
    ],
    history: { object: 'OpportunityFieldHistory', by: 'OpportunityId' },
    decisions: false,
  },
};

/** Columns of a related list, by object; the first one is the link. */
export const RELATED_COLUMNS = {
  Deal_Registration__c: ['Name', 'Customer_Name__c', 'Partner__c', 'Product_Lines__c', 'Status__c', 'Protected_Until__c'],
  Opportunity: ['Name', 'StageName', 'Amount', 'CloseDate', 'OwnerId'],
  Contact: ['Name', 'Email', 'Phone', 'Title'],
  Task: ['Subject', 'Status', 'ActivityDate', 'OwnerId'],
};
