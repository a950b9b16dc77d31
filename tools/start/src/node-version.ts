/** Oldest Node.js that the house runs on. */
export const OLDEST_NODE = '20.19.0';

/** Whether a version like `20.20.2` is not older than `20.19.0`. */
export function isNewEnough(version: string, oldest = OLDEST_NODE): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
