// What opens only when asked for is fetched only then.
const late = (path, name) => async (...given) => (await import(path))[name](...given);

export const openApp = late("./miniapp.js", "openApp");
export const pay = late("./trade.js", "pay");
export const openGroup = late("./members.js", "openGroup");
export const joinSheet = late("./members.js", "joinSheet");
export const offerFiles = late("./sending.js", "offerFiles");
export const offerSample = late("./sending.js", "offerSample");
