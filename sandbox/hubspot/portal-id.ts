/** The hub id of the sandbox. */
export const PORTAL_ID = 424_242;
/** What an app's own writes carry as their source. */
export const APP_ID = 900_100;
