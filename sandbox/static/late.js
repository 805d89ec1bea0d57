// What opens only when asked for is fetched only then.
const late = (path, name) => async (...given) => (await import(path))[name](...given);

export const openApp = late("/static/miniapp.js", "openApp");
export const pay = late("/static/trade.js", "pay");
export const openGroup = late("/static/members.js", "openGroup");
export const joinSheet = late("/static/members.js", "joinSheet");
export const offerFiles = late("/static/sending.js", "offerFiles");
export const offerSample = late("/static/sending.js", "offerSample");
