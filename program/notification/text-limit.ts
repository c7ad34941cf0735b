/** How much free text one message carries. It bounds every channel: ten texts of a thousand characters are 40 KB at the most, whatever the script. */
export const MOST_TEXT_CHARACTERS = 1_000;
export const MOST_TEXTS = 10;
/** Of a name in a subject line. */
export const MOST_NAME_CHARACTERS = 80;
