// Words kept in this browser, for as long as the server does not have them.

const DAYS = 30;
const PREFIX = "masthead:words:";

export class Device {
  constructor(key) {
    this.key = key;
    this.isFull = false;
    this.forgetOld();
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  /** Whether they could be kept. */
  write(kept) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...kept, at: new Date().toISOString() }));
      this.isFull = false;
    } catch {
      this.isFull = true;
    }
    return !this.isFull;
  }

  clear() {
    try {
      localStorage.removeItem(this.key);
    } catch { /* what cannot be reached cannot be kept either */ }
  }

  forgetOld() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(PREFIX) || key === this.key) continue;
        const at = Date.parse(JSON.parse(localStorage.getItem(key))?.at);
        if (!(Date.now() - at < DAYS * 86_400_000)) localStorage.removeItem(key);
      }
    } catch { /* likewise */ }
  }
}
