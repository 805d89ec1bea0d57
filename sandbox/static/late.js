// What opens only when asked for is fetched only then.
const late = (path, name) => async (...given) => (await import(path))[name](...given);

// A t.me link is followed inside the sandbox; false where it leads elsewhere.
export async function followLink(address) {
  const { follow, leadsHere } = await import("./links.js");
  const url = new URL(address);
  if (!leadsHere(url)) return false;
  await follow(url);
  return true;
}

export const openApp = late("./miniapp.js", "openApp");
export const pay = late("./trade.js", "pay");
export const openGroup = late("./members.js", "openGroup");
export const joinSheet = late("./members.js", "joinSheet");
export const offerFiles = late("./sending.js", "offerFiles");
export const offerSample = late("./sending.js", "offerSample");
